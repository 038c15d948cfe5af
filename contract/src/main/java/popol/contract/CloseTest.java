package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/** Rule 10: closing. */
class CloseTest extends ContractTest {

  @Test
  @DisplayName("rule 10: close ends a wait, with or without a timeout")
  void endsWait() throws Exception {
    for (Duration timeout : new Duration[] {null, SOON, Duration.ofDays(100_000)}) {
      Sources<String> registry = keep(Host.open());
      registry.register("key", pipe().source(), Interest.READ);
      Waiting waiting = Waiting.on(Thread.ofPlatform(), registry, timeout);
      waiting.close();
      waiting.thrown(ClosedSelectorException.class, "rule 10: close ends a wait with the documented exception");
    }
  }

  @Test
  @DisplayName("rule 10: close ends a virtual thread's wait")
  void endsVirtualWait() throws Exception {
    Waiting waiting = Waiting.on(Thread.ofVirtual(), sources, null);
    waiting.close();
    waiting.thrown(ClosedSelectorException.class, "rule 10: close ends a wait with the documented exception");
  }

  @Test
  @DisplayName("rule 10: close can be called again, and by several threads at a time")
  void idempotent() throws Exception {
    Waiting waiting = Waiting.on(sources);
    try (ExecutorService closers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> closes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        closes.add(closers.submit(sources::close));
      }
      try {
        for (Future<?> close : closes) {
          close.get(30, TimeUnit.SECONDS);
        }
      } finally {
        waiting.thread().interrupt(); // ends the wait that close should have ended
      }
    }
    waiting.thrown(ClosedSelectorException.class, "rule 10: close ends the wait");
    sources.close();
    assertFalse(sources.isOpen(), "rule 10: a closed registry says so");
  }

  @Test
  @DisplayName("rule 10: a second close does not touch a number that is somebody else's by now")
  void numbersOfOthers() throws Exception {
    for (int i = 0; i < 5; i++) {
      sources.register("key " + i, pipe().source(), Interest.READ);
    }
    assertNow(NOTHING, "rule 13: nothing is ready");
    sources.close();
    List<Pipe> others = List.of(readyPipe(), readyPipe()); // get the numbers that have just become free
    sources.close();
    for (Pipe other : others) {
      assertEquals("x", Link.receive(other.source()), "rule 10: it is open");
      Link.send(other.sink(), "y");
      assertEquals("y", Link.receive(other.source()), "rule 10: both ends are");
    }
  }

  @Test
  @DisplayName("rule 10, 18: wake after close does nothing, nor does closing a waker")
  void wakeAfterClose() {
    Waker waker = sources.waker("waker");
    assertTrue(sources.isOpen(), "rule 10: open before");
    sources.close();
    waker.wake();
    waker.close();
    waker.wake();
    assertFalse(sources.isOpen(), "rule 10: closed after");
  }

  @Test
  @DisplayName("rule 9, 10: an interrupted thread can close, and stays interrupted")
  void interruptedCloser() throws Exception {
    Waiting waiting = Waiting.on(sources);
    FutureTask<Boolean> closer = new FutureTask<>(() -> {
      Thread.currentThread().interrupt();
      sources.close();
      return Thread.interrupted();
    });
    Thread.ofPlatform().start(closer);
    try {
      assertTrue(closer.get(30, TimeUnit.SECONDS), "rule 10: close leaves the interrupt to its caller");
    } finally {
      waiting.thread().interrupt(); // ends the wait that close should have ended
    }
    waiting.thrown(ClosedSelectorException.class, "rule 10: close ends the wait");
  }

  @Test
  @DisplayName("rule 1, 10: changes that race a close give only the documented exception")
  void racingChanges() throws Exception {
    Pipe.SourceChannel source = pipe().source();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 200; round++) {
        Sources<String> registry = keep(Host.open());
        registry.register("fixed", pipe().source(), Interest.READ);
        Waker waker = registry.waker("waker");
        CountDownLatch started = new CountDownLatch(4);
        List<Future<?>> races = List.of(
            threads.submit(() -> untilClosed(registry, started, it -> it.enable("fixed", Interest.READ))),
            threads.submit(() -> untilClosed(registry, started, it -> it.timer("timer", Duration.ZERO))),
            threads.submit(() -> untilClosed(registry, started, it -> registerAndUnregister(it, source))),
            threads.submit(() -> untilClosed(registry, started, it -> pollAndWake(it, waker))));
        started.await();
        closeOrInterrupt(registry, threads);
        for (Future<?> race : races) {
          race.get(30, TimeUnit.SECONDS);
        }
      }
    }
  }

  /** If close does not end the poll, an interrupt does, so that the test can say so. */
  private static void closeOrInterrupt(Sources<String> registry, ExecutorService polling) throws Exception {
    FutureTask<Void> close = new FutureTask<>(registry::close, null);
    Thread.ofPlatform().daemon().start(close);
    try {
      close.get(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      polling.shutdownNow();
      throw new AssertionError("rule 10: close has not ended the poll", e);
    }
  }

  private static void untilClosed(Sources<String> registry, CountDownLatch started, Consumer<Sources<String>> change) {
    try {
      while (true) {
        change.accept(registry);
        started.countDown();
      }
    } catch (ClosedSelectorException closed) {
      assertFalse(registry.isOpen(), "rule 10: only a closed registry says that it is closed");
    }
  }

  private static void registerAndUnregister(Sources<String> registry, Pipe.SourceChannel source) {
    registry.register("key", source, Interest.READ);
    registry.unregister("key");
  }

  private static void pollAndWake(Sources<String> registry, Waker waker) {
    waker.wake();
    try {
      registry.poll();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("rule 10: a close is no other error", e);
    }
  }

  @Test
  @DisplayName("rule 10: opening and closing 2,000 times leaves no descriptor behind")
  void noDescriptorLeft() throws Exception {
    Pipe pipe = readyPipe();
    int before = Leftovers.openDescriptors().size();
    for (int i = 0; i < Emulation.times(2_000); i++) {
      try (Sources<String> registry = Host.open()) {
        registry.register("key", pipe.source(), Interest.READ);
        registry.waker("waker").wake();
        assertEquals(2, registry.poll(SOON).size(), "rule 13: both are reported");
      }
    }
    Leftovers.assertNoneSince(before, "rule 10: close leaves no descriptor behind");
  }

  @Test
  @DisplayName("rule 10: close returns when all is freed, also from under a wait")
  void freedUnderWait() throws Exception {
    Waiting other = Waiting.on(Thread.ofVirtual(), sources, null); // keeps open what all of them share
    try {
      int before = Leftovers.openDescriptors().size();
      for (int i = 0; i < 50; i++) {
        Sources<String> registry = keep(Host.open());
        Waiting waiting = Waiting.on(i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual(), registry, null);
        waiting.close();
        Leftovers.assertNoneSince(before, "rule 10: nothing is left when close has returned");
        waiting.thrown(ClosedSelectorException.class, "rule 10: close ends the wait");
      }
    } finally {
      other.thread().interrupt(); // ends its wait, also where close cannot
    }
  }

  @Test
  @DisplayName("rule 10: after close every method but close and isOpen throws")
  void closedMethods() throws Exception {
    Pipe.SourceChannel source = pipe().source();
    sources.register("key", source, Interest.READ);
    sources.close();
    closed(() -> sources.register("other", source, Interest.READ));
    closed(() -> sources.unregister("key"));
    closed(() -> sources.enable("key", Interest.WRITE));
    closed(() -> sources.disable("key", Interest.READ));
    closed(() -> sources.interest("key", Interest.WRITE));
    closed(() -> sources.interest("key"));
    closed(() -> sources.waker("waker"));
    closed(() -> sources.timer("timer", Duration.ZERO));
    closed(() -> sources.poll());
    closed(() -> sources.poll(Duration.ZERO));
    closed(() -> sources.poll(SOON));
    closed(() -> sources.size());
    closed(() -> sources.isEmpty());
    closed(() -> sources.contains("key"));
    closed(() -> sources.keys());
    assertFalse(sources.isOpen(), "rule 10: it is closed");
    sources.close();
  }

  private static void closed(Executable call) {
    assertThrows(ClosedSelectorException.class, call, "rule 10: a closed registry says that it is closed");
  }
}
