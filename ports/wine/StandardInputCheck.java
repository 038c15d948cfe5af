import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Waits on standard input until it ends, or its last line is {@code quit}, and checks what is written there. Says
 * {@code waiting} when it is to be written to. Arguments: what standard input is, the text expected with spaces for
 * the ends of lines.
 */
final class StandardInputCheck {

  private static final Duration SOON = Duration.ofSeconds(30);

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("pipe-to-child")) {
      System.exit(writeToChild());
    }
    boolean file = arguments[0].equals("file");
    StringBuilder text = new StringBuilder();
    try (Sources<String> sources = Sources.open()) {
      sources.register("input", Source.stdin(), Interest.READ);
      if (!file) {
        long start = System.nanoTime();
        check(sources.poll(Duration.ofMillis(50)), "", "nothing was written");
        check(System.nanoTime() - start >= 50_000_000, "the wait was not early");
        sources.waker("waker").wake();
        check(sources.poll(SOON), "waker ", "a wake is heard beside an idle input");
        sources.disable("input", Interest.READ);
      }
      System.out.println("waiting");
      if (!file) {
        check(sources.poll(Duration.ofMillis(200)), "", "input that nobody wants is not reported");
      }
      sources.interest("input", Interest.READ);
      FileInputStream input = new FileInputStream(FileDescriptor.in);
      byte[] buffer = new byte[file ? 3 : 100];
      int count = 0;
      while (count >= 0 && !text.toString().endsWith("quit ")) {
        check(sources.poll(SOON), "input ", "input is readable");
        check(sources.poll(Duration.ZERO), "input ", "and stays so");
        count = input.read(buffer);
        text.append(new String(buffer, 0, Math.max(0, count), StandardCharsets.US_ASCII).replaceAll("\r?\n", " "));
      }
      check(text.toString().equals(arguments[1]), "every byte was read, and in order: " + text);
      if (count < 0) {
        check(sources.poll(SOON), "input ", "the end is readable");
      } else if (!file) {
        check(sources.poll(Duration.ofMillis(50)), "", "all is read");
      }
    }
    System.out.println("standard input from a " + arguments[0] + ": passed");
  }

  /** Its pipe is one of Windows; one that Wine inherits from Unix cannot be asked. */
  private static int writeToChild() throws Exception {
    ProcessHandle.Info info = ProcessHandle.current().info();
    String java = info.command().orElse(System.getProperty("java.home") + "\\bin\\java.exe");
    Process child = new ProcessBuilder(java, "-Xlog:all=off", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true",
            "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            "StandardInputCheck", "pipe", "one two three ")
        .redirectErrorStream(true)
        .start();
    try (BufferedReader said = child.inputReader(); OutputStream input = child.getOutputStream()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.equals("waiting")) {
          for (String text : new String[] {"one\n", "two\nthr", "ee\n"}) {
            input.write(text.getBytes(StandardCharsets.US_ASCII));
            input.flush();
          }
          input.close();
        } else {
          System.out.println(line);
        }
      }
    }
    return child.waitFor();
  }

  private static void check(Events<String> events, String keys, String rule) {
    StringBuilder found = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (Event<String> event : events) {
      check(event.isReadable() || event.isWake(), event + " is readable or a wake");
      found.append(event.key()).append(' ');
      text.append(event).append(' ');
    }
    check(found.toString().equals(keys), rule + ", found " + text);
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
