package popol.examples.node;

import java.io.IOException;
import popol.Sources;
import popol.examples.parts.Output;

/** A node as a program, which obeys standard input. */
public final class Main {

  private Main() {}

  /**
   * Runs a node until {@code quit}.
   *
   * @param args where to listen, {@code PORT} or {@code HOST:PORT}, any free port if there is none; and the same of
   *     another node, if there is one
   * @throws IOException if the port cannot be listened on, or the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Config config = Config.parse(args.length > 0 ? args[0] : "0", args.length > 1 ? args[1] : null);
    try (Output out = new Output(); Sources<Node.Key> sources = Sources.open()) {
      new Node(sources, config, Limits.DEFAULT, out::println).run(true);
    }
  }
}
