package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/**
 * Rules 15 and 16: how late a closed source is reported at most, of which the system does not tell. The numbers are
 * those of docs/contract.md. A time is measured from the close to the begin of a poll, so that a slow machine is no
 * failure.
 */
class ClosedSourceTest extends ContractTest {

  private static final Duration LATE = Duration.ofMillis(10); // or more, for more than a thousand sources
  private static final Duration LATE_FOR_EACH = Duration.ofNanos(10_000);
  private static final int POLLS_FOR_EACH_RAW = 16; // of a busy loop
  private static final int CHANNELS_FOR_EACH_POLL = 4;
  private static final int SPARE = 30; // sources that a host may add, see Crossing
  private static final int HIGH = 900; // a number that no other thread of this JVM is given

  private static final String LATER = "rules 15, 16: it is reported within the bound";

  private int count; // of sources

  private void silentChannels(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      sources.register("channel " + count++, pipe().source(), Interest.READ);
    }
  }

  private void silentRaw(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      sources.register("raw " + count++, Source.of(keep(Posix.pipe()).first()), Interest.READ);
    }
  }

  private void timersAndWakers(int number) {
    for (int i = 0; i < number; i++) {
      sources.timer("timer " + i, Duration.ofHours(1).plusMillis(i));
      sources.waker("waker " + i);
    }
  }

  private Pipe.SourceChannel closing() throws Exception {
    Pipe.SourceChannel channel = pipe().source();
    sources.register("closed", channel, Interest.READ);
    count++;
    return channel;
  }

  private int closingRaw() throws Exception {
    Posix.dup2(keep(Posix.pipe()).first(), HIGH);
    sources.register("closed", Source.of(HIGH), Interest.READ);
    count++;
    return HIGH;
  }

  /** Looks until the closed one is reported: no look that begins after the bound may miss it. */
  private void assertInTime() throws Exception {
    long closed = System.nanoTime();
    long bound = Math.max(LATE.toNanos(), (count + SPARE) * LATE_FOR_EACH.toNanos());
    Map<String, String> found;
    long waited;
    do {
      waited = System.nanoTime() - closed;
      found = now();
      assertTrue(found.containsKey("closed") || waited <= bound, LATER + ": not after " + waited + " ns");
    } while (!found.containsKey("closed"));
    assertEquals("invalid", found.get("closed"), "rule 15: invalid and nothing else");
    assertFalse(sources.contains("closed"), "rule 15: its entry is removed");
  }

  /** The same where another source is always ready, counted in polls. */
  private void assertWithin(int polls) throws Exception {
    Map<String, String> found = now();
    for (int i = 1; !found.containsKey("closed"); i++) {
      assertTrue(i <= polls, LATER + ": not in " + polls + " polls");
      found = now();
    }
    assertEquals("invalid", found.get("closed"), "rule 15: invalid and nothing else");
    assertFalse(sources.contains("closed"), "rule 15: its entry is removed");
  }

  @Test
  @DisplayName("rule 16: a closed channel is reported within the bound, in which timers and wakers do not count")
  void channelAmongTimers() throws Exception {
    timersAndWakers(Emulation.times(50_000));
    for (int others : new int[] {0, 1, 5, 16, 100}) {
      silentChannels(others);
      Pipe.SourceChannel channel = closing();
      now();
      now();
      channel.close();
      assertInTime();
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a closed raw descriptor is reported within the bound, in which timers and wakers do not count")
  void rawAmongTimers() throws Exception {
    timersAndWakers(Emulation.times(50_000));
    for (int others : new int[] {0, 1, 2, 3, 4, 20, 100}) {
      silentRaw(others);
      int descriptor = closingRaw();
      now();
      now();
      Posix.close(descriptor);
      assertInTime();
    }
  }

  @Test
  @DisplayName("rule 16: in a busy loop a closed channel is reported after a quarter of a poll for each source")
  void channelInBusyLoop() throws Exception {
    timersAndWakers(1_000);
    sources.register("busy", readyPipe().source(), Interest.READ);
    for (int others : new int[] {0, 1, 2, 3, 11, 80, 200}) {
      silentChannels(others);
      Pipe.SourceChannel channel = closing();
      assertNow(Map.of("busy", "readable"), "rule 13: it is open and silent");
      assertNow(Map.of("busy", "readable"), "rule 13: it is open and silent");
      channel.close();
      assertWithin((count + SPARE) / CHANNELS_FOR_EACH_POLL + 1);
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: in a busy loop a closed raw descriptor is reported after 16 polls for each source")
  void rawInBusyLoop() throws Exception {
    timersAndWakers(1_000);
    sources.register("busy", readyPipe().source(), Interest.READ);
    for (int others : new int[] {0, 1, 2, 3, 11, 80}) {
      silentRaw(others);
      int descriptor = closingRaw();
      assertNow(Map.of("busy", "readable"), "rule 13: it is open and silent");
      assertNow(Map.of("busy", "readable"), "rule 13: it is open and silent");
      Posix.close(descriptor);
      assertWithin((count + 1 + SPARE) * POLLS_FOR_EACH_RAW + 1);
    }
  }

  @Test
  @DisplayName("rule 16: a wait that begins after the close does not sleep until its timeout, among however many")
  void channelWait() throws Exception {
    for (int others : new int[] {0, 2, 5, 100, 200}) {
      silentChannels(others);
      Pipe.SourceChannel channel = closing();
      now();
      now();
      channel.close();
      assertEquals(Map.of("closed", "invalid"), Found.in(sources.poll()), LATER);
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a wait that begins after the close of a raw descriptor does not sleep until its timeout")
  void rawWait() throws Exception {
    for (int others : new int[] {0, 2, 5, 100}) {
      silentRaw(others);
      int descriptor = closingRaw();
      now();
      now();
      Posix.close(descriptor);
      assertEquals(Map.of("closed", "invalid"), Found.in(sources.poll()), LATER);
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a closed file is invalid within the bound, though it was always ready, and nothing else before")
  void file(@TempDir Path directory) throws Exception {
    RandomAccessFile file = keep(new RandomAccessFile(directory.resolve("file").toFile(), "rw"));
    silentRaw(3);
    for (boolean busy : new boolean[] {false, true}) {
      if (busy) {
        sources.register("busy", readyPipe().source(), Interest.READ);
      }
      for (Interest interest : new Interest[] {Interest.READ_WRITE, Interest.NONE}) {
        int descriptor = Posix.open("/dev/null");
        int copy = Posix.open(directory.resolve("file").toString());
        sources.register("closed", Source.of(copy), interest);
        count++;
        assertEquals(interest != Interest.NONE, now().containsKey("closed"), "rule 13: a file is always ready");
        Posix.close(copy);
        if (busy) {
          assertWithin((count + 1 + SPARE) * POLLS_FOR_EACH_RAW + 1);
        } else {
          assertInTime();
        }
        Posix.close(descriptor);
      }
    }
    assertTrue(file.getFD().valid(), "the file itself is still open");
  }

  @Test
  @DisplayName("rule 17: a closed source found first does not hide what the system has ready: both are in one batch")
  void notHidden() throws Exception {
    for (int others : new int[] {0, 3, 60}) {
      silentChannels(others);
      Pipe ready = pipe();
      List<Pipe.SourceChannel> closed = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Pipe.SourceChannel channel = pipe().source();
        closed.add(channel);
        sources.register("closed " + i, channel, Interest.READ);
      }
      sources.register("ready", ready.source(), Interest.READ);
      now();
      Link.send(ready.sink(), "x");
      for (Pipe.SourceChannel channel : closed) {
        channel.close();
      }
      passes(LATE); // so that the poll has to look for closed ones
      Map<String, String> first = next();
      assertEquals("readable", first.get("ready"), "rule 17: what is ready is in the first batch: " + first);
      sources.unregister("ready");
      Map<String, String> all = new TreeMap<>(first);
      while (all.size() < 4) {
        all.putAll(next());
      }
      assertEquals(Map.of("ready", "readable", "closed 0", "invalid", "closed 1", "invalid", "closed 2", "invalid"),
          all,
          LATER);
    }
  }

  @Test
  @DisplayName("rule 17: of three sources, a closed one and a ready one are in the same batch")
  void sameBatch() throws Exception {
    Pipe ready = pipe();
    Pipe closed = pipe();
    sources.register("ready", ready.source(), Interest.READ);
    sources.register("closed", closed.source(), Interest.READ);
    assertNow(NOTHING, "rule 13: both are silent");
    Link.send(ready.sink(), "x");
    closed.source().close();
    assertNext(Map.of("ready", "readable", "closed", "invalid"), "rule 17: both are in one batch");
  }
}
