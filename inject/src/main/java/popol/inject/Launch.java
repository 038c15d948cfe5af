package popol.inject;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs the harness once for each mechanism, in a JVM of its own: mechanism and flags are chosen when a JVM starts. The
 * arguments are names of mechanisms, all of them if there is none, and what {@link Injection} is to be given.
 */
public final class Launch {

  /** What a JVM is started with. */
  enum Mechanism {
    PPOLL("-Dpopol.linux.mechanism=ppoll"),
    EPOLL("-Dpopol.linux.mechanism=epoll"),
    DEFAULT,
    /** Without the flags for descriptors, so that each is found in another way: what registers is enough. */
    STOCK;

    private final List<String> flags;

    Mechanism(String... flags) {
      this.flags = List.of(flags);
    }
  }

  private static final List<String> DESCRIPTOR_FLAGS =
      List.of("--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens", "java.base/java.net=ALL-UNNAMED");

  private Launch() {}

  /**
   * Runs the harness.
   *
   * @param arguments as said above
   * @throws Exception if a JVM cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    List<Mechanism> mechanisms = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (String argument : arguments) {
      Mechanism named = named(argument);
      if (named == null) {
        rest.add(argument);
      } else {
        mechanisms.add(named);
      }
    }
    int status = 0;
    for (Mechanism mechanism : mechanisms.isEmpty() ? List.of(Mechanism.values()) : mechanisms) {
      System.out.println("\n== " + mechanism.name().toLowerCase(Locale.ROOT));
      System.out.flush();
      status = Math.max(status,
          start(mechanism, rest).redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT).start()
              .waitFor());
    }
    System.exit(status);
  }

  private static Mechanism named(String argument) {
    return Arrays.stream(Mechanism.values()).filter(one -> one.name().toLowerCase(Locale.ROOT).equals(argument))
        .findAny()
        .orElse(null);
  }

  /** A JVM with the class path of this one, in which the harness runs. It ends with status 0 if nothing is wrong. */
  static ProcessBuilder start(Mechanism mechanism, List<String> arguments) throws IOException, URISyntaxException {
    Path jar = Path.of(Launch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-javaagent:" + jar,
        "-cp", System.getProperty("java.class.path")));
    command.addAll(mechanism.flags);
    if (mechanism != Mechanism.STOCK) {
      command.addAll(DESCRIPTOR_FLAGS);
    }
    command.add(Injection.class.getName());
    command.addAll(arguments);
    if (mechanism == Mechanism.STOCK && arguments.isEmpty()) {
      command.add("register "); // not those of many sizes, which register raw descriptors
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null")); // open, and silent
    // Flags of the environment would make it another run.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    return builder;
  }
}
