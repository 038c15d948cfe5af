package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;

/** Rule 19: timers. */
class TimerTest extends ContractTest {

  private static final Map<String, String> EXPIRED = Map.of("timer", "expired");

  @Test
  @DisplayName("rule 19: a timer fires once, not early, and has left the registry when poll returns it")
  void once() throws Exception {
    long start = System.nanoTime();
    sources.timer("timer", Duration.ofMillis(20));
    assertTrue(sources.contains("timer"), "rule 19: a timer that is set is an entry");
    assertNext(EXPIRED, "rule 19: the time has come");
    assertTrue(System.nanoTime() - start >= 20_000_000, "rule 19: a timer never fires early");
    assertFalse(sources.contains("timer"), "rule 19: a timer that has expired is no entry any more");
    assertTrue(sources.isEmpty() && sources.keys().isEmpty(), "rule 19: nothing accumulates");
    assertFalse(sources.unregister("timer"), "rule 3: it is not there any more");
    assertSilent("rule 19: it fires once");
  }

  @Test
  @DisplayName("rule 19: the key of an expired timer is free in the handler, for a source, a waker and another timer")
  void keyFreeInHandler() throws Exception {
    Pipe.SourceChannel ready = readyPipe().source();
    for (Consumer<String> use : List.<Consumer<String>>of(
        key -> sources.register(key, ready, Interest.READ), key -> sources.waker(key).wake(),
        key -> sources.timer(key, Duration.ZERO, Duration.ofHours(1)))) {
      sources.timer("timer", Duration.ZERO);
      int fired = 0;
      for (Event<String> event : sources.poll(SOON)) {
        assertTrue(event.isExpired(), "rule 19: it has expired");
        assertFalse(sources.contains(event.key()), "rule 19: its key is free");
        use.accept(event.key());
        fired++;
      }
      assertEquals(1, fired, "rule 4: what has its key now has no event in this batch");
      assertEquals(Set.of("timer"), now().keySet(), "rule 19: what has its key now is heard of");
      assertTrue(sources.unregister("timer"), "rule 3: it was there");
    }
  }

  @Test
  @DisplayName("rule 19: ten thousand timers that have expired leave nothing behind")
  void nothingAccumulates() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      sources.timer("timer " + i, Duration.ZERO);
    }
    assertEquals(10_000, next().size(), "rule 19: each fires");
    assertEquals(0, sources.size(), "rule 19: none is an entry any more");
    assertNow(NOTHING, "rule 19: each fires once");
  }

  @Test
  @DisplayName("rule 19: timers never fire early, from zero up")
  void neverEarly() throws Exception {
    for (long nanos : new long[] {0, 1, 200_000, 999_999, 1_000_001, 7_000_000, 30_000_000}) {
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        sources.timer("timer", Duration.ofNanos(nanos));
        assertEquals(EXPIRED, Found.in(sources.poll()), "rule 19: it expires");
        long took = System.nanoTime() - start;
        assertTrue(took >= nanos, "rule 19: a timer of " + nanos + " ns does not fire after " + took);
      }
    }
  }

  @Test
  @DisplayName("rule 19: setting it again re-arms it, before and after it has expired")
  void rearm() throws Exception {
    sources.timer("timer", Duration.ofMillis(1));
    sources.timer("timer", Duration.ofHours(1));
    assertSilent("rule 19: the later time counts");
    sources.timer("timer", Duration.ofMillis(1));
    assertNext(EXPIRED, "rule 19: the earlier time counts");
    sources.timer("timer", Duration.ZERO);
    assertNext(EXPIRED, "rule 19: an expired timer can be set again");
    assertNow(NOTHING, "rule 19: each setting fires once");
    sources.timer("timer", SOON);
    assertEquals(1, sources.size(), "rule 19: it is one entry");
  }

  @Test
  @DisplayName("rule 4, 19: setting it again in the loop, before its expiry is read, takes the expiry back")
  void rearmUnread() throws Exception {
    sources.timer("timer", Duration.ZERO);
    var events = sources.poll(SOON);
    sources.timer("timer", Duration.ofMillis(1));
    assertEquals(NOTHING, Found.in(events), "rule 4: the old expiry is not the new one's");
    assertNext(EXPIRED, "rule 19: the new time comes");
  }

  @Test
  @DisplayName("rule 19: setting it again while its event is being read")
  void rearmInLoop() throws Exception {
    sources.timer("timer", Duration.ZERO);
    for (int i = 0; i < 100; i++) {
      int fired = 0;
      for (Event<String> event : sources.poll(SOON)) {
        assertTrue(event.isExpired(), "rule 19: it has expired");
        sources.timer(event.key(), Duration.ZERO);
        fired++;
      }
      assertEquals(1, fired, "rule 19: each setting fires once");
    }
  }

  @Test
  @DisplayName("rule 19: unregister cancels")
  void cancel() throws Exception {
    sources.timer("timer", Duration.ofMillis(1));
    sources.timer("other", Duration.ofMillis(2));
    assertTrue(sources.unregister("timer"), "rule 3: it was there");
    assertNext(Map.of("other", "expired"), "rule 19: a cancelled timer does not fire");
    assertSilent("rule 19: a cancelled timer does not fire");
    assertFalse(sources.contains("timer"), "rule 3: it is gone");
  }

  @Test
  @DisplayName("rule 19: a key that is no timer is refused, and a timer's key is no source's")
  void noTimer() throws Exception {
    sources.register("source", pipe().source(), Interest.READ);
    sources.waker("waker");
    String rule = "rule 19: the key of something else is no timer";
    assertThrows(IllegalArgumentException.class, () -> sources.timer("source", Duration.ZERO), rule);
    assertThrows(IllegalArgumentException.class, () -> sources.timer("waker", Duration.ZERO), rule);
    assertNow(NOTHING, "rule 19: what was refused does not fire");
  }

  @Test
  @DisplayName("rule 1, 19: a timer set during a wait is taken in, as is a shorter one and a cancelled one")
  void duringWait() throws Exception {
    long start = System.nanoTime();
    Waiting set = Waiting.on(sources);
    sources.timer("timer", Duration.ofMillis(10));
    assertEquals(EXPIRED, set.found(), "rule 19: set during the wait");
    assertTrue(System.nanoTime() - start >= 10_000_000, "rule 19: a timer never fires early");

    sources.timer("timer", Duration.ofHours(1));
    Waiting shortened = Waiting.on(sources);
    sources.timer("timer", Duration.ofMillis(1));
    assertEquals(EXPIRED, shortened.found(), "rule 19: made shorter during the wait");

    Map<String, String> cancelled;
    boolean isLate;
    do {
      start = System.nanoTime();
      sources.timer("timer", Duration.ofMillis(300));
      Waiting waiting = Waiting.on(sources, Duration.ofMillis(600));
      sources.unregister("timer");
      isLate = System.nanoTime() - start >= 300_000_000; // on a busy machine
      cancelled = waiting.found();
    } while (isLate);
    assertEquals(NOTHING, cancelled, "rule 19: cancelled during the wait");
  }

  @Test
  @DisplayName("rule 6, 19: the timeout and a timer: what comes first ends the wait")
  void timeoutOrTimer() throws Exception {
    sources.timer("timer", Duration.ofHours(1));
    long start = System.nanoTime();
    assertEquals(NOTHING, Found.in(sources.poll(Duration.ofMillis(20))), "rule 6: the timeout came first");
    assertTrue(System.nanoTime() - start >= 20_000_000, "rule 7: a timer does not make a timeout early");
    sources.timer("timer", Duration.ofMillis(1));
    assertEquals(EXPIRED, Found.in(sources.poll(Duration.ofHours(1))), "rule 19: the timer came first");
  }

  @Test
  @DisplayName("rule 19: a timer comes with what else is ready, and has no source")
  void withSources() throws Exception {
    sources.register("source", readyPipe().source(), Interest.READ);
    sources.waker("waker").wake();
    sources.timer("timer", Duration.ZERO);
    for (Event<String> event : sources.poll(Duration.ZERO)) {
      if (event.key().equals("timer")) {
        assertEquals("expired", Found.words(event), "rule 19: expired and nothing else");
        assertNull(event.source(), "rule 19: a timer has no source");
      }
    }
    sources.timer("timer", Duration.ZERO);
    assertNow(Map.of("source", "readable", "timer", "expired"), "rule 19: a look finds an expired timer too");
  }

  @Test
  @DisplayName("rule 19: 500 timers, some cancelled, some set again: each fires once, none early")
  void many() throws Exception {
    Map<String, Long> due = new HashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      set(due, "timer " + i, random.nextInt(300));
    }
    for (int i = 0; i < 500; i += 3) {
      set(due, "timer " + i, random.nextInt(300));
    }
    for (int i = 0; i < 500; i += 5) {
      sources.unregister("timer " + i);
      due.remove("timer " + i);
    }
    while (!due.isEmpty()) {
      for (Event<String> event : sources.poll(SOON)) {
        Long time = due.remove(event.key());
        assertTrue(time != null, "rule 19: each that was set fires once, and a cancelled one never: " + event);
        assertTrue(System.nanoTime() - time >= 0, "rule 19: none is early");
      }
    }
    assertSilent("rule 19: none fires twice");
  }

  /** The time that is noted is not later than the one that counts. */
  private void set(Map<String, Long> due, String key, int millis) {
    due.put(key, System.nanoTime() + millis * 1_000_000L);
    sources.timer(key, Duration.ofMillis(millis));
  }

  @Test
  @DisplayName("rule 7, 19: a timer of centuries does not overflow, nor disturb a short one")
  void centuries() throws Exception {
    sources.timer("longest", Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    sources.timer("long", Duration.ofDays(100_000));
    sources.timer("timer", Duration.ofMillis(5));
    assertNext(EXPIRED, "rule 19: the short one fires");
    assertSilent("rule 19: the long ones do not");
  }
}
