package popol.examples;

import popol.examples.parts.Output;

/** Lines that scroll, above two that stay: a status and what is being typed. */
final class Screen {

  private static final String TO_STATUS = "\r\033[A\033[J"; // from the last line up to the one before, and clear
  private static final String REVERSE = "\033[7m";
  private static final String PLAIN = "\033[0m";

  private static final int MOST = 100; // lines in one picture

  private final Output terminal;
  private final int columns;
  private final StringBuilder added = new StringBuilder(); // lines that are not drawn yet
  private int count; // of them, and of those that are too many

  Screen(Output terminal, int columns) {
    this.terminal = terminal;
    this.columns = columns;
    terminal.print("\n");
  }

  /** Adds a line, which the next picture shows. If there are too many, it is counted. */
  void add(String line) {
    count++;
    if (count <= MOST) {
      added.append(printable(line)).append('\n');
    }
  }

  /**
   * Draws what was added, and the two lines anew. While the terminal is still busy with the last picture, nothing is
   * drawn: whoever types should not have to wait for what others send.
   *
   * @return whether it has been drawn
   */
  boolean draw(String status, String typed) {
    if (!terminal.isIdle()) {
      return false;
    }
    if (count > MOST) {
      added.append("* and ").append(count - MOST).append(" lines more\n");
    }
    String scrolled = added.isEmpty() ? "" : added + "\n";
    added.setLength(0);
    count = 0;
    terminal
        .print(TO_STATUS + scrolled + REVERSE + start(status, columns - 1) + PLAIN + "\n> " + end(typed, columns - 3));
    return true;
  }

  /** Leaves the two lines behind. */
  void end() {
    terminal.print("\n");
  }

  /**
   * What others send must not command the terminal: control characters of both sets, and those that turn or hide text.
   */
  private static String printable(String text) {
    return text.replaceAll("\\p{C}", "?");
  }

  private static String start(String text, int length) {
    return text.substring(0, Math.min(text.length(), length));
  }

  private static String end(String text, int length) {
    return text.substring(Math.max(0, text.length() - length));
  }
}
