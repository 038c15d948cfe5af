package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The array of a poll with entries of either width, without a kernel. */
class PollFormatTest {

  private static final List<PollFormat> FORMATS = List.of(FakePollArray.NARROW, FakePollArray.WIDE);

  @Test
  void flagsAreWhatIsAskedForAndReadinessIsWhatIsFound() {
    for (PollFormat format : FORMATS) {
      assertEquals(0, format.flags(Readiness.HANGUP | Readiness.ERROR | Readiness.INVALID),
          "these are always reported");
      for (int bit = 1; bit <= Readiness.INVALID; bit <<= 1) {
        int flag = switch (bit) {
          case Readiness.READABLE -> format.in();
          case Readiness.WRITABLE -> format.out();
          case Readiness.PRIORITY -> format.pri();
          case Readiness.READ_CLOSED -> format.rdhup();
          case Readiness.HANGUP -> format.hup();
          case Readiness.ERROR -> format.err();
          default -> format.nval();
        };
        assertEquals(flag == 0 ? 0 : bit, format.readiness(flag), "the flag means this bit and no other");
        assertEquals((bit & Readiness.WANTED) == 0 ? 0 : flag, format.flags(bit));
      }
    }
  }

  @Test
  void entriesSurviveGrowthAndRemoval() throws Exception {
    for (PollFormat format : FORMATS) {
      try (FakePollArray array = new FakePollArray(format)) {
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          long descriptor = format.wide() ? (1L << 40) + i : i;
          watches.add(new Watch(descriptor, i % 4 == 2 ? Readiness.WRITABLE : Readiness.READABLE));
          array.add(watches.get(i));
          array.kernel.put(descriptor, i % 2 == 0 ? Readiness.READABLE : 0);
        }
        for (int i = 0; i < 100; i += 3) {
          array.remove(watches.get(i));
          assertFalse(watches.get(i).isInstalled(), "it is out");
        }
        Map<Watch, Integer> expected = new HashMap<>();
        for (int i = 0; i < 100; i += 2) {
          if (i % 3 != 0) {
            expected.put(watches.get(i), Readiness.READABLE);
          }
        }
        assertTrue(array.await(0));
        assertEquals(expected, collected(array), "each that is in and has something");
        assertEquals(66, array.asked.size(), "the kernel is asked for those that are in, once each");
        assertEquals(format.out(), array.asked.get(watches.get(2).descriptor()), "and for what each wants");
      }
    }
  }

  @Test
  void aWatchCanBeAskedForByItself() throws Exception {
    try (FakePollArray array = new FakePollArray(FakePollArray.NARROW)) {
      array.add(new Watch(1, Readiness.READABLE));
      array.kernel.put(1L, Readiness.READABLE);
      array.kernel.put(2L, Readiness.WRITABLE);
      assertTrue(array.await(0));
      assertEquals(Readiness.WRITABLE, array.await(new Watch(2, Readiness.WRITABLE), 0));
      assertEquals(1, collected(array).size(), "what the wait of all found can still be collected");
    }
  }

  @Test
  void aSocketIsPassedWithAllItsBits() throws Exception {
    try (FakePollArray array = new FakePollArray(FakePollArray.WIDE)) {
      for (long socket : new long[] {5, 0x8000_0004L, 0xffff_fffcL, 5 | 1L << 32, Long.MAX_VALUE}) {
        array.add(new Watch(socket, Readiness.READABLE));
        array.kernel.put(socket, Readiness.READABLE);
      }
      array.kernel.remove(5L);
      assertTrue(array.await(0));
      assertEquals(array.kernel.keySet(),
          collected(array).keySet().stream().map(Watch::descriptor).collect(Collectors.toSet()));
    }
  }

  @Test
  void aTimeIsRoundedUpToMilliseconds() {
    assertEquals(-1, PollArray.milliseconds(-5), "without end");
    assertEquals(0, PollArray.milliseconds(0));
    assertEquals(1, PollArray.milliseconds(1));
    assertEquals(2, PollArray.milliseconds(1_000_001));
    assertEquals(Integer.MAX_VALUE, PollArray.milliseconds(Long.MAX_VALUE), "the engine comes again");
  }

  private static Map<Watch, Integer> collected(Poller poller) {
    Map<Watch, Integer> found = new HashMap<>();
    poller.collect(found::put);
    return found;
  }
}
