package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** Rules 13 to 15 for terminals and serial lines, for which pseudo-terminals stand. */
@LinuxOnly
class TerminalSourceTest extends ContractTest {

  private int line(Terminal terminal) throws Exception {
    int line = terminal.openLine();
    keep(() -> Posix.close(line));
    return line;
  }

  @Test
  @DisplayName("rule 13: a terminal in line mode is readable once the line is whole")
  void lineMode() throws Exception {
    Terminal terminal = keep(Terminal.open());
    int line = line(terminal);
    sources.register("terminal", Source.of(line), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was typed");
    Posix.write(terminal.driver(), "ab");
    assertSilent("rule 13: half a line cannot be read");
    Posix.write(terminal.driver(), "c\n");
    assertNext(Map.of("terminal", "readable"), "rule 13: the line is whole");
    assertEquals("abc\n", Posix.read(line, 100), "rule 13: the line");
    assertNow(NOTHING, "rule 13: it was read");
  }

  @Test
  @DisplayName("rule 13: both sides of a raw terminal, byte by byte")
  void raw() throws Exception {
    Terminal terminal = keep(Terminal.open());
    int line = line(terminal);
    Terminal.makeRaw(line);
    sources.register("driver", Source.of(terminal.driver()), Interest.READ_WRITE);
    sources.register("terminal", Source.of(line), Interest.READ_WRITE);
    assertNow(Map.of("driver", "writable", "terminal", "writable"), "rule 13: there is room both ways");
    sources.interest("driver", Interest.READ);
    sources.interest("terminal", Interest.READ);
    Posix.write(terminal.driver(), "k");
    assertNext(Map.of("terminal", "readable"), "rule 13: a key was typed");
    assertEquals("k", Posix.read(line, 100), "rule 13: the key");
    Posix.write(line, "s");
    assertNext(Map.of("driver", "readable"), "rule 13: something is shown");
    assertEquals("s", Posix.read(terminal.driver(), 100), "rule 13: what is shown");
  }

  @Test
  @DisplayName("rule 13, 15: a serial line opened by RandomAccessFile: data both ways, then the hang-up")
  void serialLine() throws Exception {
    assumeFalse(isSessionLeader(), "the line would become the terminal of this process, and its hang-up the end of it");
    try (Terminal terminal = Terminal.open()) {
      RandomAccessFile line = keep(new RandomAccessFile(terminal.name(), "rw"));
      Terminal.makeRaw(line(terminal));
      sources.register("line", Source.of(line.getFD()), Interest.READ);
      assertNow(NOTHING, "rule 13: nothing was sent");
      Posix.write(terminal.driver(), "AT\r");
      assertNext(Map.of("line", "readable"), "rule 13: something was sent");
      byte[] buffer = new byte[10];
      assertEquals(3, line.read(buffer), "rule 13: what was sent");
      assertEquals("AT\r", new String(buffer, 0, 3), "rule 13: what was sent, unchanged");
      line.write("OK".getBytes());
      assertEquals("OK", Posix.read(terminal.driver(), 10), "the answer");
    }
    String found = next().get("line");
    assertTrue(found.startsWith("readable") && found.contains("hangup"), "rule 14: the other side is gone: " + found);
    sources.interest("line", Interest.NONE);
    found = next().get("line");
    assertTrue(found.contains("hangup"), "rule 15: reported to NONE: " + found);
    assertSilent("rule 15: once");
  }

  @Test
  @DisplayName("rule 13: a change of a terminal's state is PRIORITY for the side that drives it, in packet mode")
  void priority() throws Exception {
    assumeTrue(Emulation.tellsOfUrgentData(), "macOS's poll does not tell of it");
    Terminal terminal = keep(Terminal.open());
    int line = line(terminal);
    terminal.reportChanges();
    sources.register("driver", Source.of(terminal.driver()), Interest.PRIORITY);
    assertNow(NOTHING, "rule 13: nothing has changed");
    Terminal.flushInput(line);
    assertNext(Map.of("driver", "priority"), "rule 13: the input was flushed");
    sources.interest("driver", Interest.READ_WRITE.plus(Interest.PRIORITY));
    String found = next().get("driver");
    assertTrue(found.contains("priority"), "rule 13: until it is read: " + found);
    assertEquals(1, Posix.read(terminal.driver(), 1).charAt(0), "TIOCPKT_FLUSHREAD");
    sources.interest("driver", Interest.PRIORITY);
    assertNow(NOTHING, "rule 13: it was read");
  }

  private static boolean isSessionLeader() throws Exception {
    return Posix.getsid() == ProcessHandle.current().pid();
  }
}
