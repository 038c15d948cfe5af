package popol.windows;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import popol.Source;

/** What the service says without having called Windows. Runs on any system. */
class WindowsPopolTest {

  private final WindowsPopol popol = new WindowsPopol();

  @Test
  void aSocketIsAnyHandleButInvalidSocket() {
    assertDoesNotThrow(() -> popol.check(Source.of(1L << 40), 1L << 40), "SOCKET has 64 bits");
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> popol.check(Source.of(-1), -1));
    assertEquals("-1 is INVALID_SOCKET", thrown.getMessage());
  }

  @Test
  void onlyStandardInputIsAFileThatCanBeWaitedOn() {
    assertDoesNotThrow(() -> popol.check(Source.stdin(), StandardInput.DESCRIPTOR));
    Source out = Source.of(FileDescriptor.out);
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> popol.check(out, 1));
    assertEquals(
        out + " is not a socket, and WSAPoll waits on sockets alone: on Windows have a thread read it and wake the"
            + " registry",
        thrown.getMessage());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void onAnotherSystemItSaysThatItDoesNotWorkThere() {
    IllegalStateException thrown = assertThrows(IllegalStateException.class, popol::open);
    assertEquals("popol.windows.WindowsPopol does not work on " + System.getProperty("os.name"), thrown.getMessage());
  }
}
