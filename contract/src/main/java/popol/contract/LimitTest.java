package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** Many sources, and more than the system allows. */
class LimitTest extends ContractTest {

  @Test
  @DisplayName("rule 13: more than 1,000 sources, 100 ready at once: these and no others")
  void manySources() throws Exception {
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i < 1_050; i++) {
      pipes.add(pipe());
      sources.register("key " + i, pipes.get(i).source(), Interest.READ);
    }
    assertNow(NOTHING, "rule 13: nothing is ready");
    Map<String, String> expected = new HashMap<>();
    for (int i = 3; expected.size() < 100; i += 10) {
      Link.send(pipes.get(i).sink(), "x");
      expected.put("key " + i, "readable");
    }
    assertNow(expected, "rule 13: one hundred are ready");
    assertNow(expected, "rule 13: and stay so");
    for (int i = 3; i < 1_003; i += 10) {
      assertEquals("x", Link.receive(pipes.get(i).source()), "rule 13: each has its byte");
    }
    assertNow(NOTHING, "rule 13: all is consumed");
  }

  @Test
  @DisplayName("rule 3, 13: 10,000 changes of interest: the last one counts")
  void manyChanges() throws Exception {
    Map<String, Interest> wanted = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      sources.register("key " + i, readyPipe().source(), Interest.READ);
      wanted.put("key " + i, Interest.READ);
    }
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      String key = "key " + random.nextInt(50);
      Interest interest = random.nextBoolean() ? Interest.READ : Interest.NONE;
      sources.interest(key, interest);
      wanted.put(key, interest);
      if (i % 1_000 == 0) {
        assertReadable(wanted);
      }
    }
    assertReadable(wanted);
  }

  private void assertReadable(Map<String, Interest> wanted) throws Exception {
    Map<String, String> expected = new HashMap<>();
    wanted.forEach((key, interest) -> {
      if (interest == Interest.READ) {
        expected.put(key, "readable");
      }
    });
    assertNow(expected, "rule 13: the interest set last counts");
  }

  @Test
  @PosixOnly
  @DisplayName("errors: above RLIMIT_NOFILE a poll works or names the limit, and works once it is raised")
  void moreThanTheLimit() throws Exception {
    long limit = Posix.getrlimit();
    int many = 1_000;
    Posix.Pair pipe = keep(Posix.pipe());
    sources.register("good", Source.of(pipe.first()), Interest.READ);
    Posix.write(pipe.second(), "x");
    assertNow(Map.of("good", "readable"), "rule 13: it is ready");
    for (int i = 0; i < many; i++) {
      int copy = 1_000 + i; // low numbers stay free: the JVM opens files to load classes
      Posix.dup2(pipe.first(), copy);
      keep(() -> Posix.close(copy));
      sources.register("copy " + i, Source.of(copy), Interest.READ);
    }
    Posix.setrlimit(many / 2);
    try {
      Map<String, String> found = now();
      assertEquals(many + 1, found.size(), "errors: a mechanism without that limit finds all");
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("RLIMIT_NOFILE") && e.getMessage().contains(Integer.toString(many / 2)),
          "errors: the message names the limit and its value: " + e.getMessage());
      for (int i = 0; i < many * 3 / 4; i++) {
        sources.unregister("copy " + i);
      }
      assertEquals(many / 4 + 1, now().size(), "errors: with fewer sources the registry works");
    } finally {
      Posix.setrlimit(limit);
    }
    assertEquals(sources.keys(), now().keySet(), "errors: with the limit raised the registry works");
  }

  @Test
  @LinuxBundleOnly
  @DisplayName("errors: with RLIMIT_NOFILE lowered below the number of sources what is ready is found all the same")
  void limitLowered() throws Exception {
    long limit = Posix.getrlimit();
    int many = 400;
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.write(pipe.second(), "x");
    for (int i = 0; i < many; i++) {
      int copy = 1_000 + i; // low numbers stay free: the JVM opens files to load classes
      Posix.dup2(pipe.first(), copy);
      keep(() -> Posix.close(copy));
      sources.register("copy " + i, Source.of(copy), Interest.READ);
    }
    assertEquals(many, now().size(), "rule 13: all are ready");
    Posix.setrlimit(many / 3);
    try {
      for (int i = 0; i < 40; i++) {
        assertEquals(many, (i % 2 == 0 ? now() : next()).size(), "errors: poll after poll finds all that are ready");
      }
      Posix.read(pipe.first(), 1);
      for (int i = 0; i < 20; i++) {
        assertNow(NOTHING, "errors: and nothing, where nothing is");
      }
      if (Host.popol().mechanism().equals("ppoll")) {
        String message =
            assertThrows(IOException.class, () -> sources.poll(MOMENT), "errors: poll refuses").getMessage();
        assertTrue(message.contains("RLIMIT_NOFILE"), "errors: the message names the limit: " + message);
      } else {
        assertSilent("errors: a wait is a wait");
      }
    } finally {
      Posix.setrlimit(limit);
    }
  }

  @Test
  @PosixOnly
  @DisplayName("errors: without free descriptors open says so and names the limit, and the open registry works on")
  void noDescriptors() throws Exception {
    long limit = Posix.getrlimit();
    IOException thrown;
    sources.register("key", readyPipe().source(), Interest.READ);
    List<Pipe> more = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      more.add(readyPipe());
    }
    assertTrue(canOpen(), "errors: before, another registry can be opened");
    Host.openPipe().close(); // loads its classes, which takes descriptors where they are files
    int next = Posix.dup(0);
    Posix.close(next);
    Posix.setrlimit(next); // the lowest free number is not allowed any more
    try {
      thrown = assertThrows(IOException.class, () -> Host.open().close(), "errors: there is no descriptor left");
      assertThrows(IOException.class, () -> Host.openPipe().close(), "errors: there is no descriptor left");
      assertEquals(1, sources.poll(Duration.ZERO).size(), "errors: the open registry works on");
      for (int i = 0; i < more.size(); i++) {
        sources.register("more " + i, more.get(i).source(), Interest.READ);
        assertEquals(i + 2, next().size(), "errors: and takes in as many as it is given");
      }
    } finally {
      Posix.setrlimit(limit);
    }
    assertTrue(thrown.getMessage().contains("RLIMIT_NOFILE"), "errors: it names the limit: " + thrown.getMessage());
    assertTrue(canOpen(), "errors: after the limit is raised a registry can be opened");
  }

  private static boolean canOpen() throws Exception {
    try (var other = Host.<String>open()) {
      return other.poll(Duration.ZERO).isEmpty();
    }
  }
}
