package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import popol.Interest;
import popol.Source;
import popol.Sources;

/** Prints what is typed, and says so when nothing has been typed for six seconds. Ends at the end of the input. */
public final class StdinTimeout {

  private StdinTimeout() {}

  /**
   * Echoes standard input.
   *
   * @param args how many seconds to wait; six if there is none
   * @throws IOException if standard input cannot be read
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Duration timeout = Duration.ofSeconds(args.length == 0 ? 6 : Long.parseLong(args[0]));
    FileInputStream stdin = new FileInputStream(FileDescriptor.in); // System.in buffers, which a poll cannot see
    byte[] buffer = new byte[4096];

    try (Sources<String> sources = Sources.open()) {
      sources.register("stdin", Source.stdin(), Interest.READ);

      while (true) {
        if (sources.poll(timeout).isEmpty()) {
          System.out.println("nothing for " + timeout.toSeconds() + " seconds");
          continue;
        }
        int count = stdin.read(buffer);
        if (count < 0) {
          return;
        }
        System.out.write(buffer, 0, count);
        System.out.flush();
      }
    }
  }
}
