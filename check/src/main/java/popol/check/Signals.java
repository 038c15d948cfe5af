package popol.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Disturbs threads that wait: by signals, which end their system calls, by stopping the whole process now and then, and
 * by starting children meanwhile.
 */
public final class Signals {

  private static final String SHARED_WAITER = "popol-virtual-w"; // as much of its name as the kernel keeps
  private static final Path THREADS = Path.of("/proc/self/task");

  private final List<Target> targets;
  private final AtomicLong signals = new AtomicLong();
  private final AtomicLong children = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final Process stopper;
  private volatile boolean done;

  /** @param children whether to start them: each has a copy of what this process has open, for a moment */
  Signals(List<Target> targets, boolean children) throws IOException {
    this.targets = targets;
    Posix.handle(Posix.SIGWINCH);
    threads.add(Thread.ofPlatform().start(this::storm));
    if (children) {
      threads.add(Thread.ofPlatform().start(this::startChildren));
    }
    // Ends with this process, which it cannot leave stopped: it is ended by this process alone.
    stopper = new ProcessBuilder("sh", "-c", "while sleep 1 && kill -STOP $0; do sleep 0.1; kill -CONT $0; done",
        Long.toString(ProcessHandle.current().pid())).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /**
   * Runs the check. The JVM ends with status 0 if nothing is wrong.
   *
   * @param arguments how many seconds
   * @throws Exception if the check itself fails
   */
  public static void main(String[] arguments) throws Exception {
    List<Target> targets = Target.all();
    Signals signals = new Signals(targets, true);
    Thread.sleep(1000 * Long.parseLong(arguments[0]));
    signals.close();
    boolean wrong = false;
    for (Target target : targets) {
      target.close();
      System.out.println(target);
      if (!target.fault().isEmpty()) {
        System.out.println("FAILED: " + target.fault());
        wrong = true;
      }
    }
    System.out.println(signals);
    System.exit(wrong ? 1 : 0);
  }

  private void storm() {
    SplittableRandom random = new SplittableRandom();
    List<Integer> waiters = List.of();
    for (int i = 0; !done; i++) {
      if (i % 1000 == 0) {
        waiters = waiters();
      }
      for (int waiter : waiters) {
        if (Posix.tgkill(waiter, Posix.SIGWINCH)) {
          signals.incrementAndGet();
        }
      }
      LockSupport.parkNanos(random.nextInt(200_000));
    }
  }

  /** The threads that wait in the kernel: those of the targets, and that of all virtual ones. */
  private List<Integer> waiters() {
    List<Integer> waiters = new ArrayList<>();
    for (Target target : targets) {
      if (target.thread() != 0) {
        waiters.add(target.thread());
      }
    }
    try (Stream<Path> all = Files.list(THREADS)) {
      for (Path thread : all.toList()) {
        if (Files.readString(thread.resolve("comm")).startsWith(SHARED_WAITER)) {
          waiters.add(Integer.parseInt(thread.getFileName().toString()));
        }
      }
    } catch (IOException gone) {
      // A thread has ended meanwhile; it is looked for again soon.
    }
    return waiters;
  }

  private void startChildren() {
    while (!done) {
      try {
        new ProcessBuilder("true").start().waitFor();
        children.incrementAndGet();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  void close() throws InterruptedException {
    done = true;
    stopper.destroy();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public String toString() {
    return "%,d signals at threads that wait, %,d children".formatted(signals.get(), children.get());
  }
}
