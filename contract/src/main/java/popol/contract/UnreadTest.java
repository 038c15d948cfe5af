package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import popol.Event;
import popol.Interest;
import popol.Waker;

/** Rule 6: what is reported only once, and was not read, is reported by the next poll. */
class UnreadTest extends ContractTest {

  private static final String AGAIN = "rule 6: what nobody has read is reported by the next poll";
  private static final String ONCE = "rule 6: what has been read is not reported again";

  /**
   * Of each kind that is reported only once, but for a closed source, which can come later; the ready pipe is a source
   * that is reported each time.
   */
  private static final Map<String, String> ALL = Map.of(
      "ready", "readable", "waker", "wake", "timer", "expired", "periodic", "expired",
      "hung up", "hangup", "once", "readable", "read closed", "read-closed");

  private void oneOfEach() throws Exception {
    Link hungUp = link();
    Link ended = link();
    sources.register("ready", readyPipe().source(), Interest.READ);
    sources.register("hung up", hungUp.near(), Interest.NONE);
    sources.register("once", readyPipe().source(), Interest.READ.plus(Interest.ONCE));
    sources.register("read closed", ended.near(), Interest.READ_CLOSED);
    sources.interest("once", Interest.NONE);
    sources.disable("ready", Interest.READ);
    assertNow(NOTHING, "rule 13: nothing has happened yet");
    hungUp.near().shutdownOutput();
    hungUp.far().close();
    ended.far().shutdownOutput();
    awaitHangup(hungUp, ended);
    sources.interest("once", Interest.READ.plus(Interest.ONCE));
    sources.enable("ready", Interest.READ);
    sources.waker("waker").wake();
    sources.timer("timer", Duration.ZERO);
    sources.timer("periodic", Duration.ZERO, Duration.ofHours(1));
  }

  /** Until the system knows of both ends, as another registry hears. */
  private void awaitHangup(Link hungUp, Link ended) throws Exception {
    try (var other = Host.<String>open()) {
      other.register("hung up", hungUp.near(), Interest.NONE);
      other.register("read closed", ended.near(), Interest.READ_CLOSED);
      Map<String, String> found = new TreeMap<>();
      while (found.size() < 2) {
        found.putAll(Found.in(other.poll(SOON)));
      }
    }
  }

  @Test
  @DisplayName("rule 6: a batch of which nothing was read is found again, whole, and then no more")
  void nothingRead() throws Exception {
    oneOfEach();
    for (int i = 0; i < 3; i++) {
      assertEquals(ALL.size(), sources.poll(SOON).size(), AGAIN);
    }
    assertNext(ALL, AGAIN);
    assertNow(Map.of("ready", "readable"), ONCE);
  }

  @Test
  @DisplayName("rule 6: a loop that is left after each event, by break, return or an exception, hears of all, once each")
  void leftEarly() throws Exception {
    oneOfEach();
    sources.unregister("ready"); // which would always be there
    Map<String, String> found = new TreeMap<>();
    for (int i = 0; found.size() < ALL.size() - 1; i++) {
      Event<String> event = switch (i % 3) {
        case 0 -> byBreak();
        case 1 -> byReturn();
        default -> byException();
      };
      assertEquals(null, found.put(event.key(), Found.words(event)), ONCE + ": " + event);
    }
    Map<String, String> expected = new TreeMap<>(ALL);
    expected.remove("ready");
    assertEquals(expected, found, AGAIN);
    assertNow(NOTHING, ONCE);
  }

  private Event<String> byBreak() throws Exception {
    Event<String> first = null;
    for (Event<String> event : sources.poll(SOON)) {
      first = event;
      break;
    }
    return first;
  }

  private Event<String> byReturn() throws Exception {
    for (Event<String> event : sources.poll(SOON)) {
      return event;
    }
    throw new AssertionError(AGAIN);
  }

  private Event<String> byException() throws Exception {
    Event<?>[] first = new Event<?>[1];
    assertThrows(IllegalStateException.class, () -> {
      for (Event<String> event : sources.poll(SOON)) {
        first[0] = event;
        throw new IllegalStateException("a handler's");
      }
    });
    @SuppressWarnings("unchecked") Event<String> event = (Event<String>) first[0];
    return event;
  }

  @Test
  @DisplayName("rule 6, 16: a closed source of which nobody has read is reported again, unless its key is unregistered")
  void closed() throws Exception {
    for (boolean unregistered : new boolean[] {false, true}) {
      Pipe closed = pipe();
      sources.register("closed", closed.source(), Interest.READ);
      closed.source().close();
      for (int i = 0; i < 3; i++) {
        assertEquals(1, sources.poll(SOON).size(), AGAIN);
      }
      assertFalse(sources.contains("closed"), "rule 15: an invalid source has left already");
      if (unregistered) {
        assertFalse(sources.unregister("closed"), "rule 15: an invalid source has left already");
      } else {
        assertNext(Map.of("closed", "invalid"), AGAIN);
      }
      assertNow(NOTHING, ONCE);
    }
  }

  @Test
  @DisplayName("rule 6: hasNext alone reads nothing, next reads")
  void hasNextReadsNothing() throws Exception {
    sources.waker("waker").wake();
    assertTrue(sources.poll(SOON).iterator().hasNext(), "rule 18: it was woken");
    Iterator<Event<String>> iterator = sources.poll(SOON).iterator();
    assertTrue(iterator.hasNext(), AGAIN);
    assertEquals("waker", iterator.next().key(), AGAIN);
    assertNow(NOTHING, ONCE);
  }

  @Test
  @DisplayName("rule 6, 9: a poll that is interrupted in between loses nothing of it")
  void interrupted() throws Exception {
    oneOfEach();
    assertEquals(ALL.size(), sources.poll(SOON).size(), "rule 13: all are found");
    for (int i = 0; i < 3; i++) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> sources.poll(SOON), "rule 9: interrupted before the wait");
    }
    assertNext(ALL, AGAIN);
    assertNow(Map.of("ready", "readable"), ONCE);
  }

  @Test
  @DisplayName("rule 4, 6: what is removed or set anew before the next poll is not reported again")
  void removedOrSetAnew() throws Exception {
    oneOfEach();
    assertEquals(ALL.size(), sources.poll(SOON).size(), "rule 13: all are found");
    assertTrue(sources.unregister("hung up"), "rule 3: it was there");
    assertTrue(sources.unregister("waker"), "rule 3: it was there");
    sources.timer("timer", SOON);
    sources.timer("periodic", SOON, SOON);
    sources.interest("once", Interest.NONE); // not WRITE: where a pipe is a socket, it is writable
    sources.interest("read closed", Interest.WRITE);
    sources.unregister("ready");
    assertNow(Map.of("read closed", "writable"), "rule 4: what was found of it is not reported again");
  }

  @Test
  @DisplayName("rule 6, 18: a waker that is woken again before its wake is read has one event")
  void wokenAgain() throws Exception {
    Waker waker = sources.waker("waker");
    waker.wake();
    assertEquals(1, sources.poll(SOON).size(), "rule 18: it was woken");
    waker.wake();
    assertNext(Map.of("waker", "wake"), "rule 18: wakes before the event is read are one");
    assertNow(NOTHING, ONCE);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "WSAPoll tells of the end when all before it has been read")
  @DisplayName("rule 6, 22: what was read earlier is not reported again because a later event was not read")
  void earlierReportIsRead() throws Exception {
    Link link = link();
    Waker waker = sources.waker("waker");
    sources.register("key", link.near(), Interest.READ.plus(Interest.READ_CLOSED));
    Link.send(link.far(), "x");
    link.far().shutdownOutput();
    String found = "";
    while (!found.contains("read-closed")) {
      found = next().get("key");
    }
    waker.wake();
    assertEquals(2, sources.poll(SOON).size(), "rule 13: the byte is still there, and the waker was woken");
    assertNow(Map.of("key", "readable", "waker", "wake"), "rule 22: the end of the peer's output was read before");
    assertNow(Map.of("key", "readable"), ONCE);
  }

  @Test
  @DisplayName("rule 6: what is read by two iterators in turn is read")
  void twoIterators() throws Exception {
    for (int i = 0; i < 10; i++) {
      sources.waker("waker " + i).wake();
    }
    var events = sources.poll(SOON);
    Iterator<Event<String>> first = events.iterator();
    Iterator<Event<String>> second = events.iterator();
    for (int i = 0; i < 5; i++) {
      first.next();
      second.next();
    }
    for (int i = 0; i < 3; i++) {
      second.next();
    }
    assertEquals(2, now().size(), "rule 6: eight of ten were read by one iterator or the other");
    assertNow(NOTHING, ONCE);
  }
}
