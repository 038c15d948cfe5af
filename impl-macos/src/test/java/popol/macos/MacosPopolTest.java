package popol.macos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the service says without having called macOS. Runs on any system. */
class MacosPopolTest {

  @Test
  @DisabledOnOs(OS.MAC)
  void onAnotherSystemItSaysThatItDoesNotWorkThere() {
    IllegalStateException thrown = assertThrows(IllegalStateException.class, new MacosPopol()::open);
    assertEquals("popol.macos.MacosPopol does not work on " + System.getProperty("os.name"), thrown.getMessage());
  }
}
