package popol.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import popol.check.Launch.Mechanism;

/**
 * Plays histories while strace(1) refuses system calls from outside, so that the C library and popol's way to call it
 * take part. A call of popol that fails by it is made again. Refused is what popol asks for and the JVM does not:
 * without {@code epoll_create1} and {@code epoll_ctl} the JDK's own virtual threads wait for ever.
 */
public final class Refusals {

  /** What is refused, in the words of {@code strace -e inject}; each thread's calls are counted for themselves. */
  enum Refusal {
    /** A signal ends each second wait. */
    PPOLL_INTERRUPTED(Mechanism.PPOLL, "ppoll:error=EINTR:when=1+2"),
    PPOLL_WITHOUT_MEMORY(Mechanism.PPOLL, "ppoll:error=ENOMEM:when=1+2"),
    EPOLL_INTERRUPTED(Mechanism.EPOLL, "epoll_wait:error=EINTR:when=1+2"),
    /** No descriptor for what wakes. */
    EVENTFD(Mechanism.DEFAULT, "eventfd2:error=EMFILE:when=1+2");

    private final Mechanism mechanism;
    private final String inject;

    Refusal(Mechanism mechanism, String inject) {
      this.mechanism = mechanism;
      this.inject = inject;
    }
  }

  private static final long LONGEST = 200; // seconds
  private static final String OPERATIONS = "2000"; // strace makes them slow

  private Refusals() {}

  /**
   * Runs the check. The JVM ends with status 0 if nothing is wrong, or if there is no strace.
   *
   * @param arguments how many operations for each refusal
   * @throws Exception if the check itself fails
   */
  public static void main(String[] arguments) throws Exception {
    String missing = missing();
    if (!missing.isEmpty()) {
      System.out.println("SKIPPED: " + missing);
      System.exit(0);
    }
    int status = 0;
    for (Refusal refusal : Refusal.values()) {
      String told = told(refusal, arguments.length == 0 ? OPERATIONS : arguments[0]);
      System.out.println(refusal + " (" + refusal.inject + "): " + told);
      status |= told.startsWith("FAILED") ? 1 : 0;
    }
    System.exit(status);
  }

  /** Why system calls cannot be refused here; empty if they can. */
  static String missing() throws IOException, InterruptedException {
    try {
      Process strace = new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "-e", "inject=eventfd2:error=EMFILE",
          "true").redirectErrorStream(true).start();
      String told = new String(strace.getInputStream().readAllBytes());
      return strace.waitFor() == 0 ? "" : "strace cannot refuse a system call here: " + told.strip();
    } catch (IOException e) {
      return "there is no strace";
    }
  }

  /** Plays histories, and says how that went: it begins with FAILED if something is wrong. */
  static String told(Refusal refusal, String operations) throws IOException, InterruptedException {
    Path trace = Files.createTempFile("popol-check", ".trace");
    Path output = Files.createTempFile("popol-check", ".out");
    try {
      ProcessBuilder builder =
          Launch.start(refusal.mechanism, Histories.class.getName(), List.of(operations, "1", Histories.AGAIN));
      List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", trace.toString(), "-e",
          "trace=" + refusal.inject.substring(0, refusal.inject.indexOf(':')), "-e", "inject=" + refusal.inject));
      command.addAll(builder.command());
      Process strace = builder.command(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      int status = strace.waitFor(LONGEST, TimeUnit.SECONDS) ? strace.waitFor() : 1;
      strace.destroyForcibly(); // and with it what it traces
      long refused;
      try (Stream<String> lines = Files.lines(trace)) {
        refused = lines.filter(line -> line.endsWith("(INJECTED)")).count();
      }
      String told = refused + " refused; " + Files.readString(output).lines().findFirst().orElse("nothing was told");
      return status != 0 || refused == 0 ? "FAILED: " + told + "\n" + Files.readString(output) : told;
    } finally {
      Files.delete(trace);
      Files.delete(output);
    }
  }
}
