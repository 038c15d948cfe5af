package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/** Rule 13 for descriptors that stand for something in the kernel, and have no Java object at all. */
@LinuxOnly
class KernelSourceTest extends ContractTest {

  /** A raw descriptor that is closed after the test. */
  private int kept(int descriptor) {
    keep(() -> Posix.close(descriptor));
    return descriptor;
  }

  @Test
  @DisplayName("rule 13: inotify: readable when something happens in the directory, until that is read")
  void inotify(@TempDir Path directory) throws Exception {
    int inotify = kept(Linux.inotify_init1(0));
    Linux.inotify_add_watch(inotify, directory.toString(), Linux.IN_CREATE);
    sources.register("directory", Source.of(inotify), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing has happened");
    Files.createFile(directory.resolve("new"));
    assertNow(Map.of("directory", "readable"), "rule 13: a file was made");
    assertTrue(Posix.read(inotify, 4096).contains("new"), "rule 13: the read tells which");
    assertNow(NOTHING, "rule 13: it was read");
  }

  @Test
  @DisplayName("rule 13: timerfd: readable once it has expired, until that is read")
  void timer() throws Exception {
    int timer = kept(Linux.timerfd_create());
    sources.register("timer", Source.of(timer), Interest.READ);
    assertNow(NOTHING, "rule 13: it is not set");
    long start = System.nanoTime();
    Linux.timerfd_settime(timer, Duration.ofMillis(20));
    assertNext(Map.of("timer", "readable"), "rule 13: it has expired");
    assertTrue(System.nanoTime() - start >= 20_000_000, "not before its time");
    Posix.read(timer, Long.BYTES);
    assertNow(NOTHING, "rule 13: it was read");
  }

  @Test
  @DisplayName("rule 13: signalfd: readable when the signal is pending, until it is read")
  void signal() throws Exception {
    Linux.SignalDescriptor signals = keep(Linux.SignalDescriptor.open(Posix.SIGWINCH));
    sources.register("signal", Source.of(signals.number()), Interest.READ);
    assertNow(NOTHING, "rule 13: there was no signal");
    Posix.pthread_kill(Posix.pthread_self(), Posix.SIGWINCH);
    assertNow(Map.of("signal", "readable"), "rule 13: the signal is pending");
    byte[] read = Posix.read(signals.number(), 128).getBytes(StandardCharsets.ISO_8859_1);
    int signal = ByteBuffer.wrap(read).order(ByteOrder.nativeOrder()).getInt();
    assertEquals(Posix.SIGWINCH, signal, "rule 13: the read tells which");
    assertNow(NOTHING, "rule 13: it was read");
  }

  @Test
  @DisplayName("rule 13: pidfd: readable once the process has ended, with its output in the same wait")
  void process() throws Exception {
    var output = keep(Host.openPipe());
    Process process = new ProcessBuilder("sh", "-c", "read line; echo $line").redirectOutput(output.writeEnd()).start();
    output.closeWriteEnd();
    sources.register("end", Source.of(kept(Linux.pidfd_open(process.pid()))), Interest.READ);
    sources.register("output", Source.of(output), Interest.READ);
    assertSilent("rule 13: it runs and says nothing");

    process.outputWriter().append("bye\n").close();
    Map<String, String> seen = new TreeMap<>();
    StringBuilder text = new StringBuilder();
    while (!sources.isEmpty()) {
      for (Map.Entry<String, String> found : next().entrySet()) {
        assertTrue(found.getValue().startsWith("readable"), "rule 13: both are readable: " + found);
        String read = found.getKey().equals("output") ? Link.receive(output) : null;
        if (read != null) {
          text.append(read);
        } else {
          seen.put(found.getKey(), "end");
          sources.unregister(found.getKey());
        }
      }
    }
    assertEquals("bye\n", text.toString(), "rule 14: the output is whole");
    assertEquals(Map.of("end", "end", "output", "end"), seen, "rule 13: the end of the process, and of its output");
    assertEquals(0, process.waitFor(), "the process ended well");
  }
}
