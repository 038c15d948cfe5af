package popol.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines that scroll, above two that stay: a status and what is being typed. */
final class Screen {

  private static final String TO_STATUS = "\r\033[A\033[J"; // from the last line up to the one before, and clear
  private static final String REVERSE = "\033[7m";
  private static final String PLAIN = "\033[0m";

  private final FileOutputStream terminal = new FileOutputStream(FileDescriptor.out);
  private final int columns;

  Screen(int columns) throws IOException {
    this.columns = columns;
    write("\n");
  }

  /** Draws the two lines anew. */
  void draw(String status, String typed) throws IOException {
    write(TO_STATUS + REVERSE + start(status, columns - 1) + PLAIN + "\n> " + end(typed, columns - 3));
  }

  /** Adds a line above them. */
  void add(String line, String status, String typed) throws IOException {
    write(TO_STATUS + printable(line) + "\n\n");
    draw(status, typed);
  }

  /** Leaves them behind. */
  void end() throws IOException {
    write("\n");
  }

  /** Whole, so that nobody sees half a picture. */
  private void write(String text) throws IOException {
    terminal.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What others send must not command the terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String start(String text, int length) {
    return text.substring(0, Math.min(text.length(), length));
  }

  private static String end(String text, int length) {
    return text.substring(Math.max(0, text.length() - length));
  }
}
