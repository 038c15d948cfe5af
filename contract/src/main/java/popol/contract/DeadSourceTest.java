package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.PipeSource;
import popol.Source;

/** Rules 15 and 17: dead sources neither spin the loop nor hold up the others. */
class DeadSourceTest extends ContractTest {

  /** A descriptor number that no other thread of this JVM is given: the system hands out the lowest. */
  private static final int HIGH = 900;

  @Test
  @PosixOnly
  @DisplayName("rule 15: a closed raw descriptor is one invalid event, then silence, and its entry is gone")
  void closedDescriptor() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.dup2(pipe.first(), HIGH);
    sources.register("key", Source.of(HIGH), Interest.READ);
    assertNow(NOTHING, "rule 13: it is open and silent");
    Posix.close(HIGH);
    assertNext(Map.of("key", "invalid"), "rule 15: invalid and nothing else");
    assertFalse(sources.contains("key"), "rule 15: its entry is removed");
    assertTrue(sources.isEmpty(), "rule 15: its entry is removed");
    assertSilent("rule 15: reported once");
    Posix.dup2(pipe.first(), HIGH);
    keep(() -> Posix.close(HIGH));
    sources.register("key", Source.of(HIGH), Interest.READ);
    Posix.write(pipe.second(), "x");
    assertNow(Map.of("key", "readable"), "rule 15: the key and the number can be registered again");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a number that is no open descriptor is reported invalid once, whatever the interest")
  void neverOpen() throws Exception {
    sources.register("a", Source.of(HIGH), Interest.NONE);
    sources.register("b", Source.of(HIGH + 1), Interest.READ_WRITE);
    assertNow(Map.of("a", "invalid", "b", "invalid"), "rule 15: NONE is told too");
    assertTrue(sources.isEmpty(), "rule 15: their entries are removed");
    assertSilent("rule 15: reported once");
  }

  @Test
  @DisplayName("rule 15: popol's own pipe, closed, is reported invalid once")
  void closedOwnPipe() throws Exception {
    PipeSource pipe = keep(Host.openPipe());
    sources.register("key", Source.of(pipe), Interest.READ);
    assertNow(NOTHING, "rule 13: it is open and silent");
    pipe.close();
    assertNow(Map.of("key", "invalid"), "rule 15: invalid and nothing else");
    assertSilent("rule 15: reported once");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a hang-up that the interest does not consume is reported once, until the interest is set")
  void hangup() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    sources.register("key", Source.of(pipe.first()), Interest.NONE);
    assertNow(NOTHING, "rule 15: both ends are open");
    Posix.close(pipe.second());
    assertNext(Map.of("key", "hangup"), "rule 15: NONE hears of a hang-up");
    assertSilent("rule 15: once");
    assertTrue(sources.contains("key"), "rule 15: the entry stays");
    sources.interest("key", Interest.NONE);
    assertNow(Map.of("key", "hangup"), "rule 15: setting the interest makes it speak again");
    assertSilent("rule 15: once");
    sources.interest("key", Interest.PRIORITY);
    assertNow(Map.of("key", "hangup"), "rule 15: also for an interest that does not consume it");
    assertSilent("rule 15: once");
    sources.enable("key", Interest.READ);
    assertNow(Map.of("key", "readable hangup"), "rule 14: a reader is told that a read gives the end");
    assertNow(Map.of("key", "readable hangup"), "rule 13: as long as it is interested");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: an entry silent after its hang-up does not hold up others, and can be unregistered")
  void silentEntry() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    sources.register("dead", Source.of(pipe.first()), Interest.NONE);
    Posix.close(pipe.second());
    assertNext(Map.of("dead", "hangup"), "rule 15: reported once");
    Pipe live = pipe();
    sources.register("live", live.source(), Interest.READ);
    Waiting waiting = Waiting.on(sources);
    Link.send(live.sink(), "x");
    assertEquals(Map.of("live", "readable"), waiting.found(), "rule 17: the other one is heard");
    assertTrue(sources.unregister("dead"), "rule 3: it was there");
    sources.register("dead", Source.of(pipe.first()), Interest.READ);
    assertNow(Map.of("live", "readable", "dead", "readable hangup"), "rule 3: and can be registered again");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: the write end of a pipe without a reader: an error, once without interest, else writable")
  void writeEnd() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    sources.register("key", Source.of(pipe.second()), Interest.NONE);
    Posix.close(pipe.first());
    String found = next().get("key");
    assertNotNull(found, "rule 15: NONE hears of an error");
    assertTrue(found.contains("error") || found.contains("hangup"), "rule 15: an error: " + found);
    assertSilent("rule 15: once");
    sources.interest("key", Interest.WRITE);
    found = now().get("key");
    assertTrue(found.contains("writable"), "rule 13: a writer is told that a write will not block: " + found);
  }

  @Test
  @DisplayName("rule 15: a peer gone is reported once where only NONE is asked for")
  void peerGone() throws Exception {
    Link link = link();
    link.near().shutdownOutput();
    sources.register("key", link.near(), Interest.NONE);
    assertSilent("rule 15: one direction is still open");
    link.far().close();
    assertNext(Map.of("key", "hangup"), "rule 15: closed in both directions is a hang-up, told to NONE too");
    assertSilent("rule 15: once");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 17: bad sources do not keep the good ones from being reported")
  void badAmongGood() throws Exception {
    Pipe closed = pipe();
    Posix.Pair hungUp = keep(Posix.pipe());
    sources.register("closed", closed.source(), Interest.READ);
    sources.register("good 1", readyPipe().source(), Interest.READ);
    sources.register("no descriptor", Source.of(HIGH), Interest.READ);
    sources.register("hung up", Source.of(hungUp.first()), Interest.NONE);
    sources.register("good 2", readyPipe().source(), Interest.READ);
    closed.source().close();
    Posix.close(hungUp.second());
    assertNow(Map.of("closed", "invalid", "no descriptor", "invalid", "hung up", "hangup",
        "good 1", "readable", "good 2", "readable"), "rule 17: all are reported, the good ones too");
    assertNow(Map.of("good 1", "readable", "good 2", "readable"), "rule 15: the bad ones once");
    assertEquals(Set.of("good 1", "good 2", "hung up"), sources.keys(), "rule 15: the invalid ones are gone");
  }
}
