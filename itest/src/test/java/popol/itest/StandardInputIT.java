package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract suite's tests of standard input, each in a process that was started with another one. */
@Timeout(120)
class StandardInputIT {

  private static final String WAITING = "waiting for a line";

  /** The command that runs the tests of a kind, for a shell. */
  private static String suite(String kind) {
    String path = Stream.of(Jars.POPOL, List.of(Jars.CONTRACT), Jars.junit()).flatMap(List::stream)
        .map(Path::toString).collect(Collectors.joining(":"));
    return Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-cp", path, "popol.contract.Suite", "--stdin", kind)
        .map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  /** A shell that runs a script, in a terminal of its own if that is wanted. */
  private static Process shell(String script, boolean terminal) throws IOException {
    List<String> command = terminal
        ? List.of("script", "-qefc", script, "/dev/null")
        : List.of("sh", "-c", script);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    builder.environment().put("SHELL", "/bin/sh");
    return builder.start();
  }

  /** Types or writes a line when it is waited for, and ends the input if it is no terminal; all tests must pass. */
  @SuppressWarnings("try") // the end of the input is what the child waits for
  private static void assertPassed(String script, boolean terminal) throws Exception {
    Process process = shell(script, terminal);
    StringBuilder printed = new StringBuilder();
    OutputStream input = process.getOutputStream();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        printed.append(line).append('\n');
        if (line.contains(WAITING)) {
          input.write("line\n".getBytes(StandardCharsets.US_ASCII));
          input.flush();
          if (!terminal) {
            input.close();
          }
        }
      }
      assertEquals(0, process.waitFor(), printed.toString());
      assertTrue(printed.toString().contains(" 0 failed"), "the suite came to its end: " + printed);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void closed() throws Exception {
    assertPassed("exec " + suite("CLOSED") + " <&-", false);
  }

  @Test
  void nothing() throws Exception {
    assertPassed("exec " + suite("NULL") + " </dev/null", false);
  }

  @Test
  void file(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("input"), "line\n");
    assertPassed("exec " + suite("FILE") + " <'" + file + "'", false);
  }

  @Test
  void pipe() throws Exception {
    assertPassed("exec " + suite("PIPE"), false);
  }

  @Test
  void terminal() throws Exception {
    assertPassed("exec " + suite("TERMINAL"), true);
  }

  /** With job control, so that reading the terminal would stop the job (SIGTTIN), and the test would not end. */
  @Test
  void background() throws Exception {
    assertPassed("set -m; " + suite("BACKGROUND") + " & wait $!", true);
  }
}
