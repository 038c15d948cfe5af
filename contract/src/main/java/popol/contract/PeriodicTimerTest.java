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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;

/** Rule 19: timers on a fixed grid. */
class PeriodicTimerTest extends ContractTest {

  private static final Map<String, String> BEAT = Map.of("beat", "expired");

  @Test
  @DisplayName("rule 19: a periodic timer fires again and again, never before its time, and stays registered")
  void againAndAgain() throws Exception {
    long start = System.nanoTime();
    sources.timer("beat", Duration.ofMillis(20), Duration.ofMillis(10));
    for (int i = 0; i < 20; i++) {
      assertNext(BEAT, "rule 19: the next time has come");
      long took = System.nanoTime() - start;
      assertTrue(took >= 20_000_000 + i * 10_000_000L, "rule 19: event " + i + " is never early: " + took);
      assertTrue(sources.contains("beat"), "rule 19: the key stays registered");
      assertEquals(1, sources.size(), "rule 19: as one entry");
    }
  }

  @Test
  @DisplayName("rule 19: however late it is read, it is one event, and the next one is on the grid again")
  void late() throws Exception {
    long start;
    long set;
    do { // until this machine is fast enough for it to be read before its second time
      start = System.nanoTime();
      sources.timer("beat", Duration.ZERO, Duration.ofMillis(400));
      set = System.nanoTime();
      passes(Duration.ofMillis(200));
      assertNext(BEAT, "rule 19: the first time has passed");
    } while (System.nanoTime() - start >= 400_000_000);
    // Its second time is 400 ms after it was set, and not 400 ms after it was read.
    sources.timer("marker", Duration.ofNanos(Math.max(0, set + 500_000_000 - System.nanoTime())));
    boolean beat = false;
    boolean marked = false;
    while (!marked) {
      for (Event<String> event : sources.poll(SOON)) {
        beat |= event.key().equals("beat");
        marked |= event.key().equals("marker");
      }
    }
    assertTrue(beat, "rule 19: the second event is on the grid, before a timer of 500 ms");
  }

  @Test
  @DisplayName("rule 19: ten periods that nobody has read are one event")
  void oneEvent() throws Exception {
    sources.timer("beat", Duration.ofMillis(1), Duration.ofMillis(300));
    sources.timer("fast", Duration.ofMillis(1), Duration.ofMillis(20));
    passes(Duration.ofMillis(210));
    Map<String, Integer> fired = new HashMap<>();
    for (Event<String> event : sources.poll(SOON)) {
      fired.merge(event.key(), 1, Integer::sum);
    }
    assertEquals(Map.of("beat", 1, "fast", 1), fired, "rule 19: one event for all the times that have passed");
  }

  @Test
  @DisplayName("rule 19: a zero delay fires at once, and then after each period")
  void zeroDelay() throws Exception {
    sources.timer("beat", Duration.ZERO, Duration.ofHours(1));
    assertNow(BEAT, "rule 19: zero expires at once");
    assertSilent("rule 19: the next one is in an hour");
  }

  @Test
  @DisplayName("rule 19: unregister cancels it, also where its event has not been read, and in its handler")
  void cancel() throws Exception {
    sources.timer("beat", Duration.ZERO, Duration.ofMillis(1));
    var events = sources.poll(SOON);
    assertTrue(sources.unregister("beat"), "rule 3: it was there");
    assertEquals(NOTHING, Found.in(events), "rule 4: its event is not delivered");
    assertSilent("rule 19: it is cancelled");
    sources.timer("beat", Duration.ZERO, Duration.ofMillis(1));
    for (Event<String> event : sources.poll(SOON)) {
      assertTrue(event.isExpired(), "rule 19: it has expired");
      assertNull(event.source(), "rule 19: a timer has no source");
      assertTrue(sources.unregister(event.key()), "rule 3: it was there");
    }
    assertSilent("rule 19: it is cancelled in its handler");
    assertTrue(sources.isEmpty(), "rule 3: it is gone");
  }

  @Test
  @DisplayName("rule 19: set again it starts anew, with another period, or as a timer that fires once, and the other way")
  void setAgain() throws Exception {
    sources.timer("beat", Duration.ZERO, Duration.ofMillis(1));
    assertNext(BEAT, "rule 19: it fires");
    sources.timer("beat", Duration.ZERO, Duration.ofHours(1));
    assertNow(BEAT, "rule 19: it starts anew");
    assertSilent("rule 19: with the new period");
    sources.timer("beat", Duration.ZERO);
    assertNow(BEAT, "rule 19: it starts anew");
    assertFalse(sources.contains("beat"), "rule 19: one that is not periodic leaves");
    sources.timer("beat", Duration.ofHours(1));
    sources.timer("beat", Duration.ofMillis(1), Duration.ofMillis(1));
    assertNext(BEAT, "rule 19: one that was not periodic is now");
    assertNext(BEAT, "rule 19: one that was not periodic is now");
    assertEquals(1, sources.size(), "rule 19: it is one entry");
  }

  @Test
  @DisplayName("rule 2, 19: its key is not free, in its handler neither")
  void keyNotFree() throws Exception {
    Pipe.SourceChannel other = pipe().source();
    sources.timer("beat", Duration.ZERO, Duration.ofHours(1));
    for (Event<String> event : sources.poll(SOON)) {
      String rule = "rule 2: the key is registered";
      assertThrows(IllegalArgumentException.class, () -> sources.register(event.key(), other, Interest.READ), rule);
      assertThrows(IllegalArgumentException.class, () -> sources.waker(event.key()), rule);
    }
    assertTrue(sources.unregister("beat"), "rule 3: it was there");
  }

  @Test
  @DisplayName("rule 1, 19: set during a wait it is taken in, and fires again in the next")
  void duringWait() throws Exception {
    for (Thread.Builder threads : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      Waiting waiting = Waiting.on(threads, sources, null);
      sources.timer("beat", Duration.ofMillis(5), Duration.ofMillis(5));
      assertEquals(BEAT, waiting.found(), "rule 19: set during the wait");
      assertNext(BEAT, "rule 19: and again");
      sources.unregister("beat");
      now();
    }
  }

  @Test
  @DisplayName("rule 7, 19: delays and periods of centuries do not overflow")
  void centuries() throws Exception {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    sources.timer("long delay", longest, Duration.ofNanos(1));
    sources.timer("long period", Duration.ZERO, longest);
    sources.timer("both", longest, longest);
    assertNow(Map.of("long period", "expired"), "rule 19: only what is due");
    assertSilent("rule 19: the others take centuries");
    sources.timer("beat", Duration.ofMillis(1));
    assertNext(BEAT, "rule 19: a short one fires all the same");
  }

  @Test
  @DisplayName("rule 19: a period of a nanosecond is one event a poll, and disturbs nobody else")
  void nanosecond() throws Exception {
    sources.timer("beat", Duration.ZERO, Duration.ofNanos(1));
    sources.register("source", readyPipe().source(), Interest.READ);
    for (int i = 0; i < 100; i++) {
      assertNext(Map.of("beat", "expired", "source", "readable"), "rule 19: one event a poll");
    }
  }

  @Test
  @DisplayName("rule 19: a hundred of them, some cancelled meanwhile: each fires, none before its time")
  void many() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      sources.timer(Integer.toString(i), Duration.ofMillis(i), Duration.ofMillis(10 + i % 7));
    }
    Map<String, Integer> fired = new HashMap<>();
    for (int i = 0; i < 100; i += 4) {
      sources.unregister(Integer.toString(i));
    }
    while (fired.size() < 75 || fired.values().stream().anyMatch(count -> count < 3)) {
      for (Event<String> event : sources.poll(SOON)) {
        int i = Integer.parseInt(event.key());
        int before = fired.merge(event.key(), 1, Integer::sum) - 1;
        long earliest = (i + before * (10 + i % 7)) * 1_000_000L;
        assertTrue(System.nanoTime() - start >= earliest, "rule 19: none is early: " + event);
        assertTrue(i % 4 != 0, "rule 19: one that was cancelled never fires: " + event);
      }
    }
  }
}
