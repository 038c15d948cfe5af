package popol.bench;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import popol.Popol;

/**
 * The program behind {@code bench/startup}: the time of a whole process that opens a registry or a selector, registers
 * a pipe that is ready, waits once and exits; beside them one that links a function alone. The ways to start it are
 * measured in turns.
 */
public final class StartupBench {

  /** A way to start a program. */
  private enum Way {
    FLAGS("startup"), // class path, flags on the command line
    JAR("startup jar"), // an executable JAR, whose manifest has the flags
    MODULES("startup modules"); // module path, flags on the command line

    final String what;

    Way(String what) {
      this.what = what;
    }
  }

  private static final List<String> NAMES = List.of("popol", "selector", "linker");
  private static final String CACHE = " aot"; // after what is started with an AOT cache

  private final Path sources;
  private final Path target;
  private final List<Path> popol; // the API, the engine, and the implementation for this system
  private final List<String> whats = new ArrayList<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>(); // by what and name
  private final Map<String, double[]> times = new HashMap<>(); // milliseconds, by the same

  private StartupBench(Path sources, Path target) throws IOException {
    this.sources = sources;
    this.target = Files.createDirectories(target);
    Class<?> provider = Popol.provider().getClass();
    this.popol = List.of(origin(Popol.class), origin(provider.getSuperclass()), origin(provider));
  }

  /**
   * Prints the rows, then the ratios.
   *
   * @param arguments the folder of the programs' sources, one for what is built of them, how many rounds, and what to
   *     measure; all if that is not said
   * @throws IOException if a program cannot be built or fails
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    StartupBench bench = new StartupBench(Path.of(arguments[0]), Path.of(arguments[1]).toAbsolutePath());
    List<String> wanted = List.of(arguments).subList(3, arguments.length);
    for (String name : NAMES) {
      bench.build(name);
    }
    for (String cache : List.of("", CACHE)) {
      for (Way way : Way.values()) {
        if (wanted.isEmpty() || wanted.contains(way.what + cache)) {
          bench.prepare(way, !cache.isEmpty());
        }
      }
    }
    bench.measure(Integer.parseInt(arguments[2]));
    bench.print(new Rows(System.out));
  }

  private static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compiles and packs a program. */
  private void build(String name) throws IOException {
    Path source = sources.resolve(name);
    Path classes = target.resolve(name);
    tool("javac", "-d", classes.toString(), "-p", join(popol),
        source.resolve("module-info.java").toString(),
        source.resolve("startup/" + name + "/Main.java").toString());
    Path manifest = target.resolve(name + ".manifest");
    List<String> lines = new ArrayList<>();
    if (!name.equals("selector")) {
      lines.add("Enable-Native-Access: ALL-UNNAMED");
    }
    if (name.equals("popol")) {
      lines.add("Add-Exports: java.base/sun.nio.ch");
      // A line of a manifest has 72 bytes at most, and the paths are long: so they are copied.
      List<String> copies = new ArrayList<>();
      for (Path path : popol) {
        String copy = "lib" + copies.size() + ".jar";
        copies.add(copy);
        Files.copy(path, target.resolve(copy), StandardCopyOption.REPLACE_EXISTING);
      }
      lines.add("Class-Path: " + String.join(" ", copies));
    }
    Files.write(manifest, lines);
    tool("jar", "--create", "--file", jar(name).toString(), "--manifest", manifest.toString(),
        "--main-class", main(name), "-C", classes.toString(), ".");
  }

  private static void tool(String name, String... arguments) throws IOException {
    ToolProvider tool = ToolProvider.findFirst(name).orElseThrow(() -> new IOException("this is no JDK: no " + name));
    if (tool.run(System.err, System.err, arguments) != 0) {
      throw new IOException(name + " " + String.join(" ", arguments) + " failed");
    }
  }

  private Path jar(String name) {
    return target.resolve(name + ".jar");
  }

  private static String main(String name) {
    return "startup." + name + ".Main";
  }

  /** Makes the commands of both programs; trains an AOT cache by one run if that is wanted. */
  private void prepare(Way way, boolean cached) throws IOException, InterruptedException {
    String what = way.what + (cached ? CACHE : "");
    whats.add(what);
    for (String name : NAMES) {
      List<String> start = start(way, name);
      if (cached) {
        Path cache = target.resolve(way + "-" + name + ".aot");
        run(java(List.of("-XX:AOTCacheOutput=" + cache), start));
        commands.put(key(what, name), java(List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"), start));
      } else {
        commands.put(key(what, name), java(List.of(), start));
      }
    }
  }

  /** What stands after {@code java}. */
  private List<String> start(Way way, String name) {
    List<Path> path = new ArrayList<>(List.of(jar(name)));
    List<String> arguments = new ArrayList<>();
    if (name.equals("popol") && way != Way.JAR) {
      path.addAll(popol);
      arguments.add("--enable-native-access=" + (way == Way.MODULES ? "popol.engine" : "ALL-UNNAMED"));
      arguments.add("--add-exports=java.base/sun.nio.ch=" + (way == Way.MODULES ? "popol.engine" : "ALL-UNNAMED"));
    }
    if (name.equals("linker") && way != Way.JAR) {
      arguments.add("--enable-native-access=" + (way == Way.MODULES ? "startup.linker" : "ALL-UNNAMED"));
    }
    arguments.addAll(switch (way) {
      case FLAGS -> List.of("-cp", join(path), main(name));
      case JAR -> List.of("-jar", jar(name).toString());
      case MODULES -> List.of("-p", join(path), "-m", "startup." + name + "/" + main(name));
    });
    return arguments;
  }

  private static List<String> java(List<String> options, List<String> start) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(start);
    return command;
  }

  private void measure(int rounds) throws IOException, InterruptedException {
    commands.keySet().forEach(key -> times.put(key, new double[rounds]));
    List<String> keys = List.copyOf(commands.keySet());
    for (String key : keys) {
      run(commands.get(key)); // so that the files are in memory
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get((i + round) % keys.size());
        times.get(key)[round] = run(commands.get(key));
      }
    }
  }

  /** {@return milliseconds} */
  private double run(List<String> command) throws IOException, InterruptedException {
    File log = target.resolve("log").toFile();
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    int result = process.waitFor();
    long end = System.nanoTime();
    if (result != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + result + ":\n" + Files.readString(log.toPath()));
    }
    return (end - start) / 1e6;
  }

  private void print(Rows rows) {
    for (String what : whats) {
      for (String name : NAMES) {
        rows.add(what, 1, 1, name, Ratios.median(times.get(key(what, name))), "ms");
      }
    }
    for (String what : whats) {
      ratio(rows, "popol/selector", "popol", what, what);
    }
    for (String what : whats) {
      ratio(rows, "linker/selector", "linker", what, what);
    }
    for (String what : whats) {
      if (whats.contains(what + CACHE)) {
        ratio(rows, "popol with a cache/selector without", "popol", what + CACHE, what);
      }
    }
  }

  private void ratio(Rows rows, String ratio, String name, String what, String selector) {
    double value = Ratios.of(times.get(key(what, name)), times.get(key(selector, "selector")));
    rows.ratio(ratio, what, value, "at 1 source, 1 active");
  }

  private static String key(String what, String name) {
    return what + " of " + name;
  }

  private static String join(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }
}
