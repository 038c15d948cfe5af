package popol.bench;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import popol.Popol;

/**
 * The program behind {@code bench/startup}: the time of a whole process that opens a registry or a selector, registers
 * ten pipes, waits once and exits; and when others like it have waited often, with their processor time. Beside popol
 * and the selector one does the same by the platform's linker alone. The ways to start them are measured in turns.
 */
public final class StartupBench {

  /** A way to start a program. */
  private enum Way {
    FLAGS("startup"), // class path, flags on the command line
    JAR("startup jar"), // an executable JAR, whose manifest has the flags
    MODULES("startup modules"), // module path, flags on the command line
    WAITS("waits"); // class path, flags on the command line, many waits

    final String what;

    Way(String what) {
      this.what = what;
    }

    /** {@return after how many waits the program prints the time} */
    List<String> numbers() {
      return this == WAITS ? List.of("1000", "10000", "100000") : List.of();
    }
  }

  private static final List<String> NAMES = List.of("popol", "selector", "floor");
  private static final String CACHE = " aot"; // after what is started with an AOT cache
  private static final String CPU = " cpu"; // after what the processor time is of
  private static final int PIPES = 10; // in each program

  private final Path sources;
  private final Path target;
  private final List<Path> popol; // the API, the engine, and the implementation for this system
  private final List<String> whats = new ArrayList<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>(); // by what and name
  private final Map<String, List<Double>> times = new LinkedHashMap<>(); // milliseconds, by what was measured and name

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
    bench.compile();
    for (String name : NAMES) {
      bench.pack(name);
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

  private Path classes() {
    return target.resolve("classes");
  }

  private void compile() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-d", classes().toString(), "-p", join(popol), "--add-modules",
        "popol", "--add-exports", "java.base/sun.nio.ch=startup"));
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
    }
    tool("javac", arguments.toArray(String[]::new));
  }

  /** Makes a JAR of all programs, whose manifest starts this one. */
  private void pack(String name) throws IOException {
    Path manifest = target.resolve(name + ".manifest");
    List<String> lines = new ArrayList<>();
    if (!name.equals("selector")) {
      lines.add("Enable-Native-Access: ALL-UNNAMED");
      lines.add("Add-Exports: java.base/sun.nio.ch");
    }
    if (name.equals("popol")) {
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
        "--main-class", main(name), "-C", classes().toString(), ".");
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
    return "startup." + name.substring(0, 1).toUpperCase() + name.substring(1);
  }

  /** Makes the commands of all programs; trains an AOT cache by one run if that is wanted. */
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
    }
    if (!name.equals("selector") && way != Way.JAR) {
      String module = way != Way.MODULES ? "ALL-UNNAMED" : name.equals("popol") ? "popol.engine" : "startup";
      arguments.add("--enable-native-access=" + module);
      arguments.add("--add-exports=java.base/sun.nio.ch=" + module);
    }
    arguments.addAll(switch (way) {
      case FLAGS, WAITS -> List.of("-cp", join(path), main(name));
      case JAR -> List.of("-jar", jar(name).toString());
      case MODULES -> {
        List<String> modules = new ArrayList<>(List.of("-p", join(path), "-m", "startup/" + main(name)));
        if (name.equals("popol")) {
          modules.addAll(0, List.of("--add-modules", "popol"));
        }
        yield modules;
      }
    });
    arguments.addAll(way.numbers());
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
    List<String> keys = List.copyOf(commands.keySet());
    for (String key : keys) {
      run(commands.get(key)); // so that the files are in memory
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get((i + round) % keys.size());
        run(commands.get(key)).forEach((of, time) -> times.computeIfAbsent(of + key, k -> new ArrayList<>()).add(time));
      }
    }
  }

  /** {@return milliseconds: of all under the empty name, and of what the process has printed} */
  private Map<String, Double> run(List<String> command) throws IOException, InterruptedException {
    File log = target.resolve("log").toFile();
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    int result = process.waitFor();
    long end = System.nanoTime();
    if (result != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + result + ":\n" + Files.readString(log.toPath()));
    }
    Map<String, Double> measured = new LinkedHashMap<>(Map.of("", (end - start) / 1e6));
    for (String line : Files.readAllLines(log.toPath())) {
      String[] fields = line.split(" ");
      if (fields.length == 3 && fields[0].matches("[0-9]+")) {
        measured.put(fields[0] + " ", (Long.parseLong(fields[1]) - start) / 1e6);
        measured.put(fields[0] + CPU + " ", Long.parseLong(fields[2]) * 10.0);
      }
    }
    return measured;
  }

  private void print(Rows rows) {
    List<String> measured = new ArrayList<>(); // without the name of a program
    for (String what : whats) {
      List<String> prefixes = what.startsWith(Way.WAITS.what)
          ? Way.WAITS.numbers().stream().flatMap(n -> Stream.of(n + " ", n + CPU + " ")).toList()
          : List.of("");
      for (String prefix : prefixes) {
        measured.add(prefix + what);
      }
    }
    for (String what : measured) {
      for (String name : NAMES) {
        rows.add(what, PIPES, 1, name, Ratios.median(of(what, name)), "ms");
      }
    }
    for (String divisor : List.of("selector", "floor")) {
      for (String what : measured) {
        ratio(rows, "popol/" + divisor, what, what, divisor);
      }
    }
    for (String what : whats) {
      if (!what.startsWith(Way.WAITS.what) && whats.contains(what + CACHE)) {
        ratio(rows, "popol with a cache/selector without", what + CACHE, what, "selector");
      }
    }
  }

  private double[] of(String what, String name) {
    return times.get(key(what, name)).stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void ratio(Rows rows, String ratio, String what, String divisorWhat, String divisor) {
    double value = Ratios.of(of(what, "popol"), of(divisorWhat, divisor));
    rows.ratio(ratio, what, value, "at " + PIPES + " sources, 1 active");
  }

  private static String key(String what, String name) {
    return what + " of " + name;
  }

  private static String join(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }
}
