package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Waker;

/** Rules 2 and 3: keys. */
class KeyTest extends ContractTest {

  @Test
  @DisplayName("rule 2: a key is registered once, whatever it is the key of")
  void keyOnce() throws Exception {
    sources.register("source", pipe().source(), Interest.READ);
    sources.waker("waker");
    sources.timer("timer", SOON);
    for (String key : List.of("source", "waker", "timer")) {
      String again = "rule 2: a second registration is refused and names the key";
      Pipe.SourceChannel other = pipe().source();
      assertTrue(refusal(() -> sources.register(key, other, Interest.READ)).contains(key), again);
      assertTrue(refusal(() -> sources.waker(key)).contains(key), again);
    }
    assertTrue(refusal(() -> sources.timer("source", SOON)).contains("source"), "rule 19: a source is no timer");
    assertTrue(refusal(() -> sources.timer("waker", SOON)).contains("waker"), "rule 19: a waker is no timer");
    assertEquals(3, sources.size(), "rule 2: what was refused left nothing behind");
  }

  @Test
  @DisplayName("rule 2: inserting the same twice is refused, and the first stays")
  void sameTwice() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("key", pipe.source(), Interest.READ);
    refusal(() -> sources.register("key", pipe.source(), Interest.NONE));
    assertEquals(Optional.of(Interest.READ), sources.interest("key"), "rule 2: the first registration stays as it was");
    assertNow(Map.of("key", "readable"), "rule 2: the first registration works on");
  }

  @Test
  @DisplayName("rule 2: one descriptor has one key, and the message names both")
  void descriptorOnce() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("first", pipe.source(), Interest.READ);
    String message = refusal(() -> sources.register("second", pipe.source(), Interest.READ));
    assertTrue(message.contains("first") && message.contains("second"), "rule 2: the message names both: " + message);
    assertFalse(sources.contains("second"), "rule 2: what was refused is not there");
    assertNow(Map.of("first", "readable"), "rule 2: the first one works on");
    sources.unregister("first");
    sources.register("second", pipe.source(), Interest.READ);
    assertNow(Map.of("second", "readable"), "rule 2: after the first one is unregistered the second one is taken");
  }

  @Test
  @DisplayName("rule 2: a closed channel makes room for the next owner of its descriptor, and is reported invalid")
  void closedReplaced() throws Exception {
    Pipe old = pipe();
    sources.register("old", old.source(), Interest.READ);
    old.source().close();
    Pipe young = readyPipe(); // the system gives out the lowest number that is free
    sources.register("young", young.source(), Interest.READ);
    assertNow(Map.of("old", "invalid", "young", "readable"), "rule 2: the old one is reported, the new one works");
    assertNow(Map.of("young", "readable"), "rule 2: the old one is reported once");
    assertEquals(Set.of("young"), sources.keys(), "rule 2: the old one is gone");
  }

  @Test
  @DisplayName("rule 2: the key of a closed channel is free for anything else, and its report is dropped")
  void closedMakesWay() throws Exception {
    for (String how : List.of("closed", "reported", "reported and not read")) {
      closed("key", how);
      sources.register("key", readyPipe().source(), Interest.READ);
      assertNow(Map.of("key", "readable"), "rule 2: a source in its place, where it was " + how);
      assertTrue(sources.unregister("key"), "rule 3: the new one was there");

      closed("key", how);
      Waker waker = sources.waker("key");
      assertNow(NOTHING, "rule 2: a waker in its place, where it was " + how);
      waker.wake();
      assertNow(Map.of("key", "wake"), "rule 18: the waker works");
      waker.close();

      closed("key", how);
      sources.timer("key", Duration.ofHours(1));
      assertNow(NOTHING, "rule 2: a timer in its place, where it was " + how);
      sources.timer("key", Duration.ZERO);
      assertNow(Map.of("key", "expired"), "rule 19: the timer works");
      assertTrue(sources.isEmpty(), "rule 2: nothing is left of the closed one");
    }
  }

  /** A channel that is registered and was closed, of which the registry knows more or less. */
  private void closed(String key, String how) throws Exception {
    Pipe pipe = readyPipe();
    sources.register(key, pipe.source(), Interest.READ);
    assertNow(Map.of(key, "readable"), "rule 13: it is ready");
    pipe.source().close();
    if (how.startsWith("reported")) {
      Events<String> events = sources.poll(Duration.ZERO);
      if (how.equals("reported")) {
        assertEquals(Map.of(key, "invalid"), Found.in(events), "rule 16: it was closed");
      }
    }
  }

  @Test
  @DisplayName("rule 2: a key or descriptor of an open channel does not make way, whatever has been reported of it")
  void openKeepsKey() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.NONE);
    link.near().shutdownOutput();
    link.far().close();
    assertNext(Map.of("key", "hangup"), "rule 15: it has hung up, and is silent");
    Pipe.SourceChannel other = pipe().source();
    refusal(() -> sources.register("key", other, Interest.READ));
    refusal(() -> sources.register("other", link.near(), Interest.READ));
    assertEquals(Set.of("key"), sources.keys(), "rule 2: what was refused left nothing behind");
  }

  @Test
  @DisplayName("rule 3: source gives back what was registered")
  void source() throws Exception {
    Source source = Source.of(pipe().source());
    sources.register("key", source, Interest.READ);
    sources.waker("waker");
    sources.timer("timer", SOON);
    assertSame(source, sources.source("key").orElseThrow(), "rule 3: the same object");
    for (String key : List.of("waker", "timer", "nobody")) {
      assertEquals(Optional.empty(), sources.source(key), "rule 3: there is no source under " + key);
    }
    sources.unregister("key");
    assertEquals(Optional.empty(), sources.source("key"), "rule 3: it was unregistered");
  }

  @Test
  @DisplayName("rule 3: unregister says whether the key was there")
  void unregister() throws Exception {
    sources.register("source", pipe().source(), Interest.READ);
    sources.waker("waker");
    sources.timer("timer", SOON);
    for (String key : List.of("source", "waker", "timer")) {
      assertTrue(sources.unregister(key), "rule 3: the key was there");
      assertFalse(sources.unregister(key), "rule 3: the key is not there any more");
      assertFalse(sources.contains(key), "rule 3: it is not contained any more");
    }
    assertTrue(sources.isEmpty(), "rule 3: nothing is left");
    assertSilent("rule 3: what was unregistered says nothing");
  }

  @Test
  @DisplayName("rule 3: enable, disable and interest say if a key is unknown")
  void unknown() {
    assertFalse(sources.enable("nobody", Interest.READ), "rule 3: enable of an unknown key");
    assertFalse(sources.disable("nobody", Interest.READ), "rule 3: disable of an unknown key");
    assertFalse(sources.interest("nobody", Interest.READ), "rule 3: interest of an unknown key");
    assertEquals(Optional.empty(), sources.interest("nobody"), "rule 3: an unknown key has no interest");
    assertFalse(sources.contains("nobody"), "rule 3: none of this registers it");
  }

  @Test
  @DisplayName("rule 3: enable adds, disable takes away, interest replaces and reads")
  void interest() throws Exception {
    sources.register("key", link().near(), Interest.READ);
    assertTrue(sources.enable("key", Interest.WRITE), "rule 3: the key is known");
    assertEquals(Optional.of(Interest.READ_WRITE), sources.interest("key"), "rule 3: enable adds");
    assertTrue(sources.disable("key", Interest.READ.plus(Interest.PRIORITY)), "rule 3: the key is known");
    assertEquals(Optional.of(Interest.WRITE), sources.interest("key"), "rule 3: disable takes away");
    assertTrue(sources.interest("key", Interest.PRIORITY), "rule 3: the key is known");
    assertEquals(Optional.of(Interest.PRIORITY), sources.interest("key"), "rule 3: interest replaces");
  }

  @Test
  @DisplayName("rule 3: wakers and timers have no interest")
  void noInterest() {
    sources.waker("waker");
    sources.timer("timer", SOON);
    for (String key : List.of("waker", "timer")) {
      assertEquals(Optional.empty(), sources.interest(key), "rule 3: there is none to read");
      assertTrue(refusal(() -> sources.enable(key, Interest.READ)).contains(key), "rule 3: none to add to");
      assertTrue(refusal(() -> sources.disable(key, Interest.READ)).contains(key), "rule 3: none to take from");
      assertTrue(refusal(() -> sources.interest(key, Interest.READ)).contains(key), "rule 3: none to replace");
    }
  }

  @Test
  @DisplayName("rule 3: unregistering step by step, and a key that comes back after all")
  void stepByStep() throws Exception {
    Pipe a = readyPipe();
    Pipe b = pipe();
    Pipe c = pipe();
    sources.register("a", a.source(), Interest.READ);
    sources.register("b", b.source(), Interest.READ);
    sources.register("c", c.source(), Interest.READ);
    assertNow(Map.of("a", "readable"), "rule 3: only the ready one");
    sources.unregister("a");
    assertNow(NOTHING, "rule 3: not after it was unregistered");
    Link.send(b.sink(), "x");
    Link.send(c.sink(), "x");
    assertNow(Map.of("b", "readable", "c", "readable"), "rule 3: the other two");
    sources.unregister("b");
    assertNow(Map.of("c", "readable"), "rule 3: the last one");
    sources.unregister("c");
    assertNow(NOTHING, "rule 3: none is left");
    sources.register("a", a.source(), Interest.READ);
    assertNow(Map.of("a", "readable"), "rule 3: a key that comes back works at once");
  }

  @Test
  @DisplayName("rule 3: size, contains and keys tell what is there; keys is a copy")
  void keys() throws Exception {
    assertTrue(sources.isEmpty() && sources.size() == 0 && sources.keys().isEmpty(), "rule 3: empty at first");
    sources.register("source", pipe().source(), Interest.NONE);
    sources.waker("waker");
    sources.timer("timer", SOON);
    Set<String> keys = sources.keys();
    assertEquals(Set.of("source", "waker", "timer"), keys, "rule 3: all kinds of entries have keys");
    assertEquals(3, sources.size(), "rule 3: all kinds of entries count");
    sources.unregister("source");
    assertEquals(3, keys.size(), "rule 3: keys is a copy, which stays as it was");
    assertThrows(UnsupportedOperationException.class, () -> keys.remove("waker"), "rule 3: keys cannot be changed");
  }

  @Test
  @DisplayName("rule 3: 20,000 entries are removed in any order, and each is the right one")
  void removal() throws Exception {
    List<Integer> numbers = IntStream.range(0, 20_000).boxed().collect(Collectors.toList());
    Set<String> left = new HashSet<>();
    for (int number : numbers) {
      sources.timer("timer " + number, Duration.ofHours(1).plusMillis(number));
      left.add("timer " + number);
    }
    Collections.shuffle(numbers, new Random(42));
    for (int number : numbers.subList(0, 15_000)) {
      assertTrue(sources.unregister("timer " + number), "rule 3: each was there");
      left.remove("timer " + number);
    }
    assertEquals(left, sources.keys(), "rule 3: the others are left");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 3: sources are removed in any order, and the others stay what they were")
  void sourceRemoval() throws Exception {
    List<Integer> numbers = IntStream.range(0, 200).boxed().collect(Collectors.toList());
    for (int number : numbers) {
      Posix.Pair pipe = keep(Posix.pipe());
      Posix.write(pipe.second(), "x");
      sources.register("source " + number, Source.of(pipe.first()), Interest.READ);
    }
    Collections.shuffle(numbers, new Random(42));
    for (int i = 0; i < numbers.size(); i++) {
      assertTrue(sources.unregister("source " + numbers.get(i)), "rule 3: each was there");
      if (i % 10 == 0) {
        assertEquals(sources.keys(), now().keySet(), "rule 3: the others are still watched, under their keys");
      }
    }
  }

  private static String refusal(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run, "rule 2: it is refused").getMessage();
  }
}
