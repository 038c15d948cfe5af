package popol.check;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs histories and disturbed waits at once, for long, and prints what the process holds. It is flat if it holds no
 * more at the end than after the first half.
 */
public final class Soak {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long MINUTE = 60_000_000_000L; // nanoseconds
  private static final int MORE_DESCRIPTORS = 40; // those of a history that is under way
  private static final int MORE_THREADS = 4;
  private static final int MORE_CLASSES = 100;
  private static final int MORE_MEMORY = 20; // percent
  private static final int MORE_NATIVE = 8 * 1024; // KiB beside that: what compilers take for a while

  private final Generator generator = new Generator(System.nanoTime());
  private final Statistics statistics = new Statistics();
  private final List<Sample> samples = new ArrayList<>();
  private final long start = System.nanoTime();
  private volatile boolean done;
  private volatile @Nullable Throwable wrong;

  private Soak() {}

  /** What the process holds at one time; memory in KiB. */
  private record Sample(int descriptors, int threads, int classes, long resident, long nativeMemory, long heap) {

    static Sample take() throws IOException {
      Runtime runtime = Runtime.getRuntime();
      String[] descriptors = Path.of("/proc/self/fd").toFile().list();
      return new Sample(descriptors == null ? 0 : descriptors.length, (int) status("Threads:"),
          ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), status("VmRSS:"), Posix.allocated() / 1024,
          (runtime.totalMemory() - runtime.freeMemory()) / 1024);
    }

    private static long status(String name) throws IOException {
      return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }

    /** Whether this one, of the end, holds no more than another one. */
    boolean isFlatSince(Sample earlier) {
      return descriptors <= earlier.descriptors + MORE_DESCRIPTORS && threads <= earlier.threads + MORE_THREADS
          && classes <= earlier.classes + MORE_CLASSES
          && resident <= earlier.resident * (100 + MORE_MEMORY) / 100
          && nativeMemory <= earlier.nativeMemory * (100 + MORE_MEMORY) / 100 + MORE_NATIVE;
    }

    @Override
    public String toString() {
      return "%d descriptors, %d threads, %d classes, %,d KiB resident, %,d KiB native, %,d KiB heap".formatted(
          descriptors,
          threads, classes, resident, nativeMemory, heap);
    }
  }

  /**
   * Runs the check. The JVM ends with status 0 if nothing is wrong and it is flat.
   *
   * @param arguments how many seconds
   * @throws Exception if the check itself fails
   */
  public static void main(String[] arguments) throws Exception {
    System.exit(new Soak().run(Long.parseLong(arguments[0])) ? 0 : 1);
  }

  private boolean run(long seconds) throws Exception {
    List<Target> targets = Target.all();
    Signals signals = new Signals(targets, false); // a child would keep open for a moment what a history closes
    Thread player = Thread.ofPlatform().start(this::play);
    long end = start + seconds * 1_000_000_000L;
    long step = Math.min(MINUTE, seconds * 1_000_000_000L / 4);
    for (long next = start + step; next <= end && wrong == null; next += step) {
      while (System.nanoTime() < next) { // it is time that is measured here
        LockSupport.parkNanos(next - System.nanoTime());
      }
      sample(targets);
    }
    done = true;
    player.join();
    signals.close();
    boolean right = wrong == null;
    for (Target target : targets) {
      target.close();
      System.out.println(target);
      if (!target.fault().isEmpty()) {
        System.out.println("FAILED: " + target.fault());
        right = false;
      }
    }
    System.out.println(signals + "\n" + statistics + "\n  " + statistics.kindsText());
    boolean flat = samples.getLast().isFlatSince(samples.get((samples.size() - 1) / 2));
    System.out.println(flat ? "flat" : "FAILED: not flat");
    return right && flat;
  }

  private void play() {
    while (!done && wrong == null) {
      History history = generator.next();
      wrong = history.wrong(statistics);
      if (wrong != null) {
        System.out.println("FAILED: " + wrong + history);
      }
    }
  }

  private void sample(List<Target> targets) throws IOException {
    Sample sample = Sample.take();
    samples.add(sample);
    long worst = targets.stream().mapToLong(Target::worst).max().orElse(0);
    System.out.printf("%,d s: %s, worst lateness %,d us; %s; %s%n", (System.nanoTime() - start) / 1_000_000_000L,
        sample, worst / 1000, statistics, statistics.kindsText());
  }
}
