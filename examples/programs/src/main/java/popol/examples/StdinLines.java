package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.examples.parts.Lines;

/**
 * Numbers the lines of standard input as they come, and says after a while of silence how many bytes of a line wait for
 * its end.
 *
 * <p>A {@code BufferedReader} on {@code System.in} would not do: its first read takes in all lines that are there, a
 * poll then finds nothing, and the program waits with a line in its hands. Nor would {@code System.in.available()},
 * which needs a loop that never sleeps long. Here the program reads what the poll found and keeps it itself.
 */
public final class StdinLines {

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
  private long count;

  private StdinLines() {}

  /**
   * Numbers lines until the end of the input.
   *
   * @param args how many seconds of silence to speak after; six if there is none
   * @throws IOException if standard input cannot be read
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    new StdinLines().run(Duration.ofSeconds(args.length == 0 ? 6 : Long.parseLong(args[0])));
  }

  private void run(Duration timeout) throws IOException, InterruptedException {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in); // reads what it is asked for, and no more
    byte[] buffer = new byte[8192];
    Lines lines = new Lines();

    try (Sources<String> sources = Sources.open()) {
      sources.register("stdin", Source.stdin(), Interest.READ);
      int read = 0;
      while (read >= 0) {
        if (sources.poll(timeout).isEmpty()) {
          System.err.println("waiting, with " + lines.size() + " bytes of a line");
        } else {
          read = stdin.read(buffer); // what it leaves is found by the next poll
          lines.add(buffer, Math.max(0, read), this::print);
          out.flush();
        }
      }
    }
    lines.end(this::print);
    out.flush();
  }

  private void print(String line) {
    count++;
    out.print(count + "\t" + line + "\n");
  }
}
