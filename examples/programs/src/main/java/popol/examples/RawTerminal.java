package popol.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The terminal of this process, which gives each key as it is typed and does not show it, until this is closed. Signals
 * work as before: on Ctrl-C the terminal is what it was again before the JVM ends.
 */
final class RawTerminal implements AutoCloseable {

  private final String before; // the settings, as stty writes them for itself
  private boolean closed; // guarded by this

  private RawTerminal(String before) {
    this.before = before;
  }

  /**
   * Takes the terminal.
   *
   * @throws IOException if standard input is no terminal
   */
  static RawTerminal open() throws IOException, InterruptedException {
    RawTerminal terminal = new RawTerminal(stty("-g"));
    Runtime.getRuntime().addShutdownHook(new Thread(terminal::close)); // first, so that nothing comes in between
    stty("-icanon", "-echo", "min", "1", "time", "0");
    return terminal;
  }

  /** How many characters a line has. */
  int columns() throws IOException, InterruptedException {
    int columns = Integer.parseInt(stty("size").split(" ")[1]);
    return columns > 0 ? columns : 80; // some terminals do not know
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      try {
        stty(before);
      } catch (IOException | InterruptedException e) {
        System.err.println("the terminal is not what it was, try: stty sane (" + e.getMessage() + ")");
      }
    }
  }

  private static String stty(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.INHERIT) // the terminal that it is to set
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    return said;
  }
}
