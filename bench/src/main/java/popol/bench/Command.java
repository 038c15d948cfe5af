package popol.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a contender is started.
 *
 * @param partner the command of the partner
 * @param program the command of the contender
 * @param missing why it cannot be started, or null
 */
record Command(List<String> partner, List<String> program, String missing) {

  /** The popol of another checkout, to see what a change has cost or gained. */
  static final String BEFORE = "popol-before";

  /** Popol in a JVM without the flags by which the JDK tells the descriptors of channels and sockets. */
  static final String STOCK = "popol-stock";

  /** Popol in a JVM whose flight recorder hears of everything that popol does. */
  static final String RECORDED = "popol-recorded";

  /** The class path of {@link #BEFORE}'s popol, or null. */
  private static final String BEFORE_PATH = System.getProperty("popol.bench.before");

  /** Every contender, by the names that are in the rows. */
  static final List<String> ALL = List.of(
      "popol", "popol-ppoll", "popol-epoll", STOCK, RECORDED, BEFORE,
      "c-poll", "c-epoll", "c-poll-threads", "c-epoll-threads",
      "selector-keys", "selector-consumer", "selector-poll-keys", "selector-poll-consumer",
      "netty-nio", "netty-epoll", "jnr-enxio", "junixsocket",
      "rust-popol", "rust-mio", "rust-polling");

  private static final String FIRST = "--first=";
  private static final String WITHOUT_FLAGS = "--without-flags";

  /** Those that popol is to be level with or ahead of, and the other checkout if there is one. */
  static final List<String> QUICK = Stream.of("popol", "popol-ppoll", "popol-epoll", BEFORE,
      "c-poll", "c-epoll", "c-poll-threads", "c-epoll-threads", "selector-keys", "selector-consumer")
      .filter(name -> !name.equals(BEFORE) || BEFORE_PATH != null).toList();

  /** What the recorder is to hear; the project's folder is the current one, or above it in a test. */
  private static Path settings() {
    Path settings = Path.of("docs", "popol.jfc");
    return (Files.exists(settings) ? settings : Path.of("..").resolve(settings)).toAbsolutePath().normalize();
  }

  static boolean isJava(String name) {
    return !name.startsWith("c-") && !name.startsWith("rust-");
  }

  static Command of(String name, Path programs) throws IOException {
    List<String> partner = new ArrayList<>(List.of(programs.resolve("partner").toString()));
    if (name.equals("junixsocket")) {
      Path socket = Files.createTempFile("popol-bench", null);
      Files.delete(socket); // the partner makes one of that name, and deletes it when it ends
      partner.add(socket.toString());
    }
    return switch (name) {
      case "c-poll", "c-epoll", "c-poll-threads", "c-epoll-threads" ->
          program(partner, programs.resolve("contender"), name.substring(2), "C compiler (cc)");
      case "rust-popol", "rust-mio", "rust-polling" ->
          program(partner, programs.resolve("rust/release/contender"), name.substring(5), "cargo");
      case "popol-ppoll", "popol-epoll" ->
          java(partner, "popol", "-Dpopol.linux.mechanism=" + name.substring(6));
      case "selector-poll-keys", "selector-poll-consumer" -> java(partner, name.replace("-poll", ""),
          "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.PollSelectorProvider");
      case RECORDED -> java(partner, "popol", "-XX:StartFlightRecording:settings=" + settings(),
          "-Xlog:jfr+startup=error"); // whose first line would be taken for an answer
      case STOCK -> java(partner, "popol", WITHOUT_FLAGS);
      case BEFORE -> BEFORE_PATH == null
          ? new Command(partner, List.of(), "it needs --before CHECKOUT, the folder of another checkout that is built")
          : new Command(partner, java("popol.bench.wait.Contender", "popol", FIRST + BEFORE_PATH), null);
      default -> java(partner, name);
    };
  }

  /** {@return the command that measures the memory of a registered source} */
  static List<String> memory(String name) {
    String tracking = "-XX:NativeMemoryTracking=summary";
    return name.equals(BEFORE)
        ? java("popol.bench.wait.Memory", "popol", tracking, FIRST + BEFORE_PATH)
        : java("popol.bench.wait.Memory", name, tracking);
  }

  /** {@return the command of a server; its heap is resident from the start, so that the rest can be told from it} */
  static List<String> server(String library, int fanout) {
    List<String> command = java("popol.bench.net.Server", library, "-XX:+AlwaysPreTouch",
        "-Djdk.virtualThreadScheduler.parallelism=1"); // all run on one processor
    command.add(Integer.toString(fanout));
    return command;
  }

  private static Command program(List<String> partner, Path program, String argument, String builder) {
    return new Command(partner, List.of(program.toString(), argument),
        Files.isExecutable(program) ? null : "it was not built; is there a " + builder + "?");
  }

  private static Command java(List<String> partner, String library, String... options) {
    return new Command(partner, java("popol.bench.wait.Contender", library, options), null);
  }

  /** {@return the command of a program in Java} */
  static List<String> java(String main, String argument, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms64m", "-Xmx64m", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow"));
    if (!List.of(options).contains(WITHOUT_FLAGS)) {
      command.add("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    }
    String path = System.getProperty("java.class.path");
    for (String option : options) {
      if (option.startsWith(FIRST)) {
        path = option.substring(FIRST.length()) + File.pathSeparator + path; // what comes first is what is loaded
      } else if (!option.equals(WITHOUT_FLAGS)) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", path, main, argument));
    return command;
  }
}
