package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import popol.Event;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;
import popol.Sources;
import popol.Waker;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.WakeHandle;

/**
 * Rules of the contract that no kernel at hand can be made to show: calls that are refused, and calls that are not
 * made.
 */
@Timeout(60)
class RegistryTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final FakePoller poller = new FakePoller();
  private final FakePoller.Handle handle = poller.new Handle(FakePoller.HANDLE);
  private final FakePoller.Handle another = poller.new Handle(FakePoller.HANDLE + 1);
  private final Sources<String> sources = open();

  private Sources<String> open() {
    try {
      Registry<String> registry = new Registry<>(new FakePopol(), poller, handle);
      OpenRegistry ignored = registry.start();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is done while another wake handle is opened; or null. */
  private Runnable whileOpening;

  /** Opens nothing but another wake handle: the registry is given what else it needs. */
  private final class FakePopol extends AbstractPopol {

    @Override
    public boolean isSupported() {
      return true;
    }

    @Override
    public String mechanism() {
      return "fake";
    }

    @Override
    protected Poller openPoller() {
      throw new UnsupportedOperationException();
    }

    @Override
    protected WakeHandle openWakeHandle() throws IOException {
      poller.call("open");
      if (whileOpening != null) {
        whileOpening.run();
      }
      return another;
    }

    @Override
    protected PipeSource openPipe(Consumer<AutoCloseable> onClose) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected PipeSink openSink(Consumer<AutoCloseable> onClose) {
      throw new UnsupportedOperationException();
    }
  }

  private Map<String, String> poll(Duration timeout) throws Exception {
    Map<String, String> found = new HashMap<>();
    for (Event<String> event : sources.poll(timeout)) {
      found.put(event.key(), event.isReadable() ? "readable" : event.isWake() ? "wake" : event.toString());
    }
    return found;
  }

  @Test
  void rule1NothingIsAskedOfTheSystemWhileNobodyWaits() throws Exception {
    sources.poll(Duration.ZERO);
    List<String> before = List.copyOf(poller.calls);
    for (int i = 0; i < 100; i++) {
      sources.register("key " + i, Source.of(100 + i), Interest.READ);
      sources.interest("key " + i, Interest.WRITE);
      sources.enable("key " + i, Interest.READ);
      sources.timer("timer " + i, Duration.ofHours(1));
      sources.waker("waker " + i).wake();
    }
    for (int i = 0; i < 50; i++) {
      sources.unregister("key " + i);
      sources.unregister("waker " + i);
      sources.unregister("timer " + i);
    }
    assertEquals(before, poller.calls, "rule 1: registering, changing, waking and unregistering make no call");
    sources.poll(Duration.ZERO);
    assertEquals(50, poller.calls.stream().filter("add"::equals).count() - 1,
        "the poll that follows takes in what is left");
    assertEquals(0, poller.calls.stream().filter("modify"::equals).count(), "and nothing twice");
  }

  @Test
  void rule1OneWakeOfTheWaiterIsEnoughForManyChanges() throws Exception {
    poller.duringWait = () -> {
      for (int i = 0; i < 100; i++) {
        sources.register("key " + i, Source.of(100 + i), Interest.READ);
      }
      poller.kernel.put(142L, Readiness.READABLE);
    };
    assertEquals(Map.of("key 42", "readable"), poll(SOON));
    assertEquals(1, poller.calls.stream().filter("set"::equals).count(), "rule 1: the waiter is woken once");
    assertEquals(1, poller.calls.stream().filter("reset"::equals).count());
  }

  @Test
  void rule9WhatThePollerRefusesIsToldOnceAndTakenInByTheNextPoll() throws Exception {
    for (String call : List.of("add", "modify", "look", "wait")) {
      sources.register("key", Source.of(100), call.equals("modify") ? Interest.NONE : Interest.READ);
      if (call.equals("modify")) {
        poll(Duration.ZERO);
        sources.interest("key", Interest.READ);
      }
      sources.waker("waker").wake();
      sources.timer("timer", Duration.ZERO);
      if (call.equals("wait")) {
        poll(Duration.ZERO);
        poll(Duration.ZERO);
      } else {
        poller.kernel.put(100L, Readiness.READABLE);
      }
      poller.refused = call;
      String message = assertThrows(IOException.class, () -> sources.poll(SOON), call).getMessage();
      assertEquals(call + " is refused", message, "the poller's own words");
      poller.kernel.put(100L, Readiness.READABLE);
      Map<String, String> found = poll(SOON);
      assertEquals("readable", found.get("key"), "rule 9: " + call + " was refused, and nothing is lost");
      if (!call.equals("wait")) {
        assertEquals("wake", found.get("waker"), "rule 18: " + call + " was refused, and no wake is lost");
        assertTrue(found.containsKey("timer"), "rule 19: nor an expiry");
      }
      assertEquals(Map.of("key", "readable"), poll(Duration.ZERO), "rule 6: and nothing comes twice");
      sources.unregister("key");
      sources.unregister("waker");
      poller.kernel.remove(100L);
    }
  }

  @Test
  void rule18AWakeThatTheSystemRefusesSaysSoAndCanBeTriedAgain() throws Exception {
    Waker waker = sources.waker("waker");
    UncheckedIOException[] thrown = new UncheckedIOException[1];
    poller.duringWait = () -> {
      poller.refused = "set";
      thrown[0] = assertThrows(UncheckedIOException.class, waker::wake);
      waker.wake();
    };
    assertEquals(Map.of("waker", "wake"), poll(SOON), "rule 18: the second try wakes");
    assertTrue(thrown[0].getMessage().contains("woken"), thrown[0].getMessage());
    assertEquals("set is refused", thrown[0].getCause().getMessage());
    assertEquals(Map.of(), poll(Duration.ZERO), "rule 18: one event");
  }

  @Test
  void rule18AWakeHandleThatBreaksIsReplacedBeforeTheNextWait() throws Exception {
    Waker waker = sources.waker("waker");
    handle.whole = false; // as where its other end is gone
    poller.kernel.put(FakePoller.HANDLE, Readiness.READABLE);
    assertEquals(Map.of(), poll(Duration.ZERO), "the look finds the end");
    for (String call : List.of("open", "add")) {
      poller.refused = call;
      String message = assertThrows(IOException.class, () -> poll(SOON), call).getMessage();
      assertEquals(call + " is refused", message, "errors: who cannot be woken does not sleep");
      assertFalse(handle.closed, "errors: and it is tried again");
    }
    whileOpening = () -> join(Thread.ofPlatform().start(
        () -> sources.register("key", Source.of(100), Interest.READ)));
    poller.kernel.put(100L, Readiness.READABLE);
    assertEquals(Map.of("key", "readable"), poll(SOON), "rule 9: opening holds nobody up, and the change is taken in");
    sources.unregister("key");
    poller.duringWait = waker::wake;
    assertEquals(Map.of("waker", "wake"), poll(SOON), "rule 18: it wakes");
    assertTrue(handle.closed, "the broken one is closed");
    assertThrows(IllegalArgumentException.class,
        () -> sources.register("own", Source.of(FakePoller.HANDLE + 1), Interest.READ), "rule 18: refused");
  }

  @Test
  void rule9AChangeInALookThatBlocksIsTakenInBeforeTheWait() throws Exception {
    Thread[] changing = new Thread[1];
    poller.kernel.put(100L, Readiness.READABLE);
    poller.duringLook = () -> {
      changing[0] = Thread.ofPlatform().start(() -> sources.register("key", Source.of(100), Interest.READ));
      join(changing[0]);
    };
    assertEquals(Map.of("key", "readable"), poll(SOON), "rule 9: without the lock, and it does not sleep after that");
    poller.kernel.remove(100L);
    Waker waker = sources.waker("waker");
    poller.duringLook = waker::wake;
    assertEquals(Map.of("waker", "wake"), poll(SOON), "rule 18: nor after a wake");
    poller.duringLook = Thread.currentThread()::interrupt;
    assertThrows(InterruptedException.class, () -> poll(SOON), "rule 9: nor after an interrupt");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatAPollersOwnThreadFindsEndsTheWait() throws Exception {
    sources.register("key", Source.of(100), Interest.READ);
    poller.duringWait = () -> {
      poller.kernel.put(100L, Readiness.READABLE);
      poller.endWait.run();
    };
    assertEquals(Map.of("key", "readable"), poll(SOON));
    assertTrue(poller.calls.contains("set"), "by the wake handle");
    poller.calls.clear();
    poller.endWait.run();
    assertEquals(List.of(), poller.calls, "there is no wait to be ended");
  }

  @Test
  void rule9AChangeOfWhichTheWaiterCannotBeToldHasNotHappened() throws Exception {
    sources.register("key", Source.of(100), Interest.READ);
    sources.timer("later", Duration.ofHours(1));
    List<Runnable> changes = List.of(
        () -> sources.register("other", Source.of(101), Interest.READ),
        () -> sources.interest("key", Interest.NONE),
        () -> sources.unregister("key"),
        () -> sources.timer("timer", Duration.ZERO),
        () -> sources.timer("later", Duration.ZERO));
    for (Runnable change : changes) {
      poller.duringWait = () -> {
        poller.refused = "set";
        assertThrows(UncheckedIOException.class, change::run);
        assertEquals(Set.of("key", "later"), sources.keys(), "rule 9: it has not happened");
        assertEquals(Interest.READ, sources.interest("key").orElseThrow(), "rule 9: it has not happened");
      };
      assertEquals(Map.of(), poll(Duration.ofMillis(5)), "rule 9: nor does the timer expire");
    }
    poller.kernel.put(100L, Readiness.READABLE);
    assertEquals(Map.of("key", "readable"), poll(SOON), "rule 9: the registry works on");
  }

  @Test
  void rule10CloseFreesThePollerAndTheHandle() {
    sources.close();
    assertTrue(poller.closed && handle.closed);
    assertFalse(sources.isOpen());
    sources.close();
  }

  @Test
  void rule18ADescriptorOfTheRegistrysOwnIsRefused() {
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("key", Source.of(FakePoller.HANDLE), Interest.READ)).getMessage();
    assertTrue(message.contains("descriptor 3") && message.contains("own"), message);
    assertTrue(sources.isEmpty());
  }
}
