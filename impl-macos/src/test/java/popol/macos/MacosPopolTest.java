package popol.macos;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import popol.Source;

/** What the service says without having called macOS. Runs on any system. */
class MacosPopolTest {

  private final MacosPopol popol = new MacosPopol();

  @Test
  void aDescriptorIsAnIntOf0OrMore() {
    assertDoesNotThrow(() -> popol.check(Source.of(0), 0));
    for (long number : new long[] {-1, 1L << 31}) {
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> popol.check(Source.of(number), number));
      assertEquals(number + " is not a file descriptor", thrown.getMessage());
    }
  }

  @Test
  @DisabledOnOs(OS.MAC)
  void onAnotherSystemItSaysThatItDoesNotWorkThere() {
    IllegalStateException thrown = assertThrows(IllegalStateException.class, popol::open);
    assertEquals("popol.macos.MacosPopol does not work on " + System.getProperty("os.name"), thrown.getMessage());
  }
}
