package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** Registries that grow and shrink, where an implementation may turn from one mechanism to another. */
class SizeTest extends ContractTest {

  private static final int MANY = 200; // more than any mechanism for few would take
  private static final int HIGH = 900; // a number that no other thread of this JVM is given

  @Test
  @DisplayName("rules 3, 13: every change counts, however the registry grows and shrinks meanwhile")
  void growsAndShrinks() throws Exception {
    Random random = new Random(7);
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pipes.add(i % 3 == 0 ? readyPipe() : pipe());
    }
    Map<String, String> expected = new TreeMap<>();
    for (int round = 0; round < 400; round++) {
      int most = round / 50 % 2 == 0 ? pipes.size() : 2; // fifty rounds up, fifty down
      int i = random.nextInt(pipes.size());
      String key = "pipe " + i;
      boolean ready = i % 3 == 0;
      if (!sources.contains(key) && sources.size() < most) {
        sources.register(key, pipes.get(i).source(), Interest.READ);
        put(expected, key, ready);
      } else if (sources.contains(key) && sources.size() > most) {
        sources.unregister(key);
        expected.remove(key);
      } else if (random.nextBoolean()) {
        put(expected, key, sources.interest(key, Interest.NONE) && false);
      } else {
        put(expected, key, sources.interest(key, Interest.READ) && ready);
      }
      assertEquals(expected, new TreeMap<>(now()), "rule 13: each that is ready and asked for, in round " + round);
    }
  }

  private static void put(Map<String, String> expected, String key, boolean ready) {
    if (ready) {
      expected.put(key, "readable");
    } else {
      expected.remove(key);
    }
  }

  @Test
  @DisplayName("rule 17: when all become ready at once, all are found at once, however many they are")
  void allAtOnce() throws Exception {
    List<Pipe> pipes = new ArrayList<>();
    for (int size = 1; size <= 60; size++) {
      pipes.add(pipe());
      sources.register("pipe " + size, pipes.getLast().source(), Interest.READ);
      assertNow(NOTHING, "rule 13: none is ready");
      for (Pipe pipe : pipes) {
        Link.send(pipe.sink(), "x");
      }
      assertEquals(size, now().size(), "rule 17: all of them are found");
      for (Pipe pipe : pipes) {
        Link.receive(pipe.source());
      }
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 13: a regular file is always ready among many others, and silent when nothing is asked of it")
  void regularFileAmongMany() throws Exception {
    many();
    Path path = Files.createTempFile("popol", ".txt");
    keep(() -> Files.delete(path));
    RandomAccessFile file = keep(new RandomAccessFile(path.toFile(), "rw"));
    sources.register("file", Source.of(file.getFD()), Interest.READ);
    assertNow(Map.of("file", "readable"), "rule 13: a file can always be read");
    assertNext(Map.of("file", "readable"), "rule 13: and does not hold up a wait");
    sources.interest("file", Interest.READ_WRITE);
    assertNow(Map.of("file", "readable writable"), "rule 13: and written");
    sources.interest("file", Interest.NONE);
    assertSilent("rule 13: nothing is asked of it");
    assertTrue(sources.unregister("file"), "rule 3: it was there");
    assertSilent("rule 3: it is gone");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a descriptor closed among many is reported invalid once, also while others are ready")
  void closedAmongMany() throws Exception {
    many();
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.dup2(pipe.first(), HIGH);
    sources.register("closed", Source.of(HIGH), Interest.READ);
    assertNow(NOTHING, "rule 13: it is open and silent");
    Posix.close(HIGH);
    assertNext(Map.of("closed", "invalid"), "rule 15: a wait without end hears of it");
    assertFalse(sources.contains("closed"), "rule 15: its entry is removed");
    assertSilent("rule 15: reported once");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a descriptor closed among many right after a look is reported by the wait that follows")
  void closedRightAfterLook() throws Exception {
    many();
    Posix.Pair pipe = keep(Posix.pipe());
    for (int round = 0; round < 50; round++) {
      Posix.dup2(pipe.first(), HIGH);
      sources.register("closed", Source.of(HIGH), Interest.READ);
      assertNow(NOTHING, "rule 13: it is open and silent");
      Posix.close(HIGH);
      assertNext(Map.of("closed", "invalid"), "rule 15: in round " + round);
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: a descriptor closed among many of which one is always ready is reported invalid once")
  void closedBesideBusyOne() throws Exception {
    many();
    sources.register("busy", readyPipe().source(), Interest.READ);
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.dup2(pipe.first(), HIGH);
    sources.register("closed", Source.of(HIGH), Interest.READ);
    assertNow(Map.of("busy", "readable"), "rule 13: it is open and silent");
    Posix.close(HIGH);
    int reported = 0;
    for (int polls = 0; polls < 50 * MANY; polls++) {
      reported += "invalid".equals(next().get("closed")) ? 1 : 0;
    }
    assertEquals(1, reported, "rule 15: reported once, though another keeps the registry busy");
    assertFalse(sources.contains("closed"), "rule 15: its entry is removed");
  }

  @Test
  @PosixOnly
  @DisplayName("rules 15, 16: a file that lives on through a duplicate is not heard of once its descriptor is gone")
  void duplicateAmongMany() throws Exception {
    many();
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.dup2(pipe.first(), HIGH);
    sources.register("gone", Source.of(HIGH), Interest.READ);
    assertNow(NOTHING, "rule 13: it is open and silent");
    Posix.close(HIGH);
    assertTrue(sources.unregister("gone"), "rule 3: it was there");
    Posix.write(pipe.second(), "x"); // the file has another descriptor, pipe.first()
    assertSilent("rule 16: nothing is registered that is ready, and the wait lasts");
    Posix.Pair other = keep(Posix.pipe());
    Posix.dup2(other.first(), HIGH);
    keep(() -> Posix.close(HIGH));
    sources.register("new", Source.of(HIGH), Interest.READ);
    assertSilent("rule 16: the new owner of the number is silent");
    Posix.write(other.second(), "y");
    assertNext(Map.of("new", "readable"), "rule 16: and heard of when it is ready");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 16: a file that lives on through a duplicate is not heard of under the number's new owner")
  void duplicateOfNumberInUse() throws Exception {
    many();
    Posix.Pair old = keep(Posix.pipe());
    Posix.dup2(old.first(), HIGH);
    sources.register("old", Source.of(HIGH), Interest.READ);
    assertNow(NOTHING, "rule 13: it is open and silent");
    Posix.close(HIGH);
    assertTrue(sources.unregister("old"), "rule 3: it was there");
    Posix.Pair other = keep(Posix.pipe());
    Posix.dup2(other.first(), HIGH);
    keep(() -> Posix.close(HIGH));
    sources.register("new", Source.of(HIGH), Interest.READ);
    assertNow(NOTHING, "rule 16: the new owner is silent");
    Posix.write(old.second(), "x"); // whose file has another descriptor, old.first()
    assertSilent("rule 16: that is not the new owner's");
    Posix.write(other.second(), "y");
    assertNext(Map.of("new", "readable"), "rule 16: and this is");
  }

  @Test
  @DisplayName("rule 16: a channel closed among many of which one is always ready is reported invalid, soon and once")
  void channelClosedBesideBusyOne() throws Exception {
    many();
    sources.register("busy", readyPipe().source(), Interest.READ);
    Pipe pipe = pipe();
    sources.register("closed", pipe.source(), Interest.READ);
    assertNow(Map.of("busy", "readable"), "rule 13: it is open and silent");
    pipe.source().close();
    int reported = 0;
    for (int polls = 0; polls < MANY; polls++) {
      reported += "invalid".equals(now().get("closed")) ? 1 : 0;
    }
    assertEquals(1, reported, "rule 16: reported once, though another keeps the registry busy");
  }

  @Test
  @DisplayName("rule 16: a channel closed among many busy ones is reported invalid, soon and once")
  void channelClosedAmongBusyOnes() throws Exception {
    for (int i = 0; i < MANY; i++) {
      sources.register("busy " + i, readyPipe().source(), Interest.READ);
    }
    Pipe pipe = pipe();
    sources.register("closed", pipe.source(), Interest.READ);
    assertEquals(MANY, now().size(), "rule 17: all that are ready are found at once");
    pipe.source().close();
    int reported = 0;
    for (int polls = 0; polls < MANY; polls++) {
      reported += "invalid".equals(now().get("closed")) ? 1 : 0;
    }
    assertEquals(1, reported, "rule 16: reported once, though others keep the registry busy");
    assertFalse(sources.contains("closed"), "rule 15: its entry is removed");
  }

  /** Has the registry wait for many that are silent. */
  private void many() throws Exception {
    for (int i = 0; i < MANY; i++) {
      sources.register("silent " + i, pipe().source(), Interest.READ);
    }
  }
}
