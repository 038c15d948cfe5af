package popol.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import popol.itest.probe.Probe;
import popol.itest.probe.Probe.Server;
import popol.itest.probe.Probe.Wait;

/**
 * A networking plugin is installed, started, talked to, stopped and uninstalled again and again, and nothing grows. The
 * system property {@code popol.itest.rounds} says how often.
 */
@Tag("framework")
@Timeout(3600)
class RoundsIT {

  private static final int ROUNDS = Integer.getInteger("popol.itest.rounds");
  private static final int WARM_UP = 20; // rounds in which the JDK and the framework load what they keep
  private static final int REPORTS = 10;

  @TempDir Path storage;

  /** What could grow, all of it counted and not estimated. */
  private record Size(long descriptors, long threads, long classes, long nativeMemory) {

    static Size now() throws IOException {
      long classes = loadedClasses();
      // Until the collector finds nothing more to unload.
      for (long before = Long.MAX_VALUE; classes < before;) {
        before = classes;
        System.gc();
        classes = loadedClasses();
      }
      return new Size(openDescriptors(), ManagementFactory.getThreadMXBean().getThreadCount(), classes,
          Leftovers.now().nativeMemory());
    }

    private static long loadedClasses() {
      return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    }

    private static long openDescriptors() throws IOException {
      try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
        return StreamSupport.stream(links.spliterator(), false).count();
      }
    }

    @Override
    public String toString() {
      return String.format("%6d descriptors  %4d threads  %6d classes  %8d bytes of native memory",
          descriptors, threads, classes, nativeMemory);
    }
  }

  @Test
  void nothingGrows() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage)) {
      System.out.println(osgi.name() + ", " + ROUNDS + " rounds: install, start, wait, talk, stop, uninstall");
      rounds(osgi, WARM_UP);
      report(-WARM_UP, Size.now()); // which loads classes too
      rounds(osgi, WARM_UP);
      Size first = Size.now();
      report(0, first);
      Size last = first;
      for (int done = 0; done < ROUNDS;) {
        int next = Math.min(ROUNDS - done, Math.max(1, ROUNDS / REPORTS));
        rounds(osgi, next);
        done += next;
        last = Size.now();
        report(done, last);
      }
      assertTrue(last.descriptors <= first.descriptors, "descriptors stay as many as they were");
      assertTrue(last.nativeMemory <= first.nativeMemory, "native memory stays as much as it was");
      // A leak is a thread, or the dozen classes of the plugin, in each round; the JDK and the framework have now and
      // then one more of their own.
      assertTrue(last.threads - first.threads < Math.max(2, ROUNDS / 10), "threads stay as many as they were");
      assertTrue(last.classes - first.classes < ROUNDS, "the classes of plugins that are gone are unloaded");
    }
  }

  private static void report(int done, Size size) {
    System.out.printf("after %5d: %s%n", done, size);
  }

  private static void rounds(Osgi osgi, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      round(osgi);
    }
  }

  private static void round(Osgi osgi) throws Exception {
    Consumer consumer = Consumer.start(osgi, "plugin");
    Probe probe = consumer.probe();
    Server server = probe.startServer();
    Wait virtual = probe.startWait(Thread.ofVirtual());
    try (Talk talk = Talk.with(server.port())) {
      talk.exchange("hello");
      Eventually.waiting(server.waiting());
      Eventually.waiting(virtual);
      consumer.bundle().stop();
      Eventually.endedBy(ClosedSelectorException.class, server.waiting(), "stopping a plugin ends its server");
      Eventually.endedBy(ClosedSelectorException.class, virtual, "stopping a plugin ends its waits");
      talk.expectEnd();
    }
    consumer.bundle().uninstall();
  }
}
