package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/** Rules 6, 7, 8 and 11: timeouts, and who waits. */
class WaitingTest extends ContractTest {

  private static final List<Duration> ENDLESS = List.of(
      Duration.ofMillis(50_000_000_000L),
      Duration.ofMillis(100_000_000_000L),
      Duration.ofMillis(850_000_000_000_000L),
      Duration.ofDays(36_525_000),
      Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

  @Test
  @DisplayName("rule 7: a zero timeout reports what is ready, and waits for nothing")
  void zero() throws Exception {
    Pipe pipe = pipe();
    sources.register("key", pipe.source(), Interest.READ);
    long start = System.nanoTime();
    for (int i = 0; i < Emulation.times(100_000); i++) { // even a wait of a millisecond each would take too long
      assertTrue(sources.poll(Duration.ZERO).isEmpty(), "rule 7: nothing is ready");
    }
    assertTrue(System.nanoTime() - start < SOON.toNanos(), "rule 7: zero looks and does not wait");
    Link.send(pipe.sink(), "x");
    assertNow(Map.of("key", "readable"), "rule 7: it is ready");
  }

  @Test
  @DisplayName("rule 7: a wait is never early, from one nanosecond up")
  void neverEarly() throws Exception {
    sources.register("key", pipe().source(), Interest.READ);
    for (long nanos : new long[] {1, 1_000, 200_000, 999_999, 1_000_001, 2_500_000, 20_000_000, 100_000_000}) {
      for (int i = 0; i < 5; i++) {
        Duration timeout = Duration.ofNanos(nanos);
        long start = System.nanoTime();
        assertTrue(sources.poll(timeout).isEmpty(), "rule 6: nothing is ready");
        long took = System.nanoTime() - start;
        assertTrue(took >= nanos, "rule 7: a wait of " + nanos + " ns takes at least that long, not " + took);
      }
    }
  }

  @Test
  @DisplayName("rule 7: a wait of 1 ms, and waits of years, up to the longest duration: no error, never early")
  void endless() throws Exception {
    Waker waker = sources.waker("waker");
    assertEquals(NOTHING, Found.in(sources.poll(Duration.ofMillis(1))), "rule 7: one millisecond");
    for (Duration timeout : ENDLESS) {
      Waiting waiting = Waiting.on(sources, timeout);
      assertTrue(waiting.staysFor(MOMENT), "rule 7: a wait of " + timeout + " does not overflow");
      waker.wake();
      assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 18: a wake ends a wait of " + timeout);
    }
  }

  @Test
  @DisplayName("rule 7: a wait of years returns at once where something is ready")
  void endlessAndReady() throws Exception {
    sources.register("key", readyPipe().source(), Interest.READ);
    for (Duration timeout : ENDLESS) {
      assertEquals(Map.of("key", "readable"), Found.in(sources.poll(timeout)), "rule 7: it is ready");
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 7: a wait of 400 ms under a signal every 30 ms ends at 400 ms")
  void signals() throws Exception {
    MemorySegment before = Posix.signal(Posix.SIGWINCH, Posix.function("abs")); // a handler that does nothing
    try {
      CompletableFuture<Long> self = new CompletableFuture<>();
      FutureTask<Long> wait = new FutureTask<>(() -> {
        self.complete(Posix.pthread_self());
        long start = System.nanoTime();
        assertTrue(sources.poll(Duration.ofMillis(400)).isEmpty(), "rule 6: a signal is no event");
        return System.nanoTime() - start;
      });
      Thread thread = Thread.ofPlatform().start(() -> {
        wait.run();
        awaitInterrupt(); // so that there is a thread for the signals until they end
      });
      long waiter = self.get();
      int signals = 0;
      while (!wait.isDone()) {
        Posix.pthread_kill(waiter, Posix.SIGWINCH);
        signals++;
        thread.join(Duration.ofMillis(30));
      }
      thread.interrupt();
      thread.join();
      assertTrue(wait.get() >= 400_000_000, "rule 7: EINTR keeps the deadline: not early after " + signals);
    } finally {
      Posix.signal(Posix.SIGWINCH, before);
    }
  }

  private static void awaitInterrupt() {
    try {
      Thread.sleep(Duration.ofMinutes(1));
    } catch (InterruptedException end) {
      // That is what it waited for.
    }
  }

  @Test
  @DisplayName("rule 8: an empty registry sleeps its timeout")
  void emptySleeps() throws Exception {
    long start = System.nanoTime();
    assertTrue(sources.poll(Duration.ofMillis(30)).isEmpty(), "rule 8: it returns empty");
    assertTrue(System.nanoTime() - start >= 30_000_000, "rule 8: it sleeps its timeout");
  }

  @Test
  @DisplayName("rule 8: an empty registry without a timeout waits for a change: a source, a waker, a timer")
  void emptyWaits() throws Exception {
    Waiting source = Waiting.on(sources);
    assertTrue(source.staysFor(MOMENT), "rule 8: nothing returns from an empty registry");
    sources.register("source", readyPipe().source(), Interest.READ);
    assertEquals(Map.of("source", "readable"), source.found(), "rule 8: a source is a change");
    sources.unregister("source");

    Waiting waker = Waiting.on(sources);
    sources.waker("waker").wake();
    assertEquals(Map.of("waker", "wake"), waker.found(), "rule 8: a waker is a change");
    sources.unregister("waker");

    Waiting timer = Waiting.on(sources);
    sources.timer("timer", Duration.ofMillis(1));
    assertEquals(Map.of("timer", "expired"), timer.found(), "rule 8: a timer is a change");
  }

  @Test
  @DisplayName("rule 8: a registry that was emptied by another thread goes on waiting")
  void emptied() throws Exception {
    sources.register("key", pipe().source(), Interest.READ);
    Waiting waiting = Waiting.on(sources);
    sources.unregister("key");
    assertTrue(waiting.staysFor(MOMENT), "rule 8: emptying a registry does not end the wait");
    sources.waker("waker").wake();
    assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 8: it waited for a change");
  }

  @Test
  @DisplayName("rule 11: a second thread that polls is refused at once, and the first goes on")
  void secondThread() throws Exception {
    Waker waker = sources.waker("waker");
    Waiting waiting = Waiting.on(sources);
    for (int i = 0; i < 100; i++) {
      String refused = "rule 11: a second thread gets an error";
      assertThrows(IllegalStateException.class, () -> sources.poll(), refused);
      assertThrows(IllegalStateException.class, () -> sources.poll(SOON), refused);
      assertThrows(IllegalStateException.class, () -> sources.poll(Duration.ZERO), refused);
    }
    assertTrue(waiting.staysFor(Duration.ofMillis(1)), "rule 11: the first one still waits");
    waker.wake();
    assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 11: the first one gets the event");
    assertNow(NOTHING, "rule 11: then the second one may poll");
  }

  @Test
  @DisplayName("rule 13: two registries that watch the same source both hear of it, each under its key")
  void twoRegistries() throws Exception {
    Pipe pipe = pipe();
    Sources<String> other = keep(Host.open());
    sources.register("here", pipe.source(), Interest.READ);
    other.register("there", pipe.source(), Interest.READ);
    Waiting here = Waiting.on(sources);
    Waiting there = Waiting.on(other);
    Link.send(pipe.sink(), "x");
    assertEquals(Map.of("here", "readable"), here.found(), "rule 13: the first registry hears of it");
    assertEquals(Map.of("there", "readable"), there.found(), "rule 13: the second registry hears of it");
    sources.unregister("here");
    assertEquals(Map.of("there", "readable"), Found.in(other.poll(Duration.ZERO)), "rule 13: they are independent");
  }
}
