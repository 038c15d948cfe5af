package popol.examples.node;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import popol.Source;

/** Lines that are typed. Reads what is there and no more, so that a wait for the next byte is true. */
final class Console {

  private static final int MAX_LINE = Wire.MAX_FRAME; // bytes; what is longer comes in pieces

  private final FileInputStream input;
  private final byte[] typed = new byte[MAX_LINE]; // since the last end of a line
  private int count;

  /**
   * A console.
   *
   * @param input what to read; nothing that buffers, such as {@code System.in}
   */
  Console(FileInputStream input) {
    this.input = input;
  }

  Source source() throws IOException {
    return Source.of(input.getFD());
  }

  /**
   * Reads once.
   *
   * @return the lines that have come to their end, or null at the end of the input
   */
  List<String> read() throws IOException {
    int read = input.read(typed, count, MAX_LINE - count);
    if (read < 0) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end = count; end < count + read; end++) {
      if (typed[end] == '\n') {
        lines.add(line(start, end));
        start = end + 1;
      }
    }
    count += read - start;
    System.arraycopy(typed, start, typed, 0, count);
    if (count == MAX_LINE) {
      lines.add(line(0, count));
      count = 0;
    }
    return lines;
  }

  private String line(int start, int end) {
    return new String(typed, start, end - start, StandardCharsets.UTF_8).strip();
  }
}
