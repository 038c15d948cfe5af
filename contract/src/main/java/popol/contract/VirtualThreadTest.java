package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Sources;

/** Rule 12: virtual threads. */
class VirtualThreadTest extends ContractTest {

  @Test
  @DisplayName("rule 12: waits of more virtual threads than there are carriers do not stop another one")
  void carriersFree() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    int carriers = Integer.getInteger("jdk.virtualThreadScheduler.parallelism", processors);
    List<Waiting> waits = new ArrayList<>();
    List<Sources<String>> registries = new ArrayList<>();
    for (int i = 0; i < carriers + 1; i++) {
      Sources<String> registry = keep(Host.open());
      registries.add(registry);
      waits.add(Waiting.on(Thread.ofVirtual(), registry, null));
    }
    CountDownLatch ran = new CountDownLatch(1);
    Thread.startVirtualThread(ran::countDown);
    assertTrue(ran.await(30, TimeUnit.SECONDS), "rule 12: a wait does not pin its carrier");
    for (int i = 0; i < waits.size(); i++) {
      registries.get(i).waker("waker").wake();
      assertEquals(Map.of("waker", "wake"), waits.get(i).found(), "rule 12: a virtual thread's wait is like any other");
    }
  }

  @Test
  @LinuxBundleOnly
  @DisplayName("rule 12: a hundred registries on virtual threads share one platform thread, which keeps nothing of a caller's")
  void shared() throws Exception {
    await(() -> Leftovers.now().threads().stream().noneMatch(thread -> thread.getName().startsWith("popol-")));
    Set<Thread> before = Leftovers.now().threads();
    WeakReference<Object> inherited = waitOnMany();
    Set<Thread> started = new HashSet<>(Leftovers.now().threads());
    started.removeAll(before);
    started.removeIf(Thread::isVirtual);
    assertTrue(started.size() <= 1, "rule 12: no more than one thread of popol's: " + started);
    for (Thread thread : started) {
      assertNull(thread.getContextClassLoader(), "rule 12: it has no context class loader");
      assertTrue(thread.isDaemon(), "rule 12: it does not keep the JVM from ending");
    }
    assertLetGo(inherited, "rule 12: it has no thread locals of a caller's");
  }

  /** Has registries, all open at a time, waited on by virtual threads whose thread locals are inherited. */
  private WeakReference<Object> waitOnMany() throws Exception {
    InheritableThreadLocal<Object> local = new InheritableThreadLocal<>();
    Object value = new Object();
    local.set(value);
    try {
      List<Sources<String>> registries = new ArrayList<>();
      List<Waiting> waits = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        registries.add(keep(Host.open()));
        waits.add(Waiting.on(Thread.ofVirtual(), registries.get(i), null));
      }
      for (int i = 0; i < 100; i++) {
        registries.get(i).waker("waker").wake();
        assertEquals(Map.of("waker", "wake"), waits.get(i).found(), "rule 12: each hears of its own");
      }
    } finally {
      local.remove();
    }
    return new WeakReference<>(value);
  }

  @Test
  @DisplayName("rule 12: a registry that comes for one which was closed hears of its own, and so does the next one")
  void closedBetween() throws Exception {
    Map<Sources<String>, Waiting> waits = new LinkedHashMap<>();
    Sources<String> first = waitInNew(waits);
    waitInNew(waits);
    waitInNew(waits);
    Waiting closed = waits.remove(first);
    closed.close();
    closed.thrown(ClosedSelectorException.class, "rule 10: close ends a wait");
    waitInNew(waits); // in the place of the first one
    waitInNew(waits); // where the places after it are taken
    for (Map.Entry<Sources<String>, Waiting> wait : waits.entrySet()) {
      wait.getKey().waker("waker").wake();
      assertEquals(Map.of("waker", "wake"), wait.getValue().found(), "rule 12: each hears of its own");
    }
  }

  private Sources<String> waitInNew(Map<Sources<String>, Waiting> waits) throws Exception {
    Sources<String> registry = keep(Host.open());
    waits.put(registry, Waiting.on(Thread.ofVirtual(), registry, null));
    return registry;
  }

  @Test
  @DisplayName("rule 12: a virtual thread sees sources, wakers, timers and its timeout")
  void events() throws Exception {
    Pipe pipe = pipe();
    sources.register("source", pipe.source(), Interest.READ);
    Waiting source = Waiting.on(Thread.ofVirtual(), sources, null);
    Link.send(pipe.sink(), "x");
    assertEquals(Map.of("source", "readable"), source.found(), "rule 12: a source");
    sources.disable("source", Interest.READ);

    Waiting enabled = Waiting.on(Thread.ofVirtual(), sources, SOON);
    sources.enable("source", Interest.READ);
    assertEquals(Map.of("source", "readable"), enabled.found(), "rule 1: a change during the wait");
    sources.unregister("source");

    Waiting timer = Waiting.on(Thread.ofVirtual(), sources, SOON);
    sources.timer("timer", Duration.ofMillis(1));
    assertEquals(Map.of("timer", "expired"), timer.found(), "rule 19: a timer");

    assertTrue(onVirtualThread(Duration.ofMillis(20)) >= 20_000_000, "rule 7: never early, on a virtual thread too");
  }

  private long onVirtualThread(Duration timeout) throws Exception {
    FutureTask<Long> wait = new FutureTask<>(() -> {
      long start = System.nanoTime();
      assertTrue(sources.poll(timeout).isEmpty(), "rule 6: only the timeout gives an empty result");
      return System.nanoTime() - start;
    });
    Thread.startVirtualThread(wait);
    return wait.get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("rule 9, 12: an interrupt ends a virtual thread's wait, and loses nothing")
  void interrupt() throws Exception {
    for (int i = 0; i < 20; i++) {
      Waiting waiting = Waiting.on(Thread.ofVirtual(), sources, null);
      waiting.thread().interrupt();
      waiting.thrown(InterruptedException.class, "rule 9: interrupted during the wait");
    }
    sources.register("key", readyPipe().source(), Interest.READ);
    assertNow(Map.of("key", "readable"), "rule 9: the registry works on");
  }

  @Test
  @DisplayName("rule 12: platform and virtual threads may poll the same registry in turn")
  void inTurn() throws Exception {
    var waker = sources.waker("waker");
    for (int i = 0; i < 50; i++) {
      Waiting waiting = Waiting.on(i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform(), sources, null);
      waker.wake();
      assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 12: whoever waits gets the event");
    }
  }

  @Test
  @DisplayName("rule 12: two virtual threads send each other 2,000 bytes through two registries")
  void pingPong() throws Exception {
    Link link = link();
    FutureTask<Integer> near = new FutureTask<>(() -> echo(link.near(), 2_000));
    FutureTask<Integer> far = new FutureTask<>(() -> echo(link.far(), 2_000));
    Link.send(link.near(), "x");
    Thread.startVirtualThread(near);
    Thread.startVirtualThread(far);
    assertEquals(2_000, near.get(30, TimeUnit.SECONDS), "rule 12: none is lost");
    assertEquals(2_000, far.get(30, TimeUnit.SECONDS), "rule 12: none is lost");
  }

  private static int echo(SocketChannel channel, int rounds) throws Exception {
    try (Sources<String> registry = Host.open()) {
      registry.register("key", channel, Interest.READ);
      for (int i = 0; i < rounds; i++) {
        assertEquals(Map.of("key", "readable"), Found.in(registry.poll(SOON)), "rule 13: a byte was sent");
        assertEquals("x", Link.receive(channel), "rule 13: the byte is there");
        Link.send(channel, "x");
      }
    }
    return rounds;
  }
}
