package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node in a JVM of its own: a test types its commands and waits for what it prints. */
class Program implements AutoCloseable {

  private static final long LIMIT = 60; // seconds that it may take for anything

  private final Process process;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>(); // empty at the end of the output
  private final List<String> seen = new ArrayList<>();

  /** Starts the JDK's launcher with these arguments. */
  Program(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Flags of the environment would hide that a program lacks one.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    process = builder.start();
    Thread.ofVirtual().start(this::readLines);
  }

  private void readLines() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(line -> lines.add(Optional.of(line)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(Optional.empty());
    }
  }

  final void type(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
  }

  final void endInput() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
  }

  /** Waits for a line that matches, and passes over those before it. */
  final Matcher expect(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    while (true) {
      Optional<String> line = lines.poll(LIMIT, TimeUnit.SECONDS);
      if (line == null || line.isEmpty()) {
        return fail("the program " + (line == null ? "did not print " : "ended and had not printed ") + regex + "\n"
            + this);
      }
      seen.add(line.get());
      Matcher matcher = pattern.matcher(line.get());
      if (matcher.matches()) {
        return matcher;
      }
    }
  }

  /** Waits until the node listens, and gives its port. */
  final String expectPort() throws InterruptedException {
    return expect("listening on port (\\d+)").group(1);
  }

  /** Waits until it has ended by itself, and well. */
  final void expectEnd() throws InterruptedException {
    assertTrue(process.waitFor(LIMIT, TimeUnit.SECONDS), () -> "the program ends: " + this);
    assertEquals(0, process.exitValue(), () -> "it ends well: " + this);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
  }

  @Override
  public final String toString() {
    List<String> all = new ArrayList<>(seen);
    lines.forEach(line -> line.ifPresent(all::add));
    return process.info().commandLine().orElse("") + "\n  " + String.join("\n  ", all);
  }
}
