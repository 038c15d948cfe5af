package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** Rule 9: a key whose methods throw is the error of its caller, and costs nobody else an event. */
class FailingKeyTest extends ContractTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<Throwable> FAILURES =
      List.of(new IllegalStateException("disposed"), new AssertionError("no"));

  private enum Method { EQUALS, HASH_CODE, TO_STRING }

  /** A key whose methods throw once it is broken, as those of an object do that has been disposed of. */
  private static final class Fragile {

    private final String name;
    private final int hash;
    private volatile Set<Method> broken = EnumSet.noneOf(Method.class);
    private volatile Throwable failure;

    Fragile(String name, int hash) {
      this.name = name;
      this.hash = hash;
    }

    void breaks(Throwable failure, Method... methods) {
      this.failure = failure;
      this.broken = Set.of(methods);
    }

    void breaks() {
      breaks(FAILURES.getFirst(), Method.values());
    }

    void mend() {
      broken = Set.of();
    }

    private void called(Method method) {
      if (broken.contains(method)) {
        switch (failure) {
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          default -> throw new AssertionError(failure);
        }
      }
    }

    @Override
    public boolean equals(Object other) {
      called(Method.EQUALS);
      return other instanceof Fragile key && key.name.equals(name);
    }

    @Override
    public int hashCode() {
      called(Method.HASH_CODE);
      return hash;
    }

    @Override
    public String toString() {
      called(Method.TO_STRING);
      return name;
    }
  }

  /** A call with a key, which adds an entry or not. */
  private record Call(String name, boolean adds, Making making) {

    interface Making {
      void make(Sources<Fragile> registry, Fragile key, Source source);
    }
  }

  private static final List<Call> CALLS = List.of(
      new Call("register", true, (registry, key, source) -> registry.register(key, source, Interest.READ)),
      new Call("waker", true, (registry, key, source) -> registry.waker(key)),
      new Call("timer", true, (registry, key, source) -> registry.timer(key, HOUR)),
      new Call("periodic timer", true, (registry, key, source) -> registry.timer(key, HOUR, HOUR)),
      new Call("unregister", false, (registry, key, source) -> registry.unregister(key)),
      new Call("interest", false, (registry, key, source) -> registry.interest(key, Interest.NONE)),
      new Call("enable", false, (registry, key, source) -> registry.enable(key, Interest.WRITE)),
      new Call("disable", false, (registry, key, source) -> registry.disable(key, Interest.WRITE)),
      new Call("interest?", false, (registry, key, source) -> registry.interest(key)),
      new Call("source?", false, (registry, key, source) -> registry.source(key)),
      new Call("contains", false, (registry, key, source) -> registry.contains(key)));

  private Sources<Fragile> registry;

  @BeforeEach
  void openRegistry() throws Exception {
    registry = keep(Host.open());
  }

  /** What a poll finds, by the names of the keys, which nothing asks the keys for. */
  private Map<String, String> poll(Duration timeout) throws Exception {
    Map<String, String> found = new HashMap<>();
    for (Event<Fragile> event : registry.poll(timeout)) {
      assertEquals(null, found.put(event.key().name, Found.words(event)), "rule 6: once in a batch");
    }
    return found;
  }

  /** What polls find until that many keys have been heard of. */
  private Map<String, String> pollAll(int count) throws Exception {
    Map<String, String> found = new HashMap<>();
    while (found.size() < count) {
      Map<String, String> more = poll(SOON);
      assertFalse(more.isEmpty(), "rule 9: not all are reported: " + found);
      found.putAll(more);
    }
    return found;
  }

  private static Throwable thrown(Runnable call) {
    try {
      call.run();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  @Test
  @DisplayName("rule 9: entries whose keys throw are reported like all others, each in its time")
  void reported() throws Exception {
    List<Fragile> keys = new ArrayList<>();
    Map<String, String> expected = new HashMap<>();
    for (String kind : List.of("healthy", "broken")) {
      for (String what : List.of("readable", "invalid", "wake", "expired", "hangup")) {
        Fragile key = new Fragile(kind + " " + what, kind.hashCode() + what.hashCode() % 2);
        keys.add(key);
        expected.put(key.name, what.equals("hangup") ? "readable" : what);
      }
    }
    List<Pipe> closing = new ArrayList<>();
    List<Waker> wakers = new ArrayList<>();
    for (Fragile key : keys) {
      switch (key.name.substring(key.name.indexOf(' ') + 1)) {
        case "readable" -> registry.register(key, readyPipe().source(), Interest.READ);
        case "invalid" -> {
          Pipe pipe = pipe();
          registry.register(key, pipe.source(), Interest.READ);
          closing.add(pipe);
        }
        case "wake" -> wakers.add(registry.waker(key));
        case "expired" -> registry.timer(key, Duration.ofMillis(1));
        default -> {
          Pipe pipe = pipe();
          registry.register(key, pipe.source(), Interest.READ);
          pipe.sink().close();
        }
      }
    }
    for (Fragile key : keys) {
      if (key.name.startsWith("broken")) {
        key.breaks();
      }
    }
    for (Pipe pipe : closing) {
      pipe.source().close();
    }
    wakers.forEach(Waker::wake);
    Map<String, String> found = pollAll(10);
    found.replaceAll((key, words) -> words.startsWith("readable") ? "readable" : words);
    assertEquals(expected, found, "rule 9: all are reported as what they are");
    assertEquals(6, registry.size(), "rule 16, 19: closed channels and expired timers have left");
    Map<String, String> level = poll(Duration.ZERO);
    assertEquals(Set.of("healthy readable", "broken readable", "healthy hangup", "broken hangup"), level.keySet(),
        "rule 13, 18: what happened once is not reported again");
  }

  @Test
  @DisplayName("rule 9: what nobody read is reported again, though its key throws")
  void unread() throws Exception {
    Fragile wake = new Fragile("wake", 1);
    Fragile timer = new Fragile("timer", 1);
    Fragile closed = new Fragile("closed", 2);
    Pipe pipe = pipe();
    registry.register(closed, pipe.source(), Interest.READ);
    Waker waker = registry.waker(wake);
    registry.timer(timer, Duration.ZERO);
    waker.wake();
    pipe.source().close();
    List.of(wake, timer, closed).forEach(Fragile::breaks);
    for (int i = 0; i < 3; i++) {
      Events<Fragile> events = registry.poll(SOON);
      assertEquals(3, events.size(), "rule 6: reported, and not read");
    }
    assertEquals(Map.of("wake", "wake", "timer", "expired", "closed", "invalid"), poll(Duration.ZERO),
        "rule 6: read now");
    assertEquals(Map.of(), poll(Duration.ZERO), "rule 6: once");
  }

  @Test
  @DisplayName("rule 9: a call with a key that throws has happened or not, and throws what the key throws")
  void newKey() throws Exception {
    Fragile ready = new Fragile("ready", 7);
    Fragile woken = new Fragile("woken", 7);
    Fragile set = new Fragile("set", 7);
    registry.register(ready, readyPipe().source(), Interest.READ);
    Waker waker = registry.waker(woken);
    registry.timer(set, HOUR);
    Pipe pipe = pipe();
    for (int hash : new int[] {7, 8}) { // the same as that of the others, or another one
      for (Throwable failure : FAILURES) {
        for (Method method : Method.values()) {
          for (Call call : CALLS) {
            Fragile key = new Fragile("new", hash);
            key.breaks(failure, method);
            String rule = "rule 9: " + call.name + " with a key whose " + method + " throws";
            Throwable thrown = thrown(() -> call.making.make(registry, key, Source.of(pipe.source())));
            if (thrown != null) {
              assertSame(failure, thrown, rule);
            }
            key.mend();
            assertEquals(call.adds && thrown == null, registry.contains(key), rule);
            assertEquals(call.adds && thrown == null, registry.unregister(key), rule);
            assertEquals(Set.of(ready, woken, set), registry.keys(), rule);
            assertEquals(Map.of("ready", "readable"), poll(Duration.ZERO), rule);
          }
        }
      }
    }
    waker.wake();
    registry.timer(set, Duration.ZERO);
    assertEquals(Map.of("ready", "readable", "woken", "wake", "set", "expired"), poll(Duration.ZERO),
        "rule 9: all work");
  }

  @Test
  @DisplayName("rule 9: a call for an entry whose key throws has happened or not")
  void registeredKey() throws Exception {
    for (Throwable failure : FAILURES) {
      for (Method method : Method.values()) {
        for (Call call : CALLS) {
          for (boolean crowded : new boolean[] {false, true}) {
            registeredKey(failure, method, call, crowded);
          }
        }
      }
    }
  }

  private void registeredKey(Throwable failure, Method method, Call call, boolean crowded) throws Exception {
    String rule = "rule 9: " + call.name + " with a registered key whose " + method + " throws";
    Fragile key = new Fragile("key", 7);
    Fragile other = new Fragile("other", crowded ? 7 : 8);
    Pipe pipe = readyPipe();
    registry.register(key, pipe.source(), Interest.READ);
    registry.register(other, readyPipe().source(), Interest.READ);
    assertEquals(Set.of("key", "other"), poll(Duration.ZERO).keySet(), "rule 13: both are ready");
    key.breaks(failure, method);
    Throwable thrown = thrown(() -> call.making.make(registry, key, Source.of(pipe.source())));
    boolean done = thrown == null;
    boolean refused = call.adds && thrown instanceof IllegalArgumentException;
    assertTrue(done && !call.adds || refused || thrown == failure, rule + ": " + thrown);
    Set<String> heard = poll(Duration.ZERO).keySet(); // while it is broken
    key.mend();
    boolean gone = done && call.name.equals("unregister");
    boolean silent = gone || done && call.name.equals("interest");
    assertEquals(silent ? Set.of("other") : Set.of("key", "other"), heard, rule);
    assertEquals(!gone, registry.contains(key), rule);
    if (!gone) {
      Interest expected = !done ? Interest.READ : switch (call.name) {
        case "interest" -> Interest.NONE;
        case "enable" -> Interest.READ_WRITE;
        default -> Interest.READ;
      };
      assertEquals(expected, registry.interest(key).orElseThrow(), rule);
    }
    assertEquals(!gone, registry.unregister(key), rule);
    assertTrue(registry.unregister(other), "rule 3: it was there");
    assertEquals(Map.of(), poll(Duration.ZERO), rule);
  }

  @Test
  @DisplayName("rule 2: an error about a key whose toString throws is told all the same, and says whose it is")
  void text() throws Exception {
    Fragile key = new Fragile("key", 7);
    Fragile other = new Fragile("other", 8);
    Pipe pipe = pipe();
    registry.register(key, pipe.source(), Interest.READ);
    Waker waker = registry.waker(other);
    key.breaks(FAILURES.getFirst(), Method.TO_STRING);
    other.breaks(FAILURES.getFirst(), Method.TO_STRING);
    String type = Fragile.class.getName();
    for (Runnable call : List.<Runnable>of(
        () -> registry.waker(key),
        () -> registry.timer(key, HOUR),
        () -> registry.register(new Fragile("new", 9), Source.of(pipe.source()), Interest.READ),
        () -> registry.interest(other, Interest.READ))) {
      String message = assertThrows(IllegalArgumentException.class, call::run, "rule 2: it is refused").getMessage();
      assertTrue(message.contains(type), "errors: the message says what it can: " + message);
    }
    assertEquals(2, registry.describe().lines().filter(line -> line.contains(type)).count(),
        "describe says of both what it can");
    waker.wake();
    for (Event<Fragile> event : registry.poll(SOON)) {
      thrown(event::toString); // which may throw what the key throws
      assertSame(other, event.key(), "rule 9: the event can be read");
    }
    assertEquals(2, registry.size(), "rule 9: nothing has changed");
  }

  @Test
  @DisplayName("rule 9: keys asks each key for its hash, and works once the key does")
  void keys() {
    Fragile key = new Fragile("key", 7);
    Fragile other = new Fragile("other", 8);
    registry.timer(key, HOUR);
    registry.timer(other, HOUR);
    key.breaks();
    Throwable thrown = thrown(registry::keys);
    assertTrue(thrown == null || thrown == FAILURES.getFirst(), "rule 9: " + thrown);
    assertEquals(2, registry.size(), "rule 9: a question changes nothing");
    key.mend();
    assertEquals(Set.of(key, other), registry.keys(), "rule 9: it works once the key does");
  }

  @Test
  @DisplayName("rule 9: a registry grows and shrinks though keys in it throw, and no entry is lost")
  void growing() throws Exception {
    List<Fragile> broken = new ArrayList<>();
    Map<Fragile, Waker> wakers = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      Fragile key = new Fragile("key " + i, i / 2);
      wakers.put(key, registry.waker(key));
      if (i % 3 == 0) {
        broken.add(key);
      }
    }
    List<Waker> all = List.copyOf(wakers.values());
    Set<String> names = wakers.keySet().stream().map(key -> key.name).collect(Collectors.toCollection(HashSet::new));
    broken.forEach(Fragile::breaks);
    all.forEach(Waker::wake);
    assertEquals(names, poll(Duration.ZERO).keySet(), "rule 9: each is woken, however many throw");
    for (int i = 0; i < 400; i++) {
      registry.timer(new Fragile("timer " + i, 1000 + i), HOUR);
    }
    all.forEach(Waker::wake);
    assertEquals(names, poll(Duration.ZERO).keySet(), "rule 9: each is woken after the registry has grown");
    all.forEach(Waker::wake);
    for (Waker waker : all.subList(0, 200)) {
      waker.close();
    }
    assertEquals(200, poll(Duration.ZERO).size(), "rule 18: those that are left are woken");
    assertEquals(600, registry.size(), "rule 9: the others have left, also those whose keys throw");
  }

  /** Waits without a timeout; the other thread may be looking whether this one does. */
  private Map<String, String> waits() throws Exception {
    while (true) {
      try {
        return poll(HOUR);
      } catch (IllegalStateException looking) {
        Thread.onSpinWait();
      }
    }
  }

  private boolean isPolled() {
    return thrown(() -> {
      try {
        registry.poll(Duration.ZERO);
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }) instanceof IllegalStateException;
  }

  @Test
  @DisplayName("rule 9: a call with a key that throws does not end the wait of another thread")
  void underWait() throws Exception {
    Waker waker = registry.waker(new Fragile("waker", 7));
    FutureTask<Map<String, String>> task = new FutureTask<>(this::waits);
    Thread.ofPlatform().daemon().start(task);
    await(() -> isPolled() || task.isDone());
    Pipe pipe = readyPipe();
    for (Method method : Method.values()) {
      for (Call call : CALLS) {
        if (!call.adds) {
          Fragile key = new Fragile("new", 7);
          key.breaks(FAILURES.getFirst(), method);
          thrown(() -> call.making.make(registry, key, Source.of(pipe.source())));
        }
      }
    }
    Fragile key = new Fragile("new", 7);
    key.breaks(FAILURES.getFirst(), Method.EQUALS);
    assertSame(FAILURES.getFirst(), thrown(() -> registry.register(key, pipe.source(), Interest.READ)),
        "rule 9: refused");
    assertFalse(task.isDone(), "rule 7: the wait has not ended");
    waker.wake();
    assertEquals(Map.of("waker", "wake"), task.get(30, TimeUnit.SECONDS), "rule 18: the wake ends it");
  }

  @Test
  @DisplayName("rule 10: a registry closes, and what it owns, whatever its keys throw")
  void closing() throws Exception {
    List<Fragile> keys = new ArrayList<>();
    Pipe owned = pipe();
    Pipe other = readyPipe();
    for (String name : List.of("owned", "other", "waker", "timer", "expired")) {
      keys.add(new Fragile(name, 7));
    }
    registry.register(keys.get(0), Source.of(owned.source()).owned(), Interest.READ);
    registry.register(keys.get(1), other.source(), Interest.READ);
    Waker waker = registry.waker(keys.get(2));
    registry.timer(keys.get(3), HOUR);
    registry.timer(keys.get(4), Duration.ZERO);
    waker.wake();
    assertEquals(3, registry.poll(SOON).size(), "rule 13, 18, 19: three are ready");
    keys.forEach(Fragile::breaks);
    registry.close();
    assertFalse(registry.isOpen(), "rule 10: it is closed");
    assertFalse(owned.source().isOpen(), "rule 23: what it owns is closed");
    assertTrue(other.source().isOpen(), "rule 5: what it does not own is open");
    waker.wake();
    waker.close();
    assertTrue(registry.toString().contains("closed"), "it says that it is closed");
  }
}
