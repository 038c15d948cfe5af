package popol.examples;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Puts lines together from bytes in any pieces: one read can bring several lines, and the beginning of another. Nothing
 * is read ahead, so that a poll sees all that is not here.
 */
final class Lines {

  private final ByteArrayOutputStream begun = new ByteArrayOutputStream(); // since the last end of a line

  /** Takes in bytes, and hands on each line that they complete, without its end. */
  void add(byte[] bytes, int count, Consumer<String> line) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        begun.write(bytes, start, i - start);
        line.accept(begun.toString(StandardCharsets.UTF_8)); // as a whole: a read may end within a character
        begun.reset();
        start = i + 1;
      }
    }
    begun.write(bytes, start, count - start);
  }

  /** How many bytes there are of a line that is not complete. */
  int size() {
    return begun.size();
  }

  /** Hands on what is left when no more will come: a last line without an end. */
  void end(Consumer<String> line) {
    if (begun.size() > 0) {
      line.accept(begun.toString(StandardCharsets.UTF_8));
      begun.reset();
    }
  }
}
