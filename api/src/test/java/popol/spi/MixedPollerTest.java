package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Watches beside a poll array, without a kernel: what descriptors are is in a map. */
class MixedPollerTest {

  private static final int FIRST_APART = 100; // and every number above

  private final Map<Long, Integer> kernel = new HashMap<>(); // flags by descriptor
  private long waited; // nanoseconds that the array was last given

  private final class Array extends PollArray {

    Array() {
      super(PollFormat.UNIX);
    }

    @Override
    @SuppressWarnings("restricted") // the kernel's view of a pointer
    protected int poll(MemorySegment entries, int count, long nanos) {
      MemorySegment array = entries.reinterpret(count * 8L);
      waited = nanos;
      int found = 0;
      for (long at = 0; at < count * 8L; at += 8) {
        int flags = kernel.getOrDefault((long) array.get(ValueLayout.JAVA_INT, at), 0);
        array.set(ValueLayout.JAVA_SHORT, at + 6, (short) flags);
        found += flags != 0 ? 1 : 0;
      }
      return found;
    }
  }

  /** Sets what has hung up apart. */
  private final class Poller extends MixedPoller {

    Poller() {
      super(new Array());
    }

    @Override
    protected boolean isApart(Watch watch) {
      return watch.descriptor() >= FIRST_APART;
    }

    @Override
    protected int ask(Watch watch) {
      return PollFormat.UNIX.readiness(kernel.getOrDefault(watch.descriptor(), 0)) & ~Readiness.HANGUP;
    }

    @Override
    protected int translate(Watch watch, int found) {
      return (found & Readiness.HANGUP) != 0 ? SET_APART : found;
    }
  }

  private static Map<Long, Integer> found(MixedPoller poller, long nanos) throws Exception {
    Map<Long, Integer> found = new HashMap<>();
    poller.collect(poller.await(nanos), (watch, readiness) -> found.put(watch.descriptor(), readiness));
    return found;
  }

  @Test
  void whatIsApartIsFoundBesideTheArrayAndCutsTheWaitIntoSlices() throws Exception {
    try (Poller poller = new Poller()) {
      Watch inside = new Watch(1, Readiness.READABLE);
      Watch apart = new Watch(FIRST_APART, Readiness.READABLE);
      poller.add(inside);
      assertEquals(Map.of(), found(poller, -1));
      assertEquals(-1, waited, "with nothing apart a wait is one wait");
      poller.add(apart);
      assertEquals(Map.of(), found(poller, -1));
      assertTrue(waited > 0, "with something apart it is a slice");
      assertEquals(Map.of(), found(poller, 5));
      assertEquals(5, waited, "and no longer than was asked for");
      kernel.put(100L, UnixHeaders.POLLIN);
      kernel.put(1L, UnixHeaders.POLLIN);
      assertEquals(Map.of(1L, Readiness.READABLE, 100L, Readiness.READABLE), found(poller, -1), "both are found");
      assertEquals(0, waited, "what is ready apart does not wait");
      apart.interest(0);
      poller.modify(apart);
      kernel.remove(1L);
      assertEquals(Map.of(), found(poller, 5));
      assertEquals(5, waited, "what nobody wants to hear of does not cut a wait short");
      poller.remove(apart);
      assertEquals(-1, apart.slot(), "it is out");
    }
  }

  @Test
  void whatIsSetApartComesBackWhenItsInterestIsSet() throws Exception {
    try (Poller poller = new Poller()) {
      Watch[] watches = {new Watch(1, Readiness.READABLE), new Watch(2, Readiness.WRITABLE), new Watch(3, 1)};
      for (Watch watch : watches) {
        poller.add(watch);
      }
      for (long i = 1; i <= 3; i++) {
        kernel.put(i, i == 2 ? UnixHeaders.POLLHUP : UnixHeaders.POLLIN);
      }
      assertEquals(Map.of(1L, Readiness.READABLE, 3L, Readiness.READABLE), found(poller, 0), "2 is set apart");
      kernel.remove(1L);
      kernel.remove(3L);
      assertEquals(Map.of(), found(poller, -1), "and is silent there");
      kernel.put(2L, UnixHeaders.POLLHUP | UnixHeaders.POLLOUT);
      assertEquals(Map.of(2L, Readiness.WRITABLE), found(poller, -1), "until there is something to report");
      kernel.put(2L, UnixHeaders.POLLOUT);
      poller.modify(watches[1]);
      assertEquals(Map.of(2L, Readiness.WRITABLE), found(poller, -1), "it is back in the array");
      assertEquals(-1, waited, "where a wait is one wait");
    }
  }
}
