package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** Rules 20 and 21: what a poll allocates, and what a registry leaves behind. */
class CostTest extends ContractTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int POLLS = 2_000; // in what is measured at a time
  private static final int MEASUREMENTS = 200; // until one of them must show the steady state

  /** The JVM's own use of native memory goes up and down; 10,000 registries that are not freed have 40 MB at least. */
  private static final long NOISE = 4_000_000;

  private static final int REGISTRIES = 10; // whose native memory is measured together
  private static final long NATIVE_FOR_EACH = 8 + 16; // as docs/contract.md says: a poll entry, and an event of epoll
  private static final long NATIVE_FOR_REGISTRY = 1_000;

  private static final int NO_DESCRIPTOR = 1 << 28; // numbers from here on are of no file

  private long found; // so that no event is left unread

  @Test
  @DisplayName("rule 20: a poll that finds several sources allocates nothing, iteration included")
  void ready() throws Exception {
    for (int i = 0; i < 5; i++) {
      sources.register("ready " + i, readyPipe().source(), Interest.READ);
      sources.register("silent " + i, pipe().source(), Interest.READ);
    }
    withWakerAndTimers();
    assertAllocatesNothing(() -> read(SOON), 5 * POLLS);
    assertAllocatesNothing(() -> read(Duration.ZERO), 5 * POLLS);
  }

  @Test
  @DisplayName("rule 20: a poll without a timeout allocates nothing, iteration included")
  void endless() throws Exception {
    sources.register("ready", readyPipe().source(), Interest.READ);
    withWakerAndTimers();
    assertAllocatesNothing(() -> {
      for (Event<String> event : sources.poll()) {
        count(event);
      }
    }, POLLS);
  }

  @Test
  @DisplayName("rule 20: a poll that times out allocates nothing")
  void timedOut() throws Exception {
    Duration timeout = Duration.ofNanos(20_000);
    sources.register("silent", pipe().source(), Interest.READ);
    withWakerAndTimers();
    assertAllocatesNothing(() -> read(timeout), 0);
  }

  @Test
  @DisplayName("rule 20: wakes and reports of wakes allocate nothing")
  void woken() throws Exception {
    sources.register("ready", readyPipe().source(), Interest.READ);
    Waker waker = sources.waker("waker");
    assertAllocatesNothing(() -> {
      waker.wake();
      read(SOON);
    }, 2 * POLLS);
  }

  @Test
  @DisplayName("rule 20: a loop over events that is left by break, by return or by an exception allocates nothing")
  void leftEarly() throws Exception {
    for (int i = 0; i < 3; i++) {
      sources.register("ready " + i, readyPipe().source(), Interest.READ);
    }
    Waker waker = sources.waker("waker");
    withTimers();
    assertAllocatesNothing(() -> {
      waker.wake();
      for (Event<String> event : sources.poll()) {
        count(event);
        break;
      }
    }, POLLS);
    assertAllocatesNothing(() -> {
      waker.wake();
      countFirst();
    }, POLLS);
    assertAllocatesNothing(() -> {
      waker.wake();
      try {
        throwAtFirst();
      } catch (IllegalStateException handlers) {
        found++;
      }
    }, POLLS);
  }

  private boolean countFirst() throws Exception {
    for (Event<String> event : sources.poll(SOON)) {
      count(event);
      return true;
    }
    return false;
  }

  private void throwAtFirst() throws Exception {
    for (Event<String> event : sources.poll(Duration.ZERO)) {
      if (event.isReadable() || event.isWake()) {
        throw FAILURE;
      }
    }
  }

  private static final IllegalStateException FAILURE = new IllegalStateException("a handler's");

  @Test
  @DisplayName("rule 20: expiries of a periodic timer, and events that are reported once, allocate nothing")
  void periodic() throws Exception {
    sources.timer("beat", Duration.ZERO, Duration.ofNanos(1));
    sources.register("once", readyPipe().source(), Interest.READ.plus(Interest.ONCE));
    assertAllocatesNothing(() -> {
      for (Event<String> event : sources.poll(SOON)) {
        if (event.isReadable()) {
          sources.interest(event.key(), Interest.READ.plus(Interest.ONCE));
        }
        found += event.isExpired() || event.isReadable() ? 1 : 0;
      }
    }, 2 * POLLS);
  }

  @Test
  @DisplayName("rule 3: unregistering, waking and setting cost the same with a thousand pending and with eighty thousand")
  void pending() throws Exception {
    assertCostsTheSame(CostTest::nanosForEach, 500, "rule 3: with 80 times as many pending");
  }

  /** What an operation costs where there are so many, in nanoseconds. */
  private interface Cost {
    double of(int number) throws Exception;
  }

  /** Tries for as long as a busy machine may need for one round without a disturbance. */
  private static void assertCostsTheSame(Cost cost, int slack, String rule) throws Exception {
    int many = Emulation.times(80_000);
    cost.of(many); // compiles it
    double few = Double.MAX_VALUE;
    double most = Double.MAX_VALUE;
    for (int i = 0; i < 40 && (i < 3 || most >= few * 8 + slack); i++) {
      few = Math.min(few, cost.of(many / 80));
      most = Math.min(most, cost.of(many));
    }
    assertTrue(most < few * 8 + slack, rule + ", " + most + " ns instead of " + few);
  }

  /** Wakes wakers, and unregisters them from the last to the first, each with all before it pending. */
  private static double nanosForEach(int number) throws Exception {
    try (Sources<Integer> registry = Host.open()) {
      List<Waker> wakers = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        wakers.add(registry.waker(i));
      }
      long start = THREADS.getCurrentThreadCpuTime();
      wakers.forEach(Waker::wake);
      for (int i = number - 1; i >= 0; i--) {
        registry.unregister(i);
      }
      return (THREADS.getCurrentThreadCpuTime() - start) / (double) number;
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 3: registering and changing cost the same with a thousand entries and with eighty thousand")
  void entries() throws Exception {
    assertCostsTheSame(CostTest::nanosForEachSource, 1_000, "rule 3: with 80 times as many entries");
  }

  /** Registers numbers that need not be open, as nobody polls, changes each, and unregisters the oldest first. */
  private static double nanosForEachSource(int number) throws Exception {
    try (Sources<Integer> registry = Host.open()) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < number; i++) {
        registry.register(i, Source.of(NO_DESCRIPTOR + i), Interest.READ);
      }
      for (int i = 0; i < number; i++) {
        registry.enable(i, Interest.WRITE);
        registry.disable(i, Interest.READ);
        registry.interest(i, Interest.PRIORITY);
      }
      for (int i = 0; i < number; i++) {
        assertTrue(registry.unregister(i), "rule 3: it was there");
      }
      return (THREADS.getCurrentThreadCpuTime() - start) / (double) number;
    }
  }

  @Test
  @DisplayName("rule 19: setting one of eighty thousand timers costs little more than setting one of a thousand")
  void timers() throws Exception {
    assertCostsTheSame(CostTest::nanosForEachTimer, 1_000, "rule 19: with 80 times as many timers");
  }

  /** Sets timers, the latest first, sets each anew, and cancels them. */
  private static double nanosForEachTimer(int number) throws Exception {
    Duration hour = Duration.ofHours(1);
    Duration day = Duration.ofDays(1);
    try (Sources<Integer> registry = Host.open()) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < number; i++) {
        registry.timer(i, day.minusNanos(i));
      }
      for (int i = 0; i < number; i++) {
        registry.timer(i, hour.plusNanos(i));
      }
      for (int i = 0; i < number; i++) {
        assertTrue(registry.unregister(i), "rule 3: it was there");
      }
      return (THREADS.getCurrentThreadCpuTime() - start) / (double) number;
    }
  }

  @Test
  @PosixOnly
  @Timeout(600) // millions of calls, and the machine may be busy
  @DisplayName("rule 21: a source costs the documented native memory, however often the registry is polled meanwhile")
  void nativeMemory() throws Exception {
    assumeTrue(Posix.mallinfo2().isPresent(), "this system does not tell how much native memory is in use");
    Posix.Pair pipe = keep(Posix.pipe());
    List<Integer> copies = new ArrayList<>();
    for (int i = 0; i < Emulation.times(4_000); i++) {
      int copy = Posix.dup(pipe.first());
      keep(() -> Posix.close(copy));
      copies.add(copy);
    }
    long documented = REGISTRIES * (NATIVE_FOR_REGISTRY + Integer.highestOneBit(copies.size()) * 2 * NATIVE_FOR_EACH);
    for (int polls : new int[] {1, 10, 400}) {
      long most = documented + NOISE / 8;
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 40 && least > most; i++) { // the JVM's compilers allocate too, for as long as they are busy
        least = Math.min(least, nativeMemory(copies, Math.max(1, copies.size() / polls)));
      }
      assertTrue(least <= most, "rule 21: " + least + " bytes and not " + documented + " for "
          + REGISTRIES + " registries of " + copies.size() + " sources, each polled " + polls + " times");
    }
  }

  /** How much more is in use once all are registered in some registries, with a poll after so many. */
  private static long nativeMemory(List<Integer> copies, int each) throws Exception {
    List<Sources<Integer>> registries = new ArrayList<>();
    try {
      long before = Posix.mallinfo2().orElseThrow();
      for (int i = 0; i < REGISTRIES; i++) {
        Sources<Integer> registry = Host.open();
        registries.add(registry);
        for (int j = 0; j < copies.size(); j++) {
          registry.register(j, Source.of(copies.get(j)), Interest.READ);
          if (j % each == 0) {
            registry.poll(Duration.ZERO);
          }
        }
        registry.poll(Duration.ZERO);
      }
      return Posix.mallinfo2().orElseThrow() - before;
    } finally {
      registries.forEach(Sources::close);
    }
  }

  private void withWakerAndTimers() {
    sources.waker("waker");
    withTimers();
  }

  private void withTimers() {
    for (int i = 0; i < 20; i++) {
      sources.timer("timer " + i, Duration.ofHours(i + 1));
    }
  }

  private void read(Duration timeout) throws Exception {
    for (Event<String> event : sources.poll(timeout)) {
      count(event);
    }
  }

  private void count(Event<String> event) {
    if (event.isReadable() || event.isWake()) {
      found += event.key().isEmpty() ? 0 : 1;
    }
  }

  /** The JVM compiles meanwhile, and what it has not compiled yet can allocate: the steady state is what comes last. */
  private void assertAllocatesNothing(Action poll, int events) throws Exception {
    assumeTrue(THREADS.isThreadAllocatedMemorySupported(), "this JVM does not count what a thread allocates");
    long allocated = Long.MAX_VALUE;
    for (int i = 0; i < MEASUREMENTS && allocated > 0; i++) {
      found = 0;
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int j = 0; j < POLLS; j++) {
        poll.run();
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertEquals(events, found, "rule 13: all that is ready is reported each time");
    }
    assertEquals(0, allocated, "rule 20: bytes allocated by " + POLLS + " polls in the steady state");
  }

  @Test
  @Timeout(600) // millions of calls, and the machine may be busy
  @DisplayName("rule 21: native memory and descriptors stay flat over 10,000 registries")
  void flat() throws Exception {
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      pipes.add(pipe());
    }
    rounds(pipes, 20);
    int descriptors = Leftovers.openDescriptors().size();
    long before = Posix.mallinfo2().orElse(0L);
    rounds(pipes, Emulation.times(10_000));
    long grown = Posix.mallinfo2().orElse(0L) - before;
    Leftovers.assertNoneSince(descriptors, "rule 10: close leaves no descriptor behind");
    assertTrue(grown <= NOISE * 4, "rule 21: native memory is freed by close, " + grown + " bytes were not");
  }

  private static void rounds(List<Pipe> pipes, int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      try (Sources<Integer> registry = Host.open()) {
        for (int j = 0; j < pipes.size(); j++) {
          registry.register(j, pipes.get(j).source(), Interest.READ);
        }
        assertTrue(registry.poll(Duration.ZERO).isEmpty(), "rule 13: nothing is ready");
      }
    }
  }

  private interface Action {
    void run() throws Exception;
  }
}
