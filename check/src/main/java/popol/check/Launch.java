package popol.check;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import popol.inject.Failures;

/**
 * Runs a check once for each mechanism, in a JVM of its own: the mechanism is chosen when a JVM starts. The arguments
 * are names of mechanisms, all of them if there is none, the name of the check's class, and what it is given.
 */
public final class Launch {

  /** What a JVM is started with. */
  enum Mechanism {
    PPOLL("-Dpopol.linux.mechanism=ppoll"),
    EPOLL("-Dpopol.linux.mechanism=epoll"),
    /** From the first to the second, with more sources than by default. */
    FIVE("-Dpopol.linux.mechanism=5"),
    DEFAULT;

    private final List<String> flags;

    Mechanism(String... flags) {
      this.flags = List.of(flags);
    }
  }

  private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m",
      "--enable-native-access=ALL-UNNAMED", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens",
      "java.base/java.net=ALL-UNNAMED");

  private Launch() {}

  /**
   * Runs a check. The JVM ends with status 0 if nothing is wrong by any mechanism.
   *
   * @param arguments as said above
   * @throws Exception if a JVM cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    List<String> rest = new ArrayList<>(List.of(arguments));
    List<Mechanism> mechanisms = new ArrayList<>();
    for (Mechanism named = named(rest.getFirst()); named != null; named = named(rest.getFirst())) {
      mechanisms.add(named);
      rest.removeFirst();
    }
    String check = rest.removeFirst();
    int status = 0;
    for (Mechanism mechanism : mechanisms.isEmpty() ? List.of(Mechanism.values()) : mechanisms) {
      System.out.println("== " + mechanism.name().toLowerCase(Locale.ROOT));
      System.out.flush();
      ProcessBuilder builder = start(mechanism, check, rest);
      status |= builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT).start().waitFor();
    }
    System.exit(status);
  }

  private static @Nullable Mechanism named(String argument) {
    return Arrays.stream(Mechanism.values()).filter(one -> one.name().toLowerCase(Locale.ROOT).equals(argument))
        .findAny()
        .orElse(null);
  }

  /** A JVM with the class path of this one, in which a check runs. It ends with status 0 if nothing is wrong. */
  static ProcessBuilder start(Mechanism mechanism, String check, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(mechanism.flags);
    if (check.equals(Failing.class.getName())) {
      command
          .add("-javaagent:" + Path.of(Failures.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), check));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null")); // open, and silent
    // Flags of the environment would make it another run.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    return builder;
  }
}
