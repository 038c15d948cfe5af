package popol.virtual;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/**
 * Many virtual threads, each waiting in a registry of its own, which are woken at random by timeouts, wakers, data and
 * interrupts. At the end as much was heard as was sent.
 */
public final class VirtualThreads {

  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int BURST = 200; // sent between two pauses

  private final List<Waiter> waiters = new ArrayList<>();
  private volatile boolean over;

  private VirtualThreads() {}

  /** What one virtual thread has been sent, and has heard. */
  private final class Waiter {
    final Sources<String> sources;
    final Waker waker;
    final Pipe pipe; // null where descriptors are short
    final Thread thread;
    final AtomicBoolean interrupted = new AtomicBoolean(); // and not heard of it
    long interrupts; // sent
    long bytes; // sent
    long wakesSent;
    long heardBytes;
    long heardWakes;
    long heardInterrupts;
    long timeouts;

    Waiter(boolean piped) throws IOException {
      sources = Sources.open();
      waker = sources.waker("wake");
      pipe = piped ? Pipe.open() : null;
      if (pipe != null) {
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        sources.register("data", pipe.source(), Interest.READ);
      }
      thread = Thread.ofVirtual().unstarted(this::run);
    }

    private void run() {
      ByteBuffer buffer = ByteBuffer.allocate(64);
      try {
        while (!over || owed()) {
          try {
            boolean some = false;
            for (Event<String> event : sources.poll(TIMEOUT)) {
              some = true;
              if (event.isWake()) {
                synchronized (this) {
                  heardWakes = wakesSent;
                }
              } else {
                heardBytes += Math.max(0, pipe.source().read(buffer.clear()));
              }
            }
            timeouts += some ? 0 : 1;
          } catch (InterruptedException e) {
            heardInterrupts++;
            interrupted.set(false);
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private synchronized boolean owed() {
      return heardWakes < wakesSent || heardBytes < bytes || interrupted.get();
    }

    /** One more wake, byte or interrupt. */
    void send(int what) throws IOException {
      if (what == 0) {
        synchronized (this) {
          wakesSent++;
          waker.wake();
        }
      } else if (what == 1 && pipe != null) {
        synchronized (this) {
          bytes += pipe.sink().write(ByteBuffer.allocate(1));
        }
      } else if (interrupted.compareAndSet(false, true)) { // a second one before the first is heard would be the same
        interrupts++;
        thread.interrupt();
      }
    }
  }

  /**
   * Runs.
   *
   * @param args seconds, and how many virtual threads
   * @throws Exception if something fails
   */
  public static void main(String[] args) throws Exception {
    System.exit(new VirtualThreads().run(Integer.parseInt(args[0]), Integer.parseInt(args[1])) ? 0 : 1);
  }

  private boolean run(int seconds, int count) throws Exception {
    warmUp();
    long descriptors =
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getMaxFileDescriptorCount();
    if (2L * count + 200 > descriptors) {
      System.out
          .println("SKIPPED: " + count + " registries take " + (2 * count + 200) + " descriptors, and the limit is "
              + descriptors + ": raise it (ulimit -n), or name fewer");
      return true;
    }
    long piped = Math.min(count, (descriptors - 2L * count - 200) / 2);
    int threadsBefore = platformThreads();
    double before = resident();
    for (int i = 0; i < count; i++) {
      waiters.add(new Waiter(i < piped));
    }
    double open = resident();
    waiters.forEach(waiter -> waiter.thread.start());
    System.out.printf("%d virtual threads, each in its own registry; %d have a pipe too%n", count, piped);
    int most = 0;
    Random random = new Random(1);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      for (int i = 0; i < BURST; i++) {
        waiters.get(random.nextInt(count)).send(random.nextInt(3));
      }
      most = Math.max(most, platformThreads());
      Thread.sleep(5);
    }
    double during = resident();
    over = true;
    for (Waiter waiter : waiters) {
      if (!waiter.thread.join(Duration.ofSeconds(60))) {
        System.out.println("FAILED: a thread has not heard of all that was sent to it");
        return false;
      }
    }
    System.out.printf("platform threads: %d before, %d at most%n", threadsBefore, most);
    System.out.printf("resident memory: %.0f MB before, %.0f MB with open registries, %.0f MB while they waited%n",
        before,
        open, during);
    System.out.printf(
        "wakes: %d sent, all heard of; bytes: %d sent, %d heard; interrupts: %d sent, %d heard; timeouts: %d%n",
        sum(waiter -> waiter.wakesSent), sum(waiter -> waiter.bytes), sum(waiter -> waiter.heardBytes),
        sum(waiter -> waiter.interrupts), sum(waiter -> waiter.heardInterrupts), sum(waiter -> waiter.timeouts));
    for (Waiter waiter : waiters) {
      waiter.sources.close();
    }
    return waiters.stream().allMatch(waiter -> waiter.bytes == waiter.heardBytes
        && waiter.heardWakes == waiter.wakesSent && waiter.interrupts == waiter.heardInterrupts);
  }

  private long sum(ToLongFunction<Waiter> what) {
    return waiters.stream().mapToLong(what).sum();
  }

  /** What the JDK starts once: its scheduler, its timer, popol's shared waiter. */
  private static void warmUp() throws Exception {
    try (Sources<String> sources = Sources.open()) {
      Thread thread = Thread.startVirtualThread(() -> {
        try {
          sources.poll(Duration.ofMillis(100));
        } catch (IOException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      thread.join();
    }
  }

  private static int platformThreads() {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      return (int) tasks.count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double resident() throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() / 1024.0;
  }
}
