package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Waker;

/** Rule 16: channels that are closed, and the next owners of their descriptor numbers. */
class ReuseTest extends ContractTest {

  private static final int ROUNDS = Emulation.times(3_000);

  @Test
  @DisplayName("rule 16: a channel closed before it is registered is refused, and the message says so")
  void closedBefore() throws Exception {
    Pipe pipe = readyPipe();
    pipe.source().close();
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("key", pipe.source(), Interest.READ), "rule 16: it is closed").getMessage();
    assertTrue(message.contains("closed"), "the message says what is wrong: " + message);
    assertTrue(sources.isEmpty(), "rule 16: nothing was registered");
  }

  @Test
  @DisplayName("rule 16: a channel closed while registered is reported invalid once, and removed")
  void closedWhileRegistered() throws Exception {
    Pipe watched = readyPipe();
    Pipe unseen = readyPipe();
    sources.register("watched", watched.source(), Interest.READ);
    assertNow(Map.of("watched", "readable"), "rule 13: it is ready");
    sources.register("unseen", unseen.source(), Interest.READ);
    watched.source().close();
    unseen.source().close();
    assertNow(Map.of("watched", "invalid", "unseen", "invalid"), "rule 16: invalid and nothing else");
    assertTrue(sources.isEmpty(), "rule 16: they are removed");
    assertSilent("rule 16: reported once");
  }

  @Test
  @DisplayName("rule 16: a closed channel with NONE is reported too, without waiting for the timeout")
  void closedWithoutInterest() throws Exception {
    Pipe pipe = pipe();
    sources.register("key", pipe.source(), Interest.NONE);
    assertNow(NOTHING, "rule 13: it is silent");
    pipe.source().close();
    assertEquals(Map.of("key", "invalid"), Found.in(sources.poll()), "rule 16: invalid");
  }

  @Test
  @DisplayName("rule 16: a channel closed while it is waited on is reported when the wait returns")
  void closedDuringWait() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ);
    Waker waker = sources.waker("waker");
    Waiting waiting = Waiting.on(sources);
    link.near().close();
    waker.wake();
    Map<String, String> found = new TreeMap<>(waiting.found());
    while (found.size() < 2) {
      found.putAll(next());
    }
    assertEquals(Map.of("key", "invalid", "waker", "wake"), found, "rule 16: invalid, and the wake");
    assertNow(NOTHING, "rule 16: reported once");
  }

  @Test
  @DisplayName("rule 16: a closed channel that is unregistered says nothing")
  void closedAndUnregistered() throws Exception {
    Pipe pipe = pipe();
    sources.register("key", pipe.source(), Interest.READ);
    pipe.source().close();
    assertTrue(sources.unregister("key"), "rule 3: its key was still there");
    assertNow(NOTHING, "rule 4: what is unregistered is not delivered");
  }

  @Test
  @DisplayName("rule 16: thousands of owners of one descriptor number: no event under a wrong key")
  void owners() throws Exception {
    Pipe old = pipe();
    sources.register("key 0", old.source(), Interest.READ);
    for (int i = 1; i <= ROUNDS; i++) {
      if (i % 2 == 0) {
        assertNow(NOTHING, "rule 16: the present owner is silent"); // so that the system knows of it, or not
      }
      old.source().close();
      old.sink().close();
      Pipe young = Pipe.open(); // gets the numbers that have just become free
      Link.send(young.sink(), "x");
      sources.register("key " + i, young.source(), Interest.READ);
      assertNow(Map.of("key " + (i - 1), "invalid", "key " + i, "readable"), "rule 16: each event has its own key");
      assertEquals(Set.of("key " + i), sources.keys(), "rule 16: the old owner is gone");
      Link.receive(young.source());
      old = young;
    }
    old.source().close();
    old.sink().close();
    assertNow(Map.of("key " + ROUNDS, "invalid"), "rule 16: the last one");
  }

  @Test
  @DisplayName("rule 16: thousands of owners of one number, each unregistered before it is closed: no trace of them")
  void ownersUnregistered() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Pipe pipe = Pipe.open();
      Link.send(pipe.sink(), "x");
      sources.register("key", pipe.source(), i % 3 == 0 ? Interest.NONE : Interest.READ);
      if (i % 2 == 0) {
        assertNow(i % 3 == 0 ? NOTHING : Map.of("key", "readable"), "rule 13: the present owner");
      }
      sources.unregister("key");
      pipe.source().close();
      pipe.sink().close();
    }
    assertSilent("rule 16: nothing is left of them");
  }

  @Test
  @DisplayName("rule 16: a number among many that gets a new owner, of which the registry knows nothing: only invalid")
  void unknownOwners() throws Exception {
    List<Pipe> olds = new ArrayList<>();
    for (int i = 0; i < 60; i++) { // more than a wait looks at
      olds.add(pipe());
      sources.register("key " + i, olds.get(i).source(), Interest.READ);
    }
    assertNow(NOTHING, "rule 13: all are silent");
    Set<String> found = new HashSet<>();
    for (Pipe old : olds) {
      old.source().close();
      old.sink().close();
      readyPipe(); // gets the numbers that have just become free
      invalid(found, now());
    }
    while (found.size() < olds.size()) {
      assertTrue(invalid(found, next()), "rule 16: each is reported");
    }
    assertTrue(sources.isEmpty(), "rule 16: they are removed");
  }

  /** Notes what a poll found; says whether it was anything. */
  private static boolean invalid(Set<String> all, Map<String, String> found) {
    found.forEach((key, text) -> {
      assertEquals("invalid", text, "rule 16: no event of a later owner reaches " + key);
      assertTrue(all.add(key), "rule 16: reported once");
    });
    return !found.isEmpty();
  }

  @Test
  @DisplayName("rule 16: a number that changes hands while another thread waits: no event under a wrong key")
  void ownersDuringWaits() throws Exception {
    FutureTask<Integer> changer = new FutureTask<>(this::changeHands);
    Thread thread = Thread.ofPlatform().start(changer);
    int invalid = 0;
    int readable = 0;
    while (readable < ROUNDS / 2) {
      for (Map.Entry<String, String> event : next().entrySet()) {
        boolean dead = event.getKey().startsWith("dead");
        assertEquals(dead ? "invalid" : "readable", event.getValue(), "rule 16: the event of " + event.getKey());
        if (dead) {
          invalid++;
        } else {
          readable++;
          sources.unregister(event.getKey());
          answered = readable;
        }
      }
    }
    invalid += now().size(); // the last dead one may come after the last live one
    assertEquals(invalid, changer.get(30, TimeUnit.SECONDS), "rule 16: each closed one is reported once");
    thread.join();
    assertNow(NOTHING, "rule 16: nothing is left");
    assertTrue(sources.isEmpty(), "rule 16: nothing is left");
  }

  private volatile int answered; // live ones that the polling thread has heard

  /** One that is closed while it is registered, and at once another one, which is ready, with the same number. */
  private int changeHands() throws Exception {
    int rounds = ROUNDS / 2;
    for (int i = 0; i < rounds; i++) {
      Pipe dead = Pipe.open();
      sources.register("dead " + i, dead.source(), Interest.READ);
      dead.source().close();
      dead.sink().close();
      Pipe live = Pipe.open();
      sources.register("live " + i, live.source(), Interest.READ);
      Link.send(live.sink(), "x");
      int heard = i + 1;
      await(() -> answered >= heard);
      assertFalse(sources.contains("live " + i), "rule 3: it was unregistered");
      live.source().close();
      live.sink().close();
    }
    return rounds;
  }
}
