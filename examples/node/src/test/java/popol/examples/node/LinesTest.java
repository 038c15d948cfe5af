package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import popol.examples.parts.Lines;

class LinesTest {

  private final Lines lines = new Lines();
  private final List<String> taken = new ArrayList<>();

  private List<String> add(String text) {
    taken.clear();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lines.add(bytes, bytes.length, taken::add);
    return taken;
  }

  @Test
  void givesWholeLines() {
    assertEquals(List.of("peers"), add("peers\n"), "a line");
    assertEquals(List.of(), add("say a"), "no line of a part");
    assertEquals(List.of("say a b ", "", "quit"), add(" b \n\nquit\nx"), "the rest of the line, and others");
    taken.clear();
    lines.end(taken::add);
    assertEquals(List.of("x"), taken, "the last one without its end");
  }

  @Test
  void givesCharactersThatCameInPieces() {
    byte[] bytes = "\u20ac\ud83d\ude00\n".getBytes(StandardCharsets.UTF_8);
    for (byte one : bytes) {
      lines.add(new byte[] {one}, 1, taken::add);
    }
    assertEquals(List.of("\u20ac\ud83d\ude00"), taken, "whole characters");
  }

  @Test
  void cutsALineThatIsTooLongAndSaysSo() {
    String most = "x".repeat(Lines.MOST);
    for (int i = 0; i < 1000; i++) {
      assertEquals(List.of(), add(most), "no end yet");
    }
    assertEquals(1000L * Lines.MOST, lines.size(), "all of it was counted");
    assertEquals(List.of(most + " [and " + 999L * Lines.MOST + " bytes more]", "next"), add("\nnext\n"), "the bound");
  }
}
