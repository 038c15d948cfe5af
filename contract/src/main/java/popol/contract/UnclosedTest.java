package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/**
 * Rule 21: a registry that nobody can reach any more frees what it held. What is to be unreachable is made in a method
 * of its own, so that no local variable of the test keeps it.
 */
class UnclosedTest extends ContractTest {

  private static final String FREED = "rule 21: what nobody can reach holds nothing";

  /** A key that knows its registry, as most keys of programs do. */
  private record Knowing(Sources<?> registry, int number) {

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Knowing knowing && knowing.number == number;
    }
  }

  /** Leaves a registry with sources, a timer, a waker, and waits of both kinds of threads behind. */
  private static WeakReference<?> leave(List<Pipe> pipes) throws Exception {
    Sources<Knowing> registry = Host.open();
    for (int i = 0; i < pipes.size(); i++) {
      registry.register(new Knowing(registry, i), pipes.get(i).source(), Interest.READ);
    }
    registry.timer(new Knowing(registry, -1), Duration.ofHours(1));
    Waker waker = registry.waker(new Knowing(registry, -2));
    for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      Thread thread = threads.start(() -> pollOnce(registry));
      while (thread.getState() != Thread.State.TERMINATED && !registry.describe().contains("waits by")) {
        Thread.onSpinWait();
      }
      waker.wake();
      thread.join();
    }
    return new WeakReference<>(registry);
  }

  private static void pollOnce(Sources<Knowing> registry) {
    try {
      for (Event<Knowing> event : registry.poll()) {
        assertTrue(event.isWake(), FREED);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("rule 21: a registry that was never closed and that nobody can reach gives all back, its keys included")
  void unreachable() throws Exception {
    for (int count : new int[] {1, 20}) {
      List<Pipe> pipes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pipes.add(pipe());
      }
      Leftovers.warmUp();
      Leftovers before = Leftovers.now();
      for (int i = 0; i < 3; i++) {
        assertLetGo(leave(pipes), FREED + ": the registry itself, with " + count + " sources");
      }
      long start = System.nanoTime();
      while (isMore(Leftovers.now(), before) && System.nanoTime() - start < SOON.toNanos()) {
        System.gc(); // what the collector tells late is found after the next collection
        LockSupport.parkNanos(1_000_000);
      }
      assertNull(before.growth(), FREED + ", with " + count + " sources");
    }
  }

  private static boolean isMore(Leftovers now, Leftovers before) {
    return now.descriptors().size() > before.descriptors().size() || !before.threads().containsAll(now.threads());
  }

  @Test
  @DisplayName("rule 21: a registry on which a thread waits is not unreachable, though nobody else has it")
  void waiting() throws Exception {
    for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      List<String> found = new ArrayList<>();
      Waker waker = waitAlone(threads, found);
      for (int i = 0; i < 5; i++) {
        System.gc();
        LockSupport.parkNanos(10_000_000);
      }
      waker.wake();
      synchronized (found) {
        while (found.isEmpty()) {
          found.wait();
        }
      }
      assertEquals(List.of("waker"), found, "rule 7: it waits on, and hears the wake");
    }
  }

  private static Waker waitAlone(Thread.Builder threads, List<String> found) throws Exception {
    Sources<String> registry = Host.open();
    Waker waker = registry.waker("waker");
    threads.start(() -> {
      String key;
      try {
        key = registry.poll().iterator().next().key();
      } catch (Exception e) {
        key = e.toString();
      }
      registry.close();
      synchronized (found) {
        found.add(key);
        found.notifyAll();
      }
    });
    return waker;
  }

  @Test
  @DisplayName("rule 21: a registry that is closed, dropped and collected is not freed again: others are not touched")
  void closedAndDropped() throws Exception {
    for (int i = 0; i < 200; i++) {
      closeAndDrop();
      if (i % 20 == 0) {
        System.gc();
      }
      sources.timer("timer", Duration.ofNanos(1));
      assertNext(Map.of("timer", "expired"), "rule 19: a registry that is open works on");
    }
  }

  private void closeAndDrop() throws Exception {
    Sources<String> registry = Host.open();
    registry.timer("timer", Duration.ofNanos(1));
    registry.poll();
    registry.close();
  }
}
