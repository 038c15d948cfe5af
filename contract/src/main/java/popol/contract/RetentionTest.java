package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * Rule 25: nothing is kept of an entry that has left. What is to be let go of is made in a method of its own, so that
 * no local variable of the test keeps it.
 */
class RetentionTest extends ContractTest {

  private static final String LEFT = "rule 25: nothing is kept of an entry that has left: ";

  /** What one entry had, by name. */
  private final Map<String, WeakReference<?>> left = new TreeMap<>();

  private final List<Pipe.SinkChannel> sinks = new ArrayList<>(); // of the pipes that are to be let go of

  /** A key that nobody else has. */
  private String key(String name) {
    String key = new StringBuilder(name).toString();
    left.put("the key of " + name, new WeakReference<>(key));
    return key;
  }

  /** A source that nobody else has. */
  private Source source(String name, boolean isReady) throws Exception {
    Pipe pipe = Pipe.open();
    sinks.add(keep(pipe.sink()));
    if (isReady) {
      Link.send(pipe.sink(), "x");
    }
    Source source = Source.of(pipe.source());
    left.put("the source of " + name, new WeakReference<>(source));
    left.put("the channel of " + name, new WeakReference<>(pipe.source()));
    return source;
  }

  private static void close(Source source) throws Exception {
    ((Pipe.SourceChannel) source.owner()).close();
  }

  private void assertAllLetGo(String when) {
    assertTrue(!left.isEmpty(), "there is something to let go of");
    left.forEach((what, reference) -> assertLetGo(reference, LEFT + what + ", " + when));
    left.clear();
  }

  @Test
  @DisplayName("rule 25: an entry that is unregistered while the loop waits on is let go of, also if it was ready before")
  void unregisteredDuringWait() throws Exception {
    for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      sources.register("other", pipe().source(), Interest.READ);
      register("ready", true);
      register("silent", false);
      sources.timer(key("timer"), SOON);
      sources.waker(key("waker"));
      assertNow(Map.of("ready", "readable"), "rule 13: it is ready");
      sources.disable("ready", Interest.READ);
      Waiting waiting = Waiting.on(threads, sources, null);
      for (String name : List.of("ready", "silent")) {
        closeAndUnregister(name);
      }
      sources.unregister("timer");
      sources.unregister("waker");
      assertAllLetGo("while the loop waits");
      sources.waker("end").wake();
      assertEquals(Map.of("end", "wake"), waiting.found(), "rule 1: the loop waits on");
      sources.unregister("end");
      sources.unregister("other");
    }
  }

  private void register(String name, boolean isReady) throws Exception {
    sources.register(key(name), source(name, isReady), Interest.READ);
  }

  private void closeAndUnregister(String name) throws Exception {
    Source source = sources.source(name).orElseThrow();
    sources.unregister(name);
    close(source);
  }

  @Test
  @DisplayName("rule 25: a closed source is let go of once it has been reported, or replaced, and the next poll has begun")
  void closed() throws Exception {
    register("reported", true);
    register("replaced", true);
    register("replaced unseen", false);
    assertEquals(2, now().size(), "rule 13: two are ready");
    for (String name : List.of("reported", "replaced", "replaced unseen")) {
      close(sources.source(name).orElseThrow());
    }
    sources.register("replaced unseen", pipe().source(), Interest.READ);
    assertNext(Map.of("reported", "invalid", "replaced", "invalid"), "rule 16: they were closed");
    sources.register("replaced", pipe().source(), Interest.READ);
    assertNow(NOTHING, "rule 16: reported once");
    assertAllLetGo("closed");
  }

  @Test
  @DisplayName("rule 25: a timer that has expired, and a waker that was closed, are let go of, though the waker is held")
  void timersAndWakers() throws Exception {
    sources.timer(key("timer"), Duration.ZERO);
    Waker waker = sources.waker(key("waker"));
    waker.wake();
    assertNext(Map.of("timer", "expired", "waker", "wake"), "rules 18, 19: both are heard of");
    waker.close();
    assertNow(NOTHING, "rule 18: it is closed");
    assertAllLetGo("expired or closed");
    waker.wake();
    assertNow(NOTHING, "rule 18: wake after close does nothing");
  }

  @Test
  @DisplayName("rule 25: a thousand entries that have been in one batch are let go of, though later batches are small")
  void largeBatch() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      sources.waker(key("waker " + i)).wake();
    }
    sources.register("other", readyPipe().source(), Interest.READ);
    assertEquals(1_001, now().size(), "rule 18: all are in one batch");
    for (int i = 0; i < 1_000; i++) {
      sources.unregister("waker " + i);
    }
    assertNow(Map.of("other", "readable"), "rule 3: they are gone");
    assertAllLetGo("after a large batch");
  }

  @Test
  @DisplayName("rule 25: after close the registry holds nothing, in whichever state its entries were, though it and a waker are held")
  void afterClose() throws Exception {
    Waker waker = fillAndClose();
    assertAllLetGo("after close, while the registry and a waker are held");
    waker.wake();
    assertTrue(!sources.isOpen(), "rule 10: it is closed");
  }

  private Waker fillAndClose() throws Exception {
    register("ready", true);
    register("silent", false);
    register("dead", false);
    register("dead and found", false);
    sources.register(key("once"), source("once", true), Interest.READ.plus(Interest.ONCE));
    sources.register(key("owned"), source("owned", true).owned(), Interest.READ);
    sources.register(key("owned too"), source("owned too", false).owned(), Interest.READ);
    sources.timer(key("timer"), SOON);
    sources.timer(key("expired"), Duration.ZERO);
    sources.timer(key("periodic"), Duration.ZERO, SOON);
    Waker waker = sources.waker(key("waker"));
    sources.waker(key("woken")).wake();
    close(sources.source("dead and found").orElseThrow());
    Events<String> events = sources.poll(Duration.ZERO);
    Iterator<Event<String>> iterator = events.iterator();
    iterator.next();
    waker.wake();
    close(sources.source("dead").orElseThrow());
    Source ready = sources.source("ready").orElseThrow();
    Source silent = sources.source("silent").orElseThrow();
    Source once = sources.source("once").orElseThrow();
    sources.close();
    close(ready);
    close(silent);
    close(once);
    return waker;
  }

  @Test
  @DisplayName("rule 25: an event that is held keeps its own key and source, and nothing else: no other entry, no registry")
  void heldEvent() throws Exception {
    for (String name : List.of("ready", "owned", "woken", "expired", "periodic", "closed")) {
      Event<String> held = fillAndHold(name);
      left.remove("the key of " + name);
      left.remove("the source of " + name);
      left.remove("the channel of " + name);
      assertAllLetGo("while the event of " + name + " is held");
      assertNotNull(held.toString(), "an event has a text as long as it is held");
      sources = keep(Host.open());
    }
  }

  private Event<String> fillAndHold(String name) throws Exception {
    Sources<String> registry = Host.open();
    left.put("the registry", new WeakReference<>(registry));
    Source closed = source("closed", false);
    registry.register(key("ready"), source("ready", true), Interest.READ);
    registry.register(key("owned"), source("owned", true).owned(), Interest.READ);
    registry.register(key("owned too"), source("owned too", true).owned(), Interest.READ);
    registry.register(key("owned and silent"), source("owned and silent", false).owned(), Interest.READ);
    registry.register(key("closed"), closed, Interest.READ);
    registry.waker(key("woken")).wake();
    registry.waker(key("woken too")).wake();
    registry.timer(key("expired"), Duration.ZERO);
    registry.timer(key("periodic"), Duration.ZERO, SOON);
    close(closed);
    Event<String> held = null;
    for (Event<String> event : registry.poll(SOON)) {
      if (event.key().equals(name)) {
        held = event;
      }
    }
    close(registry.source("ready").orElseThrow());
    registry.close();
    return held;
  }

  @Test
  @DisplayName("rule 25: an event that is held of an entry that has left keeps no other entry, while the registry is open")
  void heldEventOfOpenRegistry() throws Exception {
    Event<String> held = holdAndUnregister();
    left.remove("the key of held");
    left.remove("the source of held");
    left.remove("the channel of held");
    assertAllLetGo("while the event of one that was unregistered with it is held");
    assertNotNull(held.toString(), "an event has a text as long as it is held");
  }

  private Event<String> holdAndUnregister() throws Exception {
    Event<String> held = null;
    for (String name : List.of("a", "held", "b")) {
      register(name, true);
    }
    for (Event<String> event : sources.poll(SOON)) {
      held = event.key().equals("held") ? event : held;
    }
    for (String name : List.of("a", "held", "b")) {
      closeAndUnregister(name);
    }
    sources.poll(Duration.ZERO);
    return held;
  }

  @Test
  @DisplayName("rule 25: an entry whose event is in the current batch is let go of by the next poll, or by close")
  void currentBatch() throws Exception {
    boolean[] closes = {false, true};
    for (boolean close : closes) {
      register("key", true);
      Iterator<Event<String>> iterator = sources.poll(SOON).iterator();
      assertTrue(iterator.hasNext(), "rule 13: it is ready");
      closeAndUnregister("key");
      if (close) {
        sources.close();
      } else {
        assertNow(NOTHING, "rule 3: it is gone");
      }
      iterator = null;
      assertAllLetGo(close ? "after close" : "after the next poll");
    }
  }

  @Test
  @DisplayName("rule 25: nothing is kept of what was refused")
  void refused() throws Exception {
    sources.register("key", pipe().source(), Interest.READ);
    tryToRegister();
    assertAllLetGo("refused");
    assertEquals(1, sources.size(), "rule 2: what was refused left nothing behind");
  }

  private void tryToRegister() throws Exception {
    Source source = source("refused", true);
    try {
      sources.register(key("key"), source, Interest.READ);
      throw new AssertionError("rule 2: the key is registered");
    } catch (IllegalArgumentException expected) {
      close(source);
    }
  }

  @Test
  @DisplayName("rule 12, 25: nothing is kept of a virtual thread that has waited")
  void virtualThread() throws Exception {
    sources.register("ready", readyPipe().source(), Interest.READ);
    sources.disable("ready", Interest.READ);
    WeakReference<Thread> thread = waitAndEnd();
    assertLetGo(thread, "rule 25: a virtual thread that has waited is let go of, while its registry is open");
    assertNow(NOTHING, "rule 12: the registry works on");
  }

  private WeakReference<Thread> waitAndEnd() throws Exception {
    Waiting waiting = Waiting.on(Thread.ofVirtual(), sources, null);
    WeakReference<Thread> thread = new WeakReference<>(waiting.thread());
    sources.enable("ready", Interest.READ);
    assertEquals(Map.of("ready", "readable"), waiting.found(), "rule 12: the thread was told");
    sources.disable("ready", Interest.READ);
    return thread;
  }
}
