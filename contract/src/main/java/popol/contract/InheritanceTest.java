package popol.contract;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** What popol opens is its own process's alone. */
@LinuxOnly
class InheritanceTest extends ContractTest {

  private static final int O_CLOEXEC = 0x80000;

  /** All that are open, without that by which they are listed, whose number the next one gets. */
  private static Set<Integer> descriptors() throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : entries) {
        numbers.add(Integer.valueOf(entry.getFileName().toString()));
      }
    }
    numbers.removeIf(number -> Files.notExists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS));
    return numbers;
  }

  /** Whether the kernel closes it in a child that becomes another program. */
  private static boolean isClosedOnExec(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & O_CLOEXEC) != 0;
      }
    }
    throw new AssertionError("the kernel tells no flags");
  }

  /** Whether a child of C's has it. The JDK's children prove nothing: the JDK itself closes what they inherit. */
  private static boolean isInherited(int descriptor) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return Posix.call("system", FunctionDescriptor.of(JAVA_INT, ADDRESS),
          arena.allocateFrom("test -e /proc/self/fd/" + descriptor)) == 0;
    }
  }

  @Test
  @DisplayName("security: a child inherits no descriptor that popol opened, however it is started")
  void nothingIsInherited() throws Exception {
    Leftovers.warmUp();
    Posix.Pair raw = keep(Posix.pipe());
    assertTrue(isInherited(raw.first()), "what is not closed on exec is inherited: the test can tell");
    Set<Integer> before = descriptors();
    Sources<String> registry = keep(Host.open());
    PipeSource pipe = keep(Host.openPipe());
    PipeSink sink = keep(Host.openSink());
    registry.register("pipe", Source.of(pipe), Interest.READ);
    registry.register("sink", Source.of(sink), Interest.NONE);
    registry.register("raw", Source.of(raw.first()), Interest.READ);
    Waker waker = registry.waker("waker");
    for (Thread.Builder threads : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
      Waiting waiting = Waiting.on(threads, registry, null);
      waker.wake();
      assertEquals(Map.of("waker", "wake"), waiting.found(), "rule 18: it was woken");
    }
    Set<Integer> opened = descriptors();
    opened.removeAll(before);
    int asked = 0;
    for (int descriptor : opened) {
      try {
        assertTrue(isClosedOnExec(descriptor), () -> "closed on exec: " + target(descriptor));
        assertTrue(!isInherited(descriptor), () -> "not inherited: " + target(descriptor));
        asked++;
      } catch (NoSuchFileException closed) {
        continue; // it was that of the directory
      }
    }
    assertTrue(asked >= 6, "two for each pipe, and two for waits: " + asked);
  }

  private static String target(int descriptor) {
    try {
      return descriptor + " " + Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
    } catch (IOException e) {
      return descriptor + " " + e;
    }
  }
}
