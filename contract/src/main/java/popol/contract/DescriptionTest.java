package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** A registry described for people. Its form is not part of the contract, so these ask what stands in a line. */
class DescriptionTest extends ContractTest {

  /** The line of an entry, whose key nothing else in the table contains. */
  private String line(String key) {
    return line(sources, key);
  }

  private static String line(Sources<?> registry, String key) {
    List<String> lines = registry.describe().lines().filter(line -> line.contains(key)).toList();
    assertEquals(1, lines.size(), "describe: one line of " + key + ":\n" + registry.describe());
    return lines.getFirst();
  }

  private void assertLine(String key, String... parts) {
    String line = line(key);
    for (String part : parts) {
      assertTrue(line.contains(part), "describe: '" + part + "' is in the line of " + key + ": " + line);
    }
  }

  @Test
  @DisplayName("describe: each entry has a line with its key, kind, descriptor, interest, and next expiry")
  void entries() throws Exception {
    Link link = link();
    sources.register("my-peer", Source.of(link.near()).owned(), Interest.READ.plus(Interest.READ_CLOSED));
    sources.register("my-other", link.far(), Interest.WRITE);
    sources.waker("my-waker");
    sources.timer("my-timer", Duration.ofHours(2));
    sources.timer("my-beat", Duration.ofHours(1), Duration.ofHours(5));
    assertLine("my-peer", "SocketChannel", "READ+READ_CLOSED", "owned");
    assertFalse(line("my-other").contains("owned"), "describe: it is not owned");
    assertTrue(line("my-peer").matches(".*\\b\\d+\\b.*"), "describe: it has a descriptor: " + line("my-peer"));
    assertLine("my-waker", "waker");
    assertLine("my-timer", "timer", "PT1H59M");
    assertLine("my-beat", "timer", "PT59M", "PT5H");
    String first = sources.describe().lines().findFirst().orElse("");
    assertTrue(first.matches("Sources\\[.*] registry \\d+.*: 5 entries, .*"),
        "describe: the first line is the registry's"
            + " own: " + first);
  }

  @Test
  @PosixOnly
  @DisplayName("describe: the descriptor is the one that is watched")
  void descriptor() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    sources.register("my-pipe", Source.of(pipe.first()), Interest.NONE);
    assertTrue(line("my-pipe").matches(".*\\b" + pipe.first() + "\\b.*NONE.*"), "describe: " + line("my-pipe"));
  }

  @Test
  @DisplayName("describe: it says which source is silent, which is closed, and what is to be reported")
  void states() throws Exception {
    Link link = link();
    Pipe pipe = pipe();
    sources.register("my-end", link.near(), Interest.NONE);
    sources.register("my-closed", pipe.source(), Interest.READ);
    assertFalse(line("my-end").contains("silent"), "describe: not yet: " + line("my-end"));
    link.near().shutdownOutput();
    link.far().close();
    assertNext(Map.of("my-end", "hangup"), "rule 15: it has hung up");
    pipe.source().close();
    sources.waker("my-waker").wake();
    assertLine("my-end", "silent: has hung up");
    assertLine("my-closed", "invalid: it was closed");
    assertLine("my-waker", "pending");
    sources.interest("my-end", Interest.NONE);
    assertFalse(line("my-end").contains("silent"), "describe: its interest was set: " + line("my-end"));
  }

  @Test
  @DisplayName("describe: it says of a source that was to be reported once, and of a peer's end, that it was")
  void reportedOnce() throws Exception {
    Link link = link();
    sources.register("my-once", link.near(), Interest.WRITE.plus(Interest.ONCE));
    assertNext(Map.of("my-once", "writable"), "rule 22: it is reported");
    assertLine("my-once", "silent: was reported once");
    sources.interest("my-once", Interest.READ_CLOSED);
    link.far().shutdownOutput();
    assertNext(Map.of("my-once", "read-closed"), "rule 22: the peer has ended its stream");
    assertLine("my-once", "read-closed was reported");
  }

  @Test
  @DisplayName("describe: it counts the events, one that nobody read not twice")
  void events() throws Exception {
    sources.register("my-peer", readyPipe().source(), Interest.READ);
    Waker waker = sources.waker("my-waker");
    assertTrue(line("my-peer").endsWith(" 0"), "describe: none yet: " + line("my-peer"));
    for (int i = 1; i <= 3; i++) {
      waker.wake();
      sources.poll(Duration.ZERO); // nobody reads it
      assertEquals(2, now().size(), "rule 6: the wake is reported again");
      assertTrue(line("my-waker").endsWith(" " + i), "describe: wakes: " + line("my-waker"));
      assertTrue(line("my-peer").endsWith(" " + 2 * i), "describe: readable at each poll: " + line("my-peer"));
    }
  }

  /** A key that takes its time to say what it is. */
  private record Slow(CountDownLatch asked, CountDownLatch answer) {

    @Override
    public String toString() {
      asked.countDown();
      try {
        return "slow " + answer.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        return "interrupted";
      }
    }
  }

  @Test
  @DisplayName("describe: while a key takes its time, the registry works")
  void slowKey() throws Exception {
    try (Sources<Object> registry = Host.open()) {
      Slow key = new Slow(new CountDownLatch(1), new CountDownLatch(1));
      registry.waker(key);
      CompletableFuture<String> text = CompletableFuture.supplyAsync(registry::describe, Thread.ofPlatform()::start);
      assertTrue(key.asked().await(30, TimeUnit.SECONDS), "describe: it asks the key");
      registry.timer("my-timer", Duration.ofNanos(1));
      assertEquals(1, registry.poll(SOON).size(), "describe: another thread polls meanwhile");
      key.answer().countDown();
      assertTrue(text.get(30, TimeUnit.SECONDS).contains("slow true"), "describe: the answer is in it");
    }
  }

  @Test
  @DisplayName("describe: what has left is not in it")
  void left() throws Exception {
    sources.timer("my-timer", Duration.ZERO);
    sources.waker("my-waker").close();
    assertNext(Map.of("my-timer", "expired"), "rule 19: it has expired");
    String text = sources.describe();
    assertFalse(text.contains("my-"), "describe: both have left: " + text);
  }

  @Test
  @DisplayName("describe: it says who polls, from another thread, and does not end the wait")
  void whilePolling() throws Exception {
    assertTrue(sources.describe().contains("nobody polls"), "describe: nobody polls: " + sources.describe());
    sources.waker("my-waker");
    for (Thread.Builder threads : new Thread.Builder[] {
      Thread.ofPlatform().name("my-loop"), Thread.ofVirtual().name("my-loop")}) {
      Waiting waiting = Waiting.on(threads, sources, null);
      String text =
          CompletableFuture.supplyAsync(sources::describe, Thread.ofPlatform()::start).get(30, TimeUnit.SECONDS);
      assertTrue(text.contains("my-loop") && text.contains("my-waker"), "describe: who polls, and what: " + text);
      assertTrue(text.matches("(?s).* waits by (e?poll|ppoll|WSAPoll).* for \\d+\\.\\d+ s.*"),
          "describe: by which mechanism, since when: " + text);
      assertTrue(waiting.staysFor(MOMENT), "describe: it changes nothing");
      sources.timer("my-timer", Duration.ZERO);
      assertEquals(Map.of("my-timer", "expired"), waiting.found(), "rule 1: the wait goes on");
    }
  }

  @Test
  @DisplayName("describe: a closed registry has one line, which says so, and throws nothing")
  void closed() {
    sources.waker("my-waker");
    sources.close();
    assertEquals(1, sources.describe().lines().count(), "describe: one line: " + sources.describe());
    assertTrue(sources.describe().contains("closed"), "describe: it says so: " + sources.describe());
  }

  /** A key of which nothing can be said. */
  private record Nameless(int number) {

    @Override
    public String toString() {
      throw new IllegalStateException("disposed");
    }
  }

  @Test
  @DisplayName("describe: a key whose text cannot be had is named by its class, and the others are there")
  void failingKey() throws Exception {
    try (Sources<Object> registry = Host.open()) {
      registry.waker(new Nameless(1));
      registry.timer("my-timer", Duration.ofHours(1));
      assertTrue(line(registry, "Nameless").contains("waker"), "describe: its class: " + registry.describe());
      assertTrue(line(registry, "my-timer").contains("timer"), "describe: the others are there");
      assertEquals(2, registry.size(), "describe: it changes nothing");
    }
  }

  /** A key that asks the registry, as one may that describes itself. */
  private record Asking(Sources<Object> registry) {

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public String toString() {
      return "one of " + registry.size();
    }
  }

  @Test
  @DisplayName("describe: a key that asks the registry for its text gets an answer")
  void askingKey() throws Exception {
    try (Sources<Object> registry = Host.open()) {
      registry.waker(new Asking(registry));
      registry.waker("my-waker");
      String text = registry.describe();
      assertTrue(text.contains("one of "), "describe: the key's text: " + text);
    }
  }

  @Test
  @DisplayName("describe: the text of the registry itself says whether it is open, and by which mechanism it waits")
  void text() {
    assertTrue(sources.toString().contains(Host.popol().mechanism()), "a text for a log: " + sources);
    assertTrue(sources.toString().contains("open"), "a text for a log: " + sources);
    sources.close();
    assertTrue(sources.toString().contains("closed"), "a text for a log: " + sources);
  }
}
