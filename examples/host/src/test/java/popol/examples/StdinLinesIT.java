package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standard input, of which no byte is lost. */
@Timeout(60)
class StdinLinesIT {

  private static final int MUCH = 1024 * 1024; // bytes

  @Test
  void printsAllLinesOfOneReadAndKeepsTheBegunOne() throws Exception {
    try (Child child = new Child(Launch.withoutExport(StdinLines.class, "1"))) {
      child.type("one\ntwo\n\nfo"); // and the end of the line, which type adds
      child.expect("1\tone");
      child.expectNext("2\ttwo");
      child.expectNext("3\t");
      child.expectNext("4\tfo");
      child.type("five\nsix");
      child.expect("5\tfive");
      child.expectNext("6\tsix");
      child.expect("waiting, with 0 bytes of a line");
      child.endInput();
      child.expectExit(0);
    }
  }

  @Test
  void losesNoByteOfMuch(@TempDir Path directory) throws Exception {
    byte[] text = text();
    Path output = directory.resolve("output");
    Process process = new ProcessBuilder(Launch.withoutExport(StdinLines.class)).redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      write(text, process.getOutputStream());
      assertTrue(process.waitFor(40, TimeUnit.SECONDS), "it ends at the end of its input");
      assertEquals(0, process.exitValue(), "it ends well");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(numbered(text), Files.readString(output), "each line, and the last one without its end");
  }

  /** In a JVM of 32 MB. */
  @Test
  void takesALineWithoutEndInLittleMemory(@TempDir Path directory) throws Exception {
    int size = 100 * 1024 * 1024;
    Path output = directory.resolve("output");
    long start = System.nanoTime();
    Process process = new ProcessBuilder(Launch.withoutExport(StdinLines.class)).redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (OutputStream input = process.getOutputStream()) {
      byte[] some = "x".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
      for (int count = 0; count < size; count += some.length) {
        input.write(some);
      }
      input.write("\nnext\n".getBytes(StandardCharsets.US_ASCII));
    }
    assertTrue(process.waitFor(40, TimeUnit.SECONDS), "it ends at the end of its input");
    System.out.println("a line of 100 MB: " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals("1\t" + "x".repeat(8192) + " [and " + (size - 8192) + " bytes more]\n2\tnext\n",
        Files.readString(output), "the start of the line, how much is missing, and the next line");
  }

  /** Lines of any length, some with characters of several bytes; the last one has no end. */
  private static byte[] text() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    while (text.length() < MUCH) {
      text.append(Integer.toString(random.nextInt(1_000_000), 36).repeat(random.nextInt(100)));
      text.append(random.nextInt(4) == 0 ? "\u20ac\u00fc" : "").append('\n');
    }
    return text.append("the end").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** In pieces that end anywhere. */
  private static void write(byte[] bytes, OutputStream output) throws Exception {
    Random random = new Random(8);
    try (output) {
      for (int from = 0; from < bytes.length;) {
        int count = Math.min(1 + random.nextInt(3_000), bytes.length - from);
        output.write(bytes, from, count);
        output.flush();
        from += count;
      }
    }
  }

  private static String numbered(byte[] text) {
    StringBuilder expected = new StringBuilder();
    int number = 0;
    for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
      number++;
      expected.append(number).append('\t').append(line).append('\n');
    }
    return expected.toString();
  }
}
