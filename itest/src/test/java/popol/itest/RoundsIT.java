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
import org.osgi.framework.Bundle;
import popol.itest.probe.Probe;
import popol.itest.probe.Probe.Server;
import popol.itest.probe.Probe.Wait;

/**
 * A networking plugin comes and goes again and again, in a framework and in module layers, and nothing grows. The
 * system property {@code popol.itest.rounds} says how often.
 */
@Timeout(3600)
class RoundsIT {

  private static final int ROUNDS = Integer.getInteger("popol.itest.rounds");
  private static final int WARM_UP = 20; // rounds in which the JDK and the framework load what they keep
  private static final int REPORTS = 10;
  private static final int STEADY = 5; // collections

  @TempDir Path storage;

  /** What could grow, all of it counted and not estimated. */
  private record Size(long descriptors, long threads, long classes, long nativeMemory, long resident) {

    static Size now() throws IOException {
      long classes = loadedClasses();
      // Until the collector finds nothing more to unload, several times: the JDK's cleaner works between them.
      for (int nothing = 0; nothing < STEADY;) {
        long before = classes;
        System.gc();
        classes = loadedClasses();
        nothing = classes < before ? 0 : nothing + 1;
      }
      return new Size(openDescriptors(), ManagementFactory.getThreadMXBean().getThreadCount(), classes,
          Leftovers.now().nativeMemory(), residentSize());
    }

    /** In kilobytes; printed alone, because the heap is in it. */
    private static long residentSize() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      throw new AssertionError("no VmRSS");
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
      return String.format("%6d descriptors  %4d threads  %6d classes  %8d bytes of native memory  %8d kB resident",
          descriptors, threads, classes, nativeMemory, resident);
    }
  }

  /** What is done again and again. */
  private interface Round {

    void run() throws Exception;
  }

  @Test
  @Tag("framework")
  void nothingGrowsInAFramework() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      Bundle[] linux = {osgi.start(Jars.LINUX)};
      int[] done = {0};
      nothingGrows(osgi.name() + ", " + ROUNDS + " rounds: install, start, wait, talk, update, stop, uninstall; each"
          + " tenth: update of popol, refresh", () -> {
            round(osgi);
            if (++done[0] % 10 == 0) {
              Ending.UPDATE.end(linux[0], Jars.LINUX);
              linux[0] = Ending.UPDATE.again(osgi, linux[0], Jars.LINUX);
            }
          });
    }
  }

  @Test
  void nothingGrowsWithModuleLayers() throws Exception {
    nothingGrows("module layers, " + ROUNDS + " rounds: define popol and a plugin, open, wait, close, drop",
        ProvidersIT::useALayer);
  }

  private static void nothingGrows(String title, Round round) throws Exception {
    System.out.println(title);
    rounds(round, WARM_UP);
    report(-WARM_UP, Size.now()); // which loads classes too
    rounds(round, WARM_UP);
    Size first = Size.now();
    report(0, first);
    Size last = first;
    for (int done = 0; done < ROUNDS;) {
      int next = Math.min(ROUNDS - done, Math.max(1, ROUNDS / REPORTS));
      rounds(round, next);
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

  private static void report(int done, Size size) {
    System.out.printf("after %5d: %s%n", done, size);
  }

  private static void rounds(Round round, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      round.run();
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
      Ending.UPDATE.end(consumer.bundle(), Jars.CONSUMER);
      Eventually.endedBy(ClosedSelectorException.class, server.waiting(), "updating a plugin ends its server");
      Eventually.endedBy(ClosedSelectorException.class, virtual, "updating a plugin ends its waits");
      talk.expectEnd();
    }
    Wait updated = consumer.probe().startWait(Thread.ofPlatform());
    Eventually.waiting(updated);
    consumer.bundle().stop();
    Eventually.endedBy(ClosedSelectorException.class, updated, "stopping a plugin ends its waits");
    consumer.bundle().uninstall();
  }
}
