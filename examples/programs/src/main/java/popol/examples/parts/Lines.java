package popol.examples.parts;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Puts lines together from bytes that come in any pieces: one read can bring several lines and the beginning of
 * another. A line has a bound, so that nobody fills the memory with a line that has no end.
 */
public final class Lines {

  /** The most bytes of a line that are kept. */
  public static final int MOST = 8 * 1024;

  private final ByteArrayOutputStream begun = new ByteArrayOutputStream(); // since the last end of a line
  private long cut; // bytes of that line which are not kept

  /** Makes an empty one. */
  public Lines() {}

  /**
   * Takes in bytes, and hands on each line that they complete, without its end. Where a line was too long, it says how
   * many bytes are missing.
   *
   * @param bytes the bytes, of which nothing is kept
   * @param count how many there are
   * @param line takes each line
   */
  public void add(byte[] bytes, int count, Consumer<String> line) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        keep(bytes, start, i - start);
        line.accept(take());
        start = i + 1;
      }
    }
    keep(bytes, start, count - start);
  }

  private void keep(byte[] bytes, int start, int count) {
    int kept = Math.min(count, MOST - begun.size());
    begun.write(bytes, start, kept);
    cut += count - kept;
  }

  /** The bytes become characters all at once, because a read may end within a character. */
  private String take() {
    String text = begun.toString(StandardCharsets.UTF_8) + (cut == 0 ? "" : " [and " + cut + " bytes more]");
    begun.reset();
    cut = 0;
    return text;
  }

  /**
   * The size of the line that is not complete.
   *
   * @return its bytes so far
   */
  public long size() {
    return begun.size() + cut;
  }

  /**
   * Hands on a last line that has no end, when no more bytes will come.
   *
   * @param line takes the line, if there is one
   */
  public void end(Consumer<String> line) {
    if (size() > 0) {
      line.accept(take());
    }
  }
}
