package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Events;
import popol.Interest;

/** Rule 4: entries that are removed while the events are being read. */
class RemovalTest extends ContractTest {

  @Test
  @DisplayName("rule 4: an entry unregistered in the loop is not delivered later in that batch")
  void unregistered() throws Exception {
    threeReady();
    List<String> keys = keys(first -> unregisterOthers(first));
    assertEquals(1, keys.size(), "rule 4: the others were unregistered");
    assertNow(Map.of(keys.getFirst(), "readable"), "rule 4: and stay unregistered");
  }

  @Test
  @DisplayName("rule 4: an entry unregistered by another thread is not delivered later in that batch")
  void unregisteredElsewhere() throws Exception {
    threeReady();
    List<String> keys = keys(first -> elsewhere(() -> unregisterOthers(first)));
    assertEquals(1, keys.size(), "rule 4: the others were unregistered by another thread");
  }

  @Test
  @DisplayName("rule 4: an entry registered anew under the same key does not get the old one's event")
  void registeredAnew() throws Exception {
    threeReady();
    Pipe.SourceChannel silent = pipe().source();
    Pipe.SourceChannel ready = readyPipe().source();
    List<String> others = new ArrayList<>();
    List<String> keys = keys(first -> {
      others.addAll(unregisterOthers(first));
      sources.register(others.getFirst(), silent, Interest.READ);
      sources.register(others.getLast(), ready, Interest.READ);
    });
    assertEquals(1, keys.size(), "rule 4: the old events are not given to the new entries");
    assertNow(Map.of(keys.getFirst(), "readable", others.getLast(), "readable"),
        "rule 4: the next poll speaks of the new entries");
  }

  @Test
  @DisplayName("rule 4: the same holds where another thread registers anew")
  void registeredAnewElsewhere() throws Exception {
    threeReady();
    Pipe.SourceChannel silent = pipe().source();
    List<String> keys = keys(first -> elsewhere(
        () -> sources.register(unregisterOthers(first).getFirst(), silent, Interest.READ)));
    assertEquals(1, keys.size(), "rule 4: the old event is not given to the new entry");
    assertNow(Map.of(keys.getFirst(), "readable"), "rule 4: the new entry has nothing to report");
  }

  @Test
  @DisplayName("rule 4: the same source registered anew under its key is reported by the next poll")
  void sameSourceAnew() throws Exception {
    Pipe a = readyPipe();
    Pipe b = readyPipe();
    sources.register("a", a.source(), Interest.READ);
    sources.register("b", b.source(), Interest.READ);
    Iterator<Event<String>> events = sources.poll(Duration.ZERO).iterator();
    String first = events.next().key();
    String other = first.equals("a") ? "b" : "a";
    sources.unregister(other);
    sources.register(other, (other.equals("a") ? a : b).source(), Interest.READ);
    assertFalse(events.hasNext(), "rule 4: an entry registered anew has no event in this batch");
    assertNow(Map.of("a", "readable", "b", "readable"), "rule 4: it has one in the next");
  }

  @Test
  @DisplayName("rule 4: an entry may unregister itself, and come back at once")
  void itself() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("key", pipe.source(), Interest.READ);
    int delivered = 0;
    for (Event<String> event : sources.poll(Duration.ZERO)) {
      delivered++;
      assertTrue(sources.unregister(event.key()), "rule 3: it was there");
      sources.register("key", pipe.source(), Interest.READ);
    }
    assertEquals(1, delivered, "rule 4: it is delivered once in this batch");
    assertNow(Map.of("key", "readable"), "rule 4: and is watched again");
  }

  @Test
  @DisplayName("rule 4: interest replaced in the loop counts from the next poll on")
  void interestReplaced() throws Exception {
    Pipe a = readyPipe();
    Pipe b = readyPipe();
    sources.register("a", a.source(), Interest.READ);
    sources.register("b", b.source(), Interest.READ);
    for (Event<String> event : sources.poll(Duration.ZERO)) {
      sources.interest(event.key(), Interest.NONE);
    }
    assertNow(NOTHING, "rule 4: both are silent");
    sources.interest("a", Interest.READ);
    assertNow(Map.of("a", "readable"), "rule 4: one speaks again");
  }

  @Test
  @DisplayName("rule 4: interest set by another thread during the loop counts from the next poll on")
  void interestReplacedElsewhere() throws Exception {
    threeReady();
    List<String> keys = keys(
        first -> elsewhere(() -> sources.keys().forEach(key -> sources.disable(key, Interest.READ))));
    assertEquals(3, keys.size(), "rule 4: what has been found is not taken back");
    assertNow(NOTHING, "rule 4: all are silent");
  }

  @Test
  @DisplayName("rule 4: what has been found is not taken back by a change of interest, in whichever way")
  void interestOfFound() throws Exception {
    threeReady();
    for (Consumer<String> change : List.<Consumer<String>>of(
        key -> sources.interest(key, Interest.READ), key -> sources.enable(key, Interest.PRIORITY),
        key -> sources.disable(key, Interest.PRIORITY), key -> sources.interest(key, Interest.NONE))) {
      assertEquals(3, keys(first -> sources.keys().forEach(change)).size(), "rule 4: each is delivered");
    }
    assertNow(NOTHING, "rule 4: all are silent from the next poll on");
  }

  @Test
  @DisplayName("rule 4, 10: closing the registry in the loop ends the loop")
  void closed() throws Exception {
    threeReady();
    List<String> keys = keys(first -> sources.close());
    assertEquals(1, keys.size(), "rule 4: close removes all entries, so that nothing more is delivered");
    assertThrows(ClosedSelectorException.class, sources::poll, "rule 10: the registry is closed");
  }

  @Test
  @DisplayName("rule 4, 10: closing the registry from another thread during the loop ends the loop")
  void closedElsewhere() throws Exception {
    threeReady();
    List<String> keys = keys(first -> elsewhere(sources::close));
    assertEquals(1, keys.size(), "rule 4: close removes all entries, so that nothing more is delivered");
  }

  @Test
  @DisplayName("rule 4: wakers and timers removed in the loop are not delivered either")
  void wakersAndTimers() throws Exception {
    sources.waker("a").wake();
    sources.waker("b").wake();
    sources.timer("c", Duration.ZERO);
    sources.timer("d", Duration.ZERO);
    Events<String> events = sources.poll(SOON);
    assertEquals(4, events.size(), "rules 18 and 19: all four are in the batch");
    Iterator<Event<String>> iterator = events.iterator();
    String first = iterator.next().key();
    for (String key : List.of("a", "b", "c", "d")) {
      if (!key.equals(first)) {
        assertEquals(key.compareTo("b") <= 0, sources.unregister(key), "rule 19: an expired timer has left already");
      }
    }
    sources.waker(first.equals("b") ? "a" : "b");
    sources.timer(first.equals("d") ? "c" : "d", SOON);
    assertFalse(iterator.hasNext(), "rule 4: none is delivered, nor given to those that have their keys now");
    assertSilent("rule 4: the new ones have nothing to report");
  }

  @Test
  @DisplayName("rule 4: the event of a closed channel is not given to the one that gets its key")
  void invalidReplaced() throws Exception {
    Pipe old = pipe();
    sources.register("old", old.source(), Interest.READ);
    sources.register("other", readyPipe().source(), Interest.READ);
    old.source().close();
    Events<String> events = sources.poll(Duration.ZERO);
    assertEquals(2, events.size(), "rule 16: the closed one is reported");
    Pipe young = pipe();
    sources.register("old", young.source(), Interest.READ);
    assertEquals(Map.of("other", "readable"), Found.in(events), "rule 4: invalid was the old one's");
    assertNow(Map.of("other", "readable"), "rule 4: the new one is not invalid");
    assertEquals(Set.of("old", "other"), sources.keys(), "rule 4: the new one is there");
  }

  @Test
  @DisplayName("rule 4: an event of a closed channel that was unregistered after it was found is not delivered")
  void invalidUnregistered() throws Exception {
    Pipe old = pipe();
    sources.register("old", old.source(), Interest.READ);
    old.source().close();
    Events<String> events = sources.poll(Duration.ZERO);
    assertFalse(sources.unregister("old"), "rule 15: an invalid source is removed already");
    assertEquals(NOTHING, Found.in(events), "rule 4: who unregisters does not want to hear of it");
  }

  private void threeReady() throws Exception {
    for (String key : List.of("a", "b", "c")) {
      sources.register(key, readyPipe().source(), Interest.READ);
    }
  }

  /** The keys of a batch, after whose first event something is done; the order of the events is not said. */
  private List<String> keys(Consumer<String> afterFirst) throws Exception {
    List<String> keys = new ArrayList<>();
    for (Event<String> event : sources.poll(Duration.ZERO)) {
      keys.add(event.key());
      if (keys.size() == 1) {
        afterFirst.accept(event.key());
      }
    }
    return keys;
  }

  private List<String> unregisterOthers(String key) {
    List<String> others = sources.keys().stream().filter(other -> !other.equals(key)).toList();
    others.forEach(sources::unregister);
    return others;
  }

  private static void elsewhere(Runnable action) {
    CompletableFuture.runAsync(action, Thread.ofPlatform()::start).join();
  }
}
