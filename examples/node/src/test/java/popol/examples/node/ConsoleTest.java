package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

  @TempDir
  Path temporary;

  @Test
  void givesWholeLines() throws Exception {
    Path typed = temporary.resolve("typed");
    Files.writeString(typed, "peers\n");
    try (FileInputStream input = new FileInputStream(typed.toFile())) {
      Console console = new Console(input);
      assertEquals(List.of("peers"), console.read(), "a line");
      assertNull(console.read(), "the end");
      Files.writeString(typed, "peers\n say a");
      assertEquals(List.of(), console.read(), "no line of a part");
      Files.writeString(typed, "peers\n say a b  \r\n\nquit\nx");
      assertEquals(List.of("say a b", "", "quit"), console.read(), "the rest of the line, and others");
    }
  }

  @Test
  void givesALongLineInPieces() throws Exception {
    Path typed = temporary.resolve("typed");
    String line = "x".repeat(10 * Wire.MAX_FRAME);
    Files.writeString(typed, line);
    try (FileInputStream input = new FileInputStream(typed.toFile())) {
      Console console = new Console(input);
      List<String> pieces = new ArrayList<>();
      for (List<String> lines = console.read(); lines != null; lines = console.read()) {
        pieces.addAll(lines);
      }
      assertEquals(line, String.join("", pieces), "all that was typed");
    }
  }
}
