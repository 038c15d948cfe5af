package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Waker;

/** Rule 6: what a poll returns, and how long it can be read. */
class BatchTest extends ContractTest {

  private static final String STALE = "rule 6: a batch read after the next poll is an error";

  @Test
  @DisplayName("rule 6: registered and nothing ready is an empty result")
  void empty() throws Exception {
    sources.register("key", pipe().source(), Interest.READ);
    Events<String> events = sources.poll(Duration.ofMillis(1));
    assertTrue(events.isEmpty(), "rule 6: empty means that the timeout passed");
    assertEquals(0, events.size(), "rule 6: empty has no events");
    assertFalse(events.iterator().hasNext(), "rule 6: empty has nothing to iterate over");
    assertEquals(1, sources.size(), "rule 6: the entry stays registered");
  }

  @Test
  @DisplayName("rule 6: the batch counts its events and can be iterated again")
  void again() throws Exception {
    twoReady();
    Events<String> events = sources.poll(Duration.ZERO);
    assertEquals(2, events.size(), "rule 6: two are ready");
    assertFalse(events.isEmpty(), "rule 6: two are ready");
    assertEquals(Map.of("a", "readable", "b", "readable"), Found.in(events), "rule 6: read once");
    assertEquals(Map.of("a", "readable", "b", "readable"), Found.in(events), "rule 6: read again");
  }

  @Test
  @DisplayName("rule 6: two iterators of a batch do not disturb each other")
  void twoIterators() throws Exception {
    twoReady();
    Events<String> events = sources.poll(Duration.ZERO);
    List<String> pairs = new ArrayList<>();
    for (Event<String> outer : events) {
      String key = outer.key();
      for (Event<String> inner : events) {
        pairs.add(key + inner.key());
      }
    }
    pairs.sort(null);
    assertEquals(List.of("aa", "ab", "ba", "bb"), pairs, "rule 6: each iterator has its own place");
  }

  @Test
  @DisplayName("rule 6: an iterator ends, and does not remove")
  void iteratorEnds() throws Exception {
    twoReady();
    Iterator<Event<String>> events = sources.poll(Duration.ZERO).iterator();
    events.next();
    assertThrows(UnsupportedOperationException.class, events::remove, "rule 6: an event cannot be removed");
    events.next();
    assertFalse(events.hasNext(), "rule 6: there were two");
    assertThrows(NoSuchElementException.class, events::next, "rule 6: there is no third");
  }

  @Test
  @DisplayName("rule 6: an event has the source that was registered; wakers and timers have none")
  void source() throws Exception {
    Source source = Source.of(readyPipe().source());
    sources.register("source", source, Interest.READ);
    sources.waker("waker").wake();
    sources.timer("timer", Duration.ZERO);
    for (Event<String> event : sources.poll(SOON)) {
      if (event.key().equals("source")) {
        assertSame(source, event.source(), "rule 6: the same object");
      } else {
        assertNull(event.source(), "rule 6: there is no source behind " + event.key());
      }
    }
  }

  @Test
  @DisplayName("rule 6: the texts of events and of a waker name the key and what is true of it")
  void text() throws Exception {
    Waker waker = sources.waker("woken");
    waker.wake();
    Events<String> events = sources.poll(Duration.ZERO);
    Event<String> event = events.iterator().next();
    assertEquals("Event[woken: wake]", event.toString(), "a text for a log");
    assertEquals("[Event[woken: wake]]", events.toString(), "a text for a log");
    assertEquals("Waker[woken]", waker.toString(), "a text for a log");
    sources.timer("timer", Duration.ZERO);
    waker.wake();
    Events<String> both = sources.poll(Duration.ZERO);
    assertEquals(2, both.size(), "rule 18 and 19: one was woken, one has expired");
    List<String> texts = new ArrayList<>();
    both.forEach(each -> texts.add(each.toString()));
    assertEquals("[" + String.join(", ", texts) + "]", both.toString(), "a text for a log");
    assertTrue(both.toString().contains("Event[timer: expired]"), "a text for a log: " + both);
    sources.poll(Duration.ZERO);
    assertEquals("Event of an earlier poll", event.toString(), "rule 6: it is over");
    assertEquals("Events of an earlier poll", both.toString(), "rule 6: they are over");
    waker.close();
    assertEquals("Waker[closed]", waker.toString(), "a text for a log");
  }

  @Test
  @DisplayName("rule 6: a batch read after the next poll throws")
  void staleBatch() throws Exception {
    twoReady();
    Events<String> events = sources.poll(Duration.ZERO);
    sources.poll(Duration.ZERO);
    assertThrows(ConcurrentModificationException.class, events::size, STALE);
    assertThrows(ConcurrentModificationException.class, events::isEmpty, STALE);
    assertThrows(ConcurrentModificationException.class, events::iterator, STALE);
  }

  @Test
  @DisplayName("rule 6: an empty batch read after the next poll throws too")
  void staleEmptyBatch() throws Exception {
    Events<String> events = sources.poll(Duration.ZERO);
    sources.poll(Duration.ZERO);
    assertThrows(ConcurrentModificationException.class, events::isEmpty, STALE);
  }

  @Test
  @DisplayName("rule 6: an iterator in the middle throws after one, two and many more polls")
  void staleIterator() throws Exception {
    twoReady();
    for (int polls = 1; polls <= 7; polls++) {
      Events<String> events = sources.poll(Duration.ZERO);
      Iterator<Event<String>> iterator = events.iterator();
      iterator.next();
      for (int i = 0; i < polls; i++) {
        assertEquals(2, Found.in(sources.poll(Duration.ZERO)).size(), "rule 13: both stay ready");
      }
      String after = STALE + ", also after " + polls + " polls";
      assertThrows(ConcurrentModificationException.class, iterator::hasNext, after);
      assertThrows(ConcurrentModificationException.class, iterator::next, after);
      assertThrows(ConcurrentModificationException.class, events::iterator, after);
    }
  }

  @Test
  @DisplayName("rule 6: the batches of the seven polls before throw, whatever else was found since, and the text says so")
  void ring() throws Exception {
    List<Events<String>> older = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sources.waker("waker " + i).wake();
      Events<String> current = sources.poll(Duration.ZERO);
      assertEquals(1, current.size(), "rule 18: one was woken");
      for (Events<String> old : older) {
        assertThrows(ConcurrentModificationException.class, old::size, STALE);
        assertThrows(ConcurrentModificationException.class, old::isEmpty, STALE);
        assertThrows(ConcurrentModificationException.class, old::iterator, STALE);
        assertFalse(old.toString().contains("waker"), "rule 6: its text is not another batch's: " + old);
      }
      assertTrue(current.toString().contains("waker " + i), "a text for a log: " + current);
      assertEquals(Map.of("waker " + i, "wake"), Found.in(current), "rule 6: the current batch is as it was");
      older.add(current);
      if (older.size() > 7) {
        older.removeFirst(); // what is older is not told from the current one
      }
    }
  }

  @Test
  @DisplayName("rule 6: every question to an event of an earlier poll throws, but for its text")
  void staleEvent() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("source", pipe.source(), Interest.READ);
    sources.waker("waker").wake();
    sources.timer("timer", Duration.ZERO);
    sources.timer("periodic", Duration.ZERO, Duration.ofHours(1));
    List<Event<String>> events = new ArrayList<>();
    sources.poll(SOON).forEach(events::add);
    assertEquals(4, events.size(), "rule 6: all are found");
    Link.receive(pipe.source());
    for (int polls = 1; polls < 20; polls++) {
      assertNow(NOTHING, "rule 6: nothing of it is in this batch");
      for (Event<String> event : events) {
        for (Executable question : List.<Executable>of(event::key, event::source, event::isReadable, event::isWritable,
            event::isPriority, event::isReadClosed, event::isHangup, event::isError, event::isInvalid, event::isWake,
            event::isExpired)) {
          assertThrows(ConcurrentModificationException.class, question, STALE + ", also after " + polls + " polls");
        }
        assertFalse(event.toString().isEmpty(), "a text for a log");
      }
    }
  }

  @Test
  @DisplayName("rule 6: an event whose entry is in the current batch again tells what the current batch says")
  void sameEntryAgain() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.WRITE);
    Event<String> event = sources.poll(SOON).iterator().next();
    assertEquals("writable", Found.words(event), "rule 13: there is room");
    sources.interest("key", Interest.READ);
    Link.send(link.far(), "x");
    assertEquals(1, sources.poll(SOON).size(), "rule 13: a byte was sent");
    assertEquals("readable", Found.words(event), "rule 6: it is the event of this batch");
  }

  @Test
  @DisplayName("rule 4, 6: what hasNext has found, next returns, though it is unregistered, replaced, set anew or closed meanwhile")
  void promised() throws Exception {
    Source old = Source.of(readyPipe().source());
    sources.register("key", old, Interest.READ);
    Iterator<Event<String>> events = sources.poll(SOON).iterator();
    assertTrue(events.hasNext(), "rule 13: it is ready");
    sources.unregister("key");
    sources.register("key", pipe().source(), Interest.READ);
    assertSame(old, events.next().source(), "rule 6: the event is the one that hasNext found, of the old source");
    assertFalse(events.hasNext(), "rule 6: there is no other");
    sources.unregister("key");

    sources.timer("timer", Duration.ZERO);
    events = sources.poll(SOON).iterator();
    assertTrue(events.hasNext(), "rule 19: it has expired");
    sources.timer("timer", Duration.ofHours(1));
    assertTrue(events.next().isExpired(), "rule 6: the expiry that hasNext found");
    assertNow(NOTHING, "rule 19: the timer was set anew");

    sources.waker("waker").wake();
    events = sources.poll(SOON).iterator();
    assertTrue(events.hasNext(), "rule 18: it was woken");
    sources.close();
    assertTrue(events.hasNext(), "rule 6: hasNext says the same again");
    assertTrue(events.next().isWake(), "rule 6: the wake that hasNext found");
    assertFalse(events.hasNext(), "rule 6: there is no other");
  }

  @Test
  @DisplayName("rule 6, 11: a poll from inside the loop is allowed, and ends the loop's batch")
  void nested() throws Exception {
    Pipe late = pipe();
    twoReady();
    sources.register("late", late.source(), Interest.READ);
    Iterator<Event<String>> outer = sources.poll(Duration.ZERO).iterator();
    outer.next();
    Link.send(late.sink(), "x");
    Iterator<Event<String>> middle = sources.poll(Duration.ZERO).iterator();
    middle.next();
    Map<String, String> all = Map.of("a", "readable", "b", "readable", "late", "readable");
    assertNow(all, "rule 11: the polling thread may poll again");
    assertThrows(ConcurrentModificationException.class, outer::next, STALE);
    assertThrows(ConcurrentModificationException.class, middle::next, STALE);
    assertNow(all, "rule 6: the errors do no harm");
  }

  private void twoReady() throws Exception {
    sources.register("a", readyPipe().source(), Interest.READ);
    sources.register("b", readyPipe().source(), Interest.READ);
  }
}
