package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** Rule 18: what a registry has opened for itself is nobody's source. */
@LinuxOnly
class OwnDescriptorTest extends ContractTest {

  /** The numbers of this process that are of the kinds that a registry opens. */
  static Set<Long> kernelObjects() throws IOException {
    Set<Long> numbers = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : entries) {
        try {
          String target = Files.readSymbolicLink(entry).toString();
          if (target.contains("eventfd") || target.contains("eventpoll")) {
            numbers.add(Long.valueOf(entry.getFileName().toString()));
          }
        } catch (IOException closed) {
          continue;
        }
      }
    }
    return numbers;
  }

  @Test
  @LinuxBundleOnly
  @DisplayName("rule 18: the registry's own descriptors are refused, whoever the source says their owner is")
  void refused() throws Exception {
    Set<Long> before = kernelObjects();
    Sources<String> registry = keep(Host.open());
    for (int i = 0; i < 20; i++) {
      registry.register("source " + i, pipe().source(), Interest.READ);
      registry.poll(Duration.ZERO);
    }
    Set<Long> own = kernelObjects();
    own.removeAll(before);
    assertFalse(own.isEmpty(), "a registry opens something for itself, which the test finds");
    for (long number : own) {
      String message = assertThrows(IllegalArgumentException.class,
          () -> registry.register("own", Source.of(number), Interest.READ), "rule 18: refused").getMessage();
      assertTrue(message.contains(Long.toString(number)) && message.contains("own"), "errors: why: " + message);
      Pipe pipe = pipe();
      assertThrows(IllegalArgumentException.class,
          () -> registry.register("own", Source.of(number, pipe.source()), Interest.NONE), "rule 18: refused");
      sources.register("other " + number, Source.of(number), Interest.NONE); // it is another registry's
    }
    assertEquals(20, registry.size(), "errors: nothing was registered");
    assertWakes(registry);
  }

  /** That a wake during a wait arrives, and that close ends a wait. */
  private void assertWakes(Sources<String> registry) throws Exception {
    Waker waker = registry.waker("waker");
    for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      Waiting waiting = Waiting.on(threads, registry, null);
      waker.wake();
      assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 18: a wake is not lost");
    }
    Waiting waiting = Waiting.on(registry);
    registry.close();
    waiting.thrown(ClosedSelectorException.class, "rule 10: close ends the wait");
  }

  @Test
  @DisplayName("rule 18: a number that was closed before the registry opened, and is its own now, is refused")
  void staleBefore() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    int stale = Posix.dup(pipe.first());
    Posix.close(stale); // the number that the system gives out next
    Sources<String> registry = keep(Host.open());
    if (kernelObjects().contains((long) stale)) {
      assertThrows(IllegalArgumentException.class,
          () -> registry.register("stale", Source.of(stale), Interest.READ), "rule 18: refused");
      assertTrue(registry.isEmpty(), "errors: nothing was registered");
    }
    assertWakes(registry);
  }

  @Test
  @DisplayName("rule 18: a registered number that its user closes, and that becomes the registry's own, is invalid, once")
  void staleLater() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    List<Posix.Pair> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(keep(Posix.pipe()));
    }
    for (int round = 0; round < 5; round++) {
      Sources<String> registry = keep(Host.open());
      Posix.write(pipe.second(), "x");
      int stale = Posix.dup(pipe.first());
      registry.register("stale", Source.of(stale), Interest.READ);
      assertEquals(Map.of("stale", "readable"), Found.in(registry.poll(SOON)), "rule 13: it is open and ready");
      Posix.read(pipe.first(), 1);
      Posix.close(stale); // what the registry opens next has the number
      for (int i = 0; i < others.size(); i++) {
        registry.register("other " + i, Source.of(others.get(i).first()), Interest.READ);
      }
      assertEquals(Map.of("stale", "invalid"), Found.in(registry.poll(SOON)), "rule 18: it is nobody's source");
      assertFalse(registry.contains("stale"), "rule 15: its entry is removed");
      assertEquals(NOTHING, Found.in(registry.poll(MOMENT)), "rule 15: reported once");
      Posix.write(others.get(7).second(), "x");
      assertEquals(Map.of("other 7", "readable"), Found.in(registry.poll(SOON)), "rule 17: the others are heard");
      Posix.read(others.get(7).first(), 1);
      assertWakes(registry);
    }
  }

  @Test
  @LinuxBundleOnly
  @DisplayName("rule 18: if the system refuses the call that ends a wait, wake says so, and nothing has happened")
  void refusedWake() throws Exception {
    Set<Long> before = kernelObjects();
    Sources<String> registry = keep(Host.open());
    Waker waker = registry.waker("waker");
    int handle = eventfdBesides(before);
    Posix.Pair pipe = keep(Posix.pipe());
    int saved = Posix.dup(handle);
    keep(() -> Posix.close(saved));
    Pipe.SourceChannel ready = readyPipe().source();
    Pipe last = pipe();
    registry.register("last", last.source(), Interest.READ);
    Waiting waiting = Waiting.on(registry);
    Posix.dup2(pipe.first(), handle); // what can only be read: the system refuses to write to it
    try {
      assertThrows(UncheckedIOException.class, waker::wake, "rule 18: a wake that is refused says so");
      assertThrows(UncheckedIOException.class, () -> registry.register("source", ready, Interest.READ),
          "rule 9: so does a change");
      assertThrows(UncheckedIOException.class, () -> registry.unregister("waker"), "rule 9: so does another one");
    } catch (AssertionError e) {
      Link.send(last.sink(), "x"); // ends the wait, which perhaps nothing else can end any more
      throw e;
    } finally {
      Posix.dup2(saved, handle);
    }
    assertEquals(Set.of("last", "waker"), registry.keys(), "rule 9: nothing was registered or unregistered");
    registry.register("other", pipe().source(), Interest.READ); // the wait takes in what there is
    assertTrue(waiting.staysFor(MOMENT), "rule 18: the waker was not woken");
    waker.wake();
    assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 18: it can be woken again");
    assertEquals(NOTHING, Found.in(registry.poll(Duration.ZERO)), "rule 18: it was one wake");
  }

  private static int eventfdBesides(Set<Long> others) throws IOException {
    Set<Long> numbers = kernelObjects();
    numbers.removeAll(others);
    for (long number : numbers) {
      if (Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString().contains("eventfd")) {
        return (int) number;
      }
    }
    throw new AssertionError("a registry opens something that ends a wait, which the test finds");
  }
}
