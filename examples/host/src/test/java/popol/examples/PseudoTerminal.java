package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A shell script in a terminal of its own, made by {@code script}: a test types keys and reads what is shown. */
final class PseudoTerminal implements AutoCloseable {

  private static final long LIMIT = 60_000; // milliseconds that it may take to show anything
  private static final int KEPT = 1024 * 1024; // characters
  private static final int LONGEST = 4096; // characters that something expected can have

  private final Process process;
  private final OutputStream keys;
  private final StringBuilder shown = new StringBuilder(); // guarded by itself, like the three that follow
  private int seen; // what was shown before this has been waited for
  private boolean ended;
  private boolean paused;

  PseudoTerminal(String script) throws IOException {
    // A job in the background ignores SIGINT, and so would all that it starts.
    ProcessBuilder builder = new ProcessBuilder("env", "--default-signal=INT", "script", "-qefc", script, "/dev/null")
        .redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    builder.environment().put("SHELL", "/bin/sh");
    process = builder.start();
    keys = process.getOutputStream();
    Thread.ofVirtual().start(this::read);
  }

  /** A command for a script, each word in quotes. */
  static String quote(List<String> command) {
    return String.join(" ", command.stream().map(word -> "'" + word + "'").toList());
  }

  private void read() {
    try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      char[] some = new char[1024];
      for (int count = output.read(some); count >= 0; count = output.read(some)) {
        synchronized (shown) {
          while (paused) {
            shown.wait();
          }
          shown.append(some, 0, count);
          int old = Math.max(0, shown.length() - KEPT);
          shown.delete(0, old);
          seen = Math.max(0, seen - old);
          shown.notifyAll();
        }
      }
    } catch (IOException | InterruptedException e) {
      // as at the end: what is missing is waited for in vain
    } finally {
      synchronized (shown) {
        ended = true;
        shown.notifyAll();
      }
    }
  }

  void type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  /** Reads no more, or again, what is to be shown. */
  void pause(boolean pause) {
    synchronized (shown) {
      paused = pause;
      shown.notifyAll();
    }
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /** Waits until something is shown that matches, after what was waited for last. */
  MatchResult expect(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    long start = System.nanoTime();
    synchronized (shown) {
      while (true) {
        Matcher matcher = pattern.matcher(shown);
        if (matcher.find(seen)) {
          seen = matcher.end();
          return matcher.toMatchResult();
        }
        seen = Math.max(seen, shown.length() - LONGEST); // the rest has been looked at
        long left = LIMIT - (System.nanoTime() - start) / 1_000_000;
        if (ended || left <= 0) {
          return fail((ended ? "the end, " : "") + "and this was not shown: " + regex + "\n" + shown);
        }
        shown.wait(left);
      }
    }
  }

  void expectExit(int code) throws InterruptedException {
    assertTrue(process.waitFor(LIMIT, TimeUnit.MILLISECONDS), () -> "the script ends\n" + this);
    assertEquals(code, process.exitValue(), () -> "exit code\n" + this);
  }

  @Override
  public void close() {
    pause(false);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    synchronized (shown) {
      return shown.toString();
    }
  }
}
