package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A child process that a test talks to: it types lines and waits for lines that the child prints on either stream. */
final class Child implements AutoCloseable {

  private static final long LIMIT = 60; // seconds that a child may take for anything

  private final List<String> command;
  private final Process process;
  private final OutputStream input;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>(); // empty at the end of the output
  private final List<String> seen = new ArrayList<>();

  Child(List<String> command) throws IOException {
    this.command = command;
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Flags of the environment would hide that an example lacks one.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    process = builder.start();
    input = process.getOutputStream();
    Thread.ofVirtual().start(this::readLines);
  }

  private void readLines() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      // the stream was closed together with the child
    } finally {
      lines.add(Optional.empty());
    }
  }

  void type(String line) throws IOException {
    input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  void endInput() throws IOException {
    input.close();
  }

  /** The lines that have been waited for or passed over. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /** Asks the child to end, as Ctrl-C does. */
  void terminate() {
    process.toHandle().destroy(); // the process itself would close the streams too
  }

  /** Waits for a line that matches as a whole, and passes over those before it. */
  Matcher expect(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    for (Optional<String> line = next(regex); line.isPresent(); line = next(regex)) {
      seen.add(line.get());
      Matcher matcher = pattern.matcher(line.get());
      if (matcher.matches()) {
        return matcher;
      }
    }
    return fail("the child ended and did not print " + regex + "\n" + this);
  }

  /** Waits for the next line, which must be this one. */
  void expectNext(String expected) throws InterruptedException {
    Optional<String> line = next(expected);
    line.ifPresent(seen::add);
    assertEquals(Optional.of(expected), line, () -> "the next line\n" + this);
  }

  private Optional<String> next(String expected) throws InterruptedException {
    Optional<String> line = lines.poll(LIMIT, TimeUnit.SECONDS);
    return line != null ? line : fail("the child did not print " + expected + "\n" + this);
  }

  /** Waits until the child has ended by itself, and gives the rest of what it printed. */
  List<String> expectExit(int code) throws InterruptedException {
    List<String> rest = new ArrayList<>();
    for (Optional<String> line = next("its end"); line.isPresent(); line = next("its end")) {
      seen.add(line.get());
      rest.add(line.get());
    }
    if (!process.waitFor(LIMIT, TimeUnit.SECONDS)) {
      fail("the child did not end\n" + this);
    }
    assertEquals(code, process.exitValue(), () -> "exit code\n" + this);
    return rest;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return String.join(" ", command) + "\n" + String.join("\n", seen);
  }
}
