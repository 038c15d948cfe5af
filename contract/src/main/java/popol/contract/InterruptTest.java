package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;

/** Rule 9: interrupts. */
class InterruptTest extends ContractTest {

  private static final int INTERRUPTS = Emulation.times(200_000);

  @Test
  @DisplayName("rule 9: an interrupt before a wait ends it, and is consumed")
  void before() throws Exception {
    for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofMillis(1), SOON}) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> sources.poll(timeout), "rule 9: interrupted before the wait");
      assertFalse(Thread.currentThread().isInterrupted(), "rule 9: the exception consumes the interrupt");
    }
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> sources.poll(), "rule 9: interrupted before the wait");
    assertSilent("rule 9: the next wait is a wait again");
  }

  @Test
  @DisplayName("rule 9: an interrupt during a wait ends it")
  void during() throws Exception {
    sources.register("key", pipe().source(), Interest.READ);
    for (int i = 0; i < 20; i++) {
      Waiting waiting = i % 2 == 0 ? Waiting.on(sources) : Waiting.on(sources, SOON);
      waiting.thread().interrupt();
      waiting.thrown(InterruptedException.class, "rule 9: interrupted during the wait");
    }
    assertNow(NOTHING, "rule 9: the registry works on");
  }

  @Test
  @DisplayName("rule 9: an interrupt loses no readiness: source, waker, timer and closed channel come later")
  void nothingLost() throws Exception {
    Pipe closed = pipe();
    sources.register("source", readyPipe().source(), Interest.READ);
    sources.register("closed", closed.source(), Interest.READ);
    sources.waker("waker").wake();
    sources.timer("timer", Duration.ZERO);
    closed.source().close();
    for (int i = 0; i < 3; i++) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> sources.poll(SOON), "rule 9: interrupted before the wait");
    }
    assertNow(Map.of("source", "readable", "closed", "invalid", "waker", "wake", "timer", "expired"),
        "rule 9: no readiness is lost");
  }

  @Test
  @DisplayName("rule 9, 18: a wake and an interrupt at the same time: both are seen")
  void wakeAndInterrupt() throws Exception {
    var waker = sources.waker("waker");
    for (int i = 0; i < 500; i++) {
      FutureTask<Map<String, String>> both = new FutureTask<>(this::interruptedThenFound);
      Thread thread = Thread.ofPlatform().start(both);
      if (i % 2 == 0) {
        waker.wake();
        thread.interrupt();
      } else {
        thread.interrupt();
        waker.wake();
      }
      assertEquals(Map.of("waker", "wake"), both.get(30, TimeUnit.SECONDS), "rule 9: neither is lost");
      thread.join();
    }
  }

  /** Polls until there was an interrupt and an event, in whichever order. */
  private Map<String, String> interruptedThenFound() throws Exception {
    Map<String, String> found = NOTHING;
    boolean interrupted = false;
    while (!interrupted || found.isEmpty()) {
      try {
        found = found.isEmpty() ? next() : awaitInterrupt(found);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return found;
  }

  private Map<String, String> awaitInterrupt(Map<String, String> found) throws Exception {
    assertEquals(NOTHING, next(), "rule 18: one wake is one event");
    return found;
  }

  @Test
  @DisplayName("rule 9: of 200,000 interrupts of a platform thread none is lost")
  void manyOfPlatformThread() throws Exception {
    many(Thread.ofPlatform());
  }

  @Test
  @DisplayName("rule 9: of 200,000 interrupts of a virtual thread none is lost")
  void manyOfVirtualThread() throws Exception {
    many(Thread.ofVirtual());
  }

  /** Bursts, so that interrupts come at every point of a poll; after each burst its last one must be answered. */
  private void many(Thread.Builder threads) throws Exception {
    sources.register("key", pipe().source(), Interest.READ);
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    FutureTask<Void> poller = new FutureTask<>(() -> {
      while (answered.get() < INTERRUPTS) {
        assertThrows(InterruptedException.class, () -> sources.poll(), "rule 9: nothing else ends the wait");
        answered.set(sent.get());
      }
      return null;
    });
    Thread thread = threads.start(poller);
    Random random = new Random(3);
    while (sent.get() < INTERRUPTS && !poller.isDone()) {
      int last = Math.min(INTERRUPTS, sent.get() + 1 + random.nextInt(40));
      while (sent.get() < last) {
        sent.incrementAndGet();
        thread.interrupt();
      }
      await(() -> answered.get() == last || poller.isDone());
    }
    poller.get(30, TimeUnit.SECONDS);
    thread.join();
    assertEquals(INTERRUPTS, answered.get(), "rule 9: none is lost");
  }
}
