package popol.itest;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of the same JDK as this one, started with the flags that a test is about. */
final class ChildJvm {

  private final List<String> command = new ArrayList<>();
  private Duration limit = Duration.ofMinutes(1);

  ChildJvm() {
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
  }

  /** What a child printed, on both streams, and its exit code. */
  record Result(int exitCode, String output) {}

  ChildJvm flags(String... flags) {
    return flags(List.of(flags));
  }

  ChildJvm flags(Collection<String> flags) {
    command.addAll(flags);
    return this;
  }

  ChildJvm classPath(Collection<Path> path) {
    return flags("-cp", join(path));
  }

  ChildJvm modulePath(Collection<Path> path) {
    return flags("-p", join(path));
  }

  /** Has another program start the JVM, whose command follows these arguments. */
  ChildJvm within(String... program) {
    command.addAll(0, List.of(program));
    return this;
  }

  /** How long the child may take; a minute unless said otherwise. */
  ChildJvm limit(Duration time) {
    limit = time;
    return this;
  }

  /** Starts the child, with an empty standard input, and waits for its end. */
  Result run(String... mainAndArguments) throws IOException, InterruptedException {
    flags(mainAndArguments);
    Path output = Files.createTempFile("popol-child", ".txt");
    try {
      Process process = start(output);
      try {
        process.getOutputStream().close();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          fail("no end after " + limit + ": " + this + "\n" + Files.readString(output));
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private Process start(Path output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // Flags of the environment would make a test pass, or fail, that is about flags.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    return builder.start();
  }

  private static String join(Collection<Path> path) {
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
