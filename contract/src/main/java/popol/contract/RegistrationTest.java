package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/** Rule 1: changes from any thread, also while another one waits. */
class RegistrationTest extends ContractTest {

  @Test
  @DisplayName("rule 1: a source registered during a wait is seen by that wait")
  void registered() throws Exception {
    Waiting waiting = Waiting.on(sources);
    sources.register("key", readyPipe().source(), Interest.READ);
    assertEquals(Map.of("key", "readable"), waiting.found(), "rule 1: the wait takes a registration in");
  }

  @Test
  @DisplayName("rule 1: a source registered during a wait and ready later is seen by that wait")
  void readyLater() throws Exception {
    Pipe pipe = pipe();
    Waiting waiting = Waiting.on(sources);
    sources.register("key", pipe.source(), Interest.READ);
    assertTrue(waiting.staysFor(MOMENT), "rule 1: a registration does not end the wait");
    Link.send(pipe.sink(), "x");
    assertEquals(Map.of("key", "readable"), waiting.found(), "rule 1: the wait watches what was registered");
  }

  @Test
  @DisplayName("rule 1: interest added during a wait is seen by that wait")
  void enabled() throws Exception {
    sources.register("key", readyPipe().source(), Interest.NONE);
    Waiting waiting = Waiting.on(sources);
    sources.enable("key", Interest.READ);
    assertEquals(Map.of("key", "readable"), waiting.found(), "rule 1: the wait takes added interest in");
  }

  @Test
  @DisplayName("rule 1: interest replaced during a wait is seen by that wait")
  void replaced() throws Exception {
    sources.register("key", link().near(), Interest.READ);
    Waiting waiting = Waiting.on(sources);
    sources.interest("key", Interest.WRITE);
    assertEquals(Map.of("key", "writable"), waiting.found(), "rule 1: the wait takes replaced interest in");
  }

  @Test
  @DisplayName("rule 1: what is unregistered or disabled during a wait is not reported by it")
  void removed() throws Exception {
    Pipe gone = pipe();
    Pipe deaf = pipe();
    sources.register("gone", gone.source(), Interest.READ);
    sources.register("deaf", deaf.source(), Interest.READ);
    Waiting waiting = Waiting.on(sources);
    sources.unregister("gone");
    sources.disable("deaf", Interest.READ);
    Link.send(gone.sink(), "x");
    Link.send(deaf.sink(), "x");
    assertTrue(waiting.staysFor(MOMENT), "rule 1: the wait hears neither, and taking them out does not end it");
    sources.waker("waker").wake();
    assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 1: only the waker, which was registered last");
  }

  @Test
  @DisplayName("rule 1, 7: a stream of changes neither ends a wait nor stretches its timeout")
  void timeoutKept() throws Exception {
    Pipe.SourceChannel source = pipe().source();
    change(source); // so that those during the wait are not held up by what a first call costs
    Waiting waiting = Waiting.on(sources, Duration.ofMillis(500));
    int changes = 0;
    while (!waiting.isDone()) { // a wait that starts its timeout again at each change would not end
      change(source);
      changes++;
      waiting.staysFor(Duration.ofMillis(1));
    }
    assertEquals(NOTHING, waiting.found(), "rule 6: only the timeout gives an empty result");
    assertTrue(changes > 1, "there were changes during the wait");
  }

  private void change(Pipe.SourceChannel source) {
    sources.register("key", source, Interest.READ);
    sources.disable("key", Interest.READ);
    sources.unregister("key");
  }

  @Test
  @DisplayName("rule 1, 7: a registration every 60 ms does not stretch a timeout of 100 ms, nor end it")
  void everySixty() throws Exception {
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      pipes.add(pipe());
    }
    Waiting waiting = Waiting.on(sources, Duration.ofMillis(100));
    for (int i = 0; i < pipes.size() && waiting.staysFor(Duration.ofMillis(60)); i++) {
      sources.register("key " + i, pipes.get(i).source(), Interest.READ);
    }
    assertTrue(waiting.isDone(), "rule 7: the timeout of 100 ms passes in spite of twenty registrations");
    assertEquals(NOTHING, waiting.found(), "rule 6: only the timeout gives an empty result");
  }

  @Test
  @DisplayName("rule 1: several threads register while one waits")
  void severalThreads() throws Exception {
    int threads = 8;
    int each = 25;
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i < threads * each; i++) {
      pipes.add(pipe());
    }
    Waiting waiting = Waiting.on(sources);
    try (ExecutorService registrars = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int part = 0; part < threads; part++) {
        int first = part * each;
        parts.add(registrars.submit(() -> {
          for (int i = first; i < first + each; i++) {
            sources.register("key " + i, pipes.get(i).source(), Interest.READ);
          }
        }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    }
    assertEquals(threads * each, sources.size(), "rule 1: all were registered, and none waited for the wait to end");
    Link.send(pipes.get(117).sink(), "x");
    assertEquals(Map.of("key 117", "readable"), waiting.found(), "rule 1: the wait has all of them");
    Set<String> all = new HashSet<>();
    for (int i = 0; i < pipes.size(); i++) {
      Link.send(pipes.get(i).sink(), "x");
      all.add("key " + i);
    }
    assertEquals(all, next().keySet(), "rule 1: each is watched under its key");
  }

  @Test
  @LinuxOnly
  @DisplayName("rule 1: while nobody waits, no change tells the kernel anything")
  void nobodyWaits() throws Exception {
    Set<Long> before = OwnDescriptorTest.kernelObjects();
    Sources<String> registry = keep(Host.open());
    for (int i = 0; i < 20; i++) {
      registry.register("key " + i, pipe().source(), Interest.READ);
    }
    Waker waker = registry.waker("waker");
    registry.poll(Duration.ZERO);
    Set<Long> own = OwnDescriptorTest.kernelObjects();
    own.removeAll(before);
    Map<Long, String> told = told(own);
    registry.register("another", readyPipe().source(), Interest.READ);
    registry.disable("key 1", Interest.READ);
    registry.enable("key 2", Interest.PRIORITY);
    registry.interest("key 3", Interest.NONE);
    registry.unregister("key 4");
    registry.timer("timer", Duration.ZERO);
    waker.wake();
    assertEquals(told, told(own), "rule 1: the kernel knows of the registry what it knew before");
    assertEquals(Map.of("another", "readable", "timer", "expired", "waker", "wake"), Found.in(registry.poll(SOON)),
        "rule 1: the next wait has all of it");
  }

  /** What the kernel shows of some descriptors: an eventfd shows its count, an epoll instance what it watches. */
  private static Map<Long, String> told(Set<Long> descriptors) throws IOException {
    Map<Long, String> told = new HashMap<>();
    for (long descriptor : descriptors) {
      told.put(descriptor, Files.readString(Path.of("/proc/self/fdinfo/" + descriptor)));
    }
    return told;
  }
}
