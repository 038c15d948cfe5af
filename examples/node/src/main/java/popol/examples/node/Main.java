package popol.examples.node;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import popol.Sources;

/** A node as a program, which obeys standard input. */
public final class Main {

  private Main() {}

  /**
   * Runs a node until {@code quit} or the end of standard input.
   *
   * @param args where to listen, {@code PORT} or {@code HOST:PORT}, any free port if there is none; and the same of
   *     another node, if there is one
   * @throws IOException if the port cannot be listened on, or the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Config config = Config.parse(args.length > 0 ? args[0] : "0", args.length > 1 ? args[1] : null);
    try (Sources<Node.Key> sources = Sources.open()) {
      // Not System.in, which buffers: a poll cannot see what it has buffered.
      Console console = new Console(new FileInputStream(FileDescriptor.in));
      new Node(sources, config, Limits.DEFAULT, System.out::println).run(console);
    }
  }
}
