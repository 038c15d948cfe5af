package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/** Rule 18: wakers. */
class WakerTest extends ContractTest {

  private static final Map<String, String> WOKEN = Map.of("waker", "wake");

  @Test
  @DisplayName("rule 18: a waker that was not woken says nothing; woken, it speaks once, again and again")
  void againAndAgain() throws Exception {
    Waker waker = sources.waker("waker");
    assertNow(NOTHING, "rule 18: nothing before the first wake");
    for (int i = 0; i < 100; i++) {
      waker.wake();
      assertNow(WOKEN, "rule 18: a wake is an event");
      assertNow(NOTHING, "rule 18: the event resets the waker");
    }
  }

  @Test
  @DisplayName("rule 18: three wakes are one event")
  void coalesce() throws Exception {
    Waker waker = sources.waker("waker");
    waker.wake();
    waker.wake();
    waker.wake();
    assertNext(WOKEN, "rule 18: three wakes are one event");
    assertSilent("rule 18: after it was returned there is nothing");
  }

  @Test
  @DisplayName("rule 18: a wake during a wait ends it, and two are no more than two events")
  void during() throws Exception {
    Waker waker = sources.waker("waker");
    for (int i = 0; i < 100; i++) {
      Waiting waiting = Waiting.on(sources);
      waker.wake();
      assertEquals(WOKEN, waiting.found(), "rule 18: a wake ends the wait");
    }
    Waiting waiting = Waiting.on(sources);
    waker.wake();
    waker.wake();
    assertEquals(WOKEN, waiting.found(), "rule 18: a wake ends the wait");
    now(); // the second wake is an event of its own if it came after the first was returned
    assertSilent("rule 18: two wakes are at most two events");
  }

  @Test
  @DisplayName("rule 18: a wake after the event was returned gives a new event, also while the batch is being read")
  void whileReading() throws Exception {
    Waker waker = sources.waker("waker");
    waker.wake();
    for (Event<String> event : sources.poll(SOON)) {
      assertTrue(event.isWake(), "rule 18: it was woken");
      waker.wake();
    }
    assertNow(WOKEN, "rule 18: a wake after the event was returned is a new event");
    assertNow(NOTHING, "rule 18: it was one wake");
  }

  @Test
  @DisplayName("rule 18: 10,000 wakes do not block, and are one event")
  void many() throws Exception {
    Waker waker = sources.waker("waker");
    for (int i = 0; i < 10_000; i++) {
      waker.wake();
    }
    assertNow(WOKEN, "rule 18: 10,000 wakes are one event");
    assertNow(NOTHING, "rule 18: 10,000 wakes are one event");
  }

  @Test
  @DisplayName("rule 18: many wakers, each with its key; a wake is of one of them")
  void severalWakers() throws Exception {
    Map<String, Waker> wakers = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      wakers.put("waker " + i, sources.waker("waker " + i));
    }
    wakers.get("waker 42").wake();
    assertNow(Map.of("waker 42", "wake"), "rule 18: only the one that was woken");
    wakers.values().forEach(Waker::wake);
    assertEquals(wakers.keySet(), now().keySet(), "rule 18: all in one batch, each under its key");
    assertNow(NOTHING, "rule 18: each once");
  }

  @Test
  @DisplayName("rule 18: a wake comes with what else is ready")
  void withSources() throws Exception {
    Waker waker = sources.waker("waker");
    sources.register("source", readyPipe().source(), Interest.READ);
    assertNow(Map.of("source", "readable"), "rule 13: the source alone");
    waker.wake();
    assertNow(Map.of("source", "readable", "waker", "wake"), "rule 18: both");
    assertNow(Map.of("source", "readable"), "rule 13: the source alone again");
  }

  @Test
  @DisplayName("rule 18: wake after close does nothing, and the key is free")
  void closed() throws Exception {
    Waker waker = sources.waker("waker");
    waker.wake();
    waker.close();
    waker.wake();
    assertFalse(sources.contains("waker"), "rule 18: close takes it out");
    assertNow(NOTHING, "rule 4: not even the wake from before is delivered");
    Waker other = sources.waker("waker");
    waker.wake();
    waker.close();
    assertNow(NOTHING, "rule 18: the closed one does not wake its successor");
    assertTrue(sources.contains("waker"), "rule 18: nor close it");
    other.wake();
    assertNow(WOKEN, "rule 18: the successor works");
  }

  @Test
  @DisplayName("rule 18: closing a waker during a wait does not end the wait")
  void closedDuring() throws Exception {
    Waker waker = sources.waker("waker");
    Waiting waiting = Waiting.on(sources);
    waker.close();
    waker.wake();
    assertTrue(waiting.staysFor(MOMENT), "rule 18: a closed waker wakes nobody");
    sources.waker("other").wake();
    assertEquals(Map.of("other", "wake"), waiting.found(), "rule 18: another one does");
  }

  @Test
  @DisplayName("rule 18: a wake is not readable, and has no source")
  void noSource() throws Exception {
    sources.waker("waker").wake();
    for (Event<String> event : sources.poll(SOON)) {
      assertEquals("wake", Found.words(event), "rule 18: a wake and nothing else");
      assertNull(event.source(), "rule 18: a waker has no source");
    }
  }

  @Test
  @DisplayName("rule 18: 100,000 times send and wake: all is received, with no more events than wakes")
  void sendAndWake() throws Exception {
    int count = Emulation.times(100_000);
    Waker waker = sources.waker("waker");
    Queue<Integer> queue = new ConcurrentLinkedQueue<>();
    Thread sender = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < count; i++) {
        queue.add(i);
        waker.wake();
      }
    });
    int received = 0;
    int events = 0;
    while (received < count) {
      assertNext(WOKEN, "rule 18: no wake is lost: " + received + " of " + count + " received");
      events++;
      for (Integer i = queue.poll(); i != null; i = queue.poll()) {
        assertEquals(received++, i, "rule 18: in the order sent");
      }
    }
    sender.join();
    events += now().size(); // wakes whose element had been taken with an earlier one
    assertTrue(events <= count, "rule 18: never more events than wakes: " + events);
    assertNow(NOTHING, "rule 18: nothing is left");
  }

  @Test
  @DisplayName("rule 1, 18: a wake that races a registration is not lost, 20,000 times")
  void racingRegistration() throws Exception {
    int rounds = Emulation.times(20_000);
    Waker waker = sources.waker("waker");
    Pipe.SourceChannel source = pipe().source();
    CyclicBarrier barrier = new CyclicBarrier(2);
    FutureTask<Void> changer = new FutureTask<>(() -> {
      for (int i = 0; i < rounds; i++) {
        sources.register("source", source, Interest.READ);
        sources.unregister("source");
        if (i % 100 == 0) {
          barrier.await(30, TimeUnit.SECONDS); // so that neither runs ahead of the other for long
        }
      }
      return null;
    });
    FutureTask<Void> waking = new FutureTask<>(() -> {
      for (int i = 0; i < rounds; i++) {
        wakeAndAwait(waker);
        if (i % 100 == 0) {
          barrier.await(30, TimeUnit.SECONDS);
        }
      }
      return null;
    });
    Thread first = Thread.ofPlatform().start(changer);
    Thread second = Thread.ofPlatform().start(waking);
    for (int i = 0; i < rounds; i++) {
      assertNext(WOKEN, "rule 18: the wake of round " + i + " is not lost");
      seen = i + 1;
    }
    changer.get(30, TimeUnit.SECONDS);
    waking.get(30, TimeUnit.SECONDS);
    first.join();
    second.join();
  }

  private volatile int seen; // wakes that the polling thread has got

  private void wakeAndAwait(Waker waker) {
    int before = seen;
    waker.wake();
    await(() -> seen > before);
  }

  @Test
  @DisplayName("rule 18: fifty registries, each of which wakes the next in a ring, lose no wake")
  void ring() throws Exception {
    int registries = 50;
    int rounds = Emulation.times(200);
    List<Waker> wakers = new ArrayList<>();
    List<FutureTask<Void>> polling = new ArrayList<>();
    for (int i = 0; i < registries; i++) {
      int next = (i + 1) % registries;
      Sources<String> registry = keep(Host.open());
      wakers.add(registry.waker("waker"));
      polling.add(new FutureTask<>(() -> {
        for (int round = 0; round < rounds; round++) {
          assertEquals(WOKEN, Found.in(registry.poll(SOON)), "rule 18: the wake of round " + round + " is not lost");
          wakers.get(next).wake();
        }
        return null;
      }));
    }
    List<Thread> threads = polling.stream().map(Thread.ofPlatform()::start).toList();
    wakers.getFirst().wake();
    for (int i = 0; i < registries; i++) {
      polling.get(i).get(60, TimeUnit.SECONDS);
      threads.get(i).join();
    }
  }

  @Test
  @DisplayName("rule 18: virtual and platform threads may wake")
  void fromAnyThread() throws Exception {
    Waker waker = sources.waker("waker");
    for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      Waiting waiting = Waiting.on(sources);
      threads.start(waker::wake).join();
      assertEquals(WOKEN, waiting.found(), "rule 18: from any thread");
    }
  }

  @Test
  @DisplayName("rule 18: a wake before the wait ends a wait without a timeout")
  void before() throws Exception {
    Waker waker = sources.waker("waker");
    waker.wake();
    assertEquals(WOKEN, Found.in(sources.poll()), "rule 18: a wake before the wait counts");
    waker.wake();
    assertEquals(WOKEN, Found.in(sources.poll(Duration.ofDays(1))), "rule 18: a wake before the wait counts");
  }
}
