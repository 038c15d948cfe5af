package popol.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/**
 * A registry whose waiting thread is to be disturbed. One thread waits with random timeouts; another one wakes, writes
 * and sets timers, one after another, each once the one before was heard. So nothing can be lost, or heard twice,
 * without being missed.
 */
final class Target implements AutoCloseable {

  private enum Key { WAKER, TIMER, PIPE }

  private static final long LOST = 60; // seconds
  private static final int LONGEST = 20_000_000; // nanoseconds of a timeout, a timer or a pause
  private static final long TOO_LATE = 20_000_000_000L; // nanoseconds: no busy machine is an excuse

  private final String name;
  private final Sources<Object> sources = Sources.open();
  private final Waker waker = sources.waker(Key.WAKER);
  private final Pipe pipe = Pipe.open();
  private final Pipe[] silent;
  private final Semaphore heard = new Semaphore(0);
  private final Thread waiter;
  private final Thread sender;
  private volatile int thread; // the kernel's number of the waiting thread, 0 until it waits
  private volatile boolean done;
  private volatile long due = Long.MAX_VALUE; // of the timer
  private volatile String fault = "";

  // What was sent is the sender's, what was heard the waiter's; both are read when the threads have ended.
  private long wakesSent;
  private long wakesHeard;
  private long bytesSent;
  private long bytesHeard;
  private long timersSet;
  private long timersHeard;
  private long timeouts;
  private long polls;
  private volatile long worst; // nanoseconds, of a timeout or a timer

  /** @param sources how many more are registered in which nothing happens */
  Target(String name, Thread.Builder threads, int sources) throws IOException {
    this.name = name;
    this.silent = new Pipe[sources];
    pipe.source().configureBlocking(false);
    this.sources.register(Key.PIPE, pipe.source(), Interest.READ);
    for (int i = 0; i < sources; i++) {
      silent[i] = Pipe.open();
      this.sources.register("silent " + i, silent[i].source(), Interest.READ);
    }
    waiter = threads.start(() -> run(this::await));
    sender = Thread.ofPlatform().start(() -> run(this::send));
  }

  /** On platform and virtual threads, with as few and as many sources as the mechanisms are made for. */
  static List<Target> all() throws IOException {
    return List.of(
        new Target("few sources", Thread.ofPlatform(), 0),
        new Target("many sources", Thread.ofPlatform(), 20),
        new Target("virtual, few sources", Thread.ofVirtual(), 0),
        new Target("virtual, many sources", Thread.ofVirtual(), 20));
  }

  /** What a thread does. */
  private interface Part {
    void play() throws Exception;
  }

  private void run(Part part) {
    try {
      part.play();
    } catch (ClosedSelectorException e) {
      if (!done) {
        fault("closed by nobody");
      }
    } catch (Exception | Error e) {
      fault(e.toString());
    }
  }

  private void fault(String text) {
    if (fault.isEmpty()) {
      fault = text;
    }
  }

  /** The kernel's number of the thread that waits; 0 if it is not known yet. */
  int thread() {
    return thread;
  }

  String fault() {
    return fault.isEmpty() ? "" : name + ": " + fault;
  }

  long worst() {
    return worst;
  }

  private void await() throws Exception {
    thread = Thread.currentThread().isVirtual() ? 0 : Posix.gettid();
    SplittableRandom random = new SplittableRandom();
    while (true) { // until the registry is closed: the sender waits for what it sent last
      long timeout = random.nextInt(4) == 0 ? 0 : random.nextLong(LONGEST);
      long began = System.nanoTime();
      Events<Object> events = sources.poll(Duration.ofNanos(timeout));
      long now = System.nanoTime();
      polls++;
      if (events.isEmpty()) {
        timeouts++;
        if (now - began < timeout) {
          fault("a timeout of " + timeout + " ns ended after " + (now - began));
        }
        late(now - began - timeout);
      }
      for (Event<Object> event : events) {
        if (event.key() instanceof Key key) {
          hear(key, now);
        } else {
          fault("an event of a silent source");
        }
      }
    }
  }

  private void hear(Key key, long now) throws IOException {
    switch (key) {
      case WAKER -> wakesHeard++;
      case PIPE -> bytesHeard += pipe.source().read(ByteBuffer.allocate(16));
      case TIMER -> {
        timersHeard++;
        if (now - due < 0) {
          fault("a timer expired " + (due - now) + " ns early");
        }
        late(now - due);
      }
    }
    heard.release();
  }

  private void late(long nanos) {
    worst = Math.max(worst, nanos);
    if (nanos > TOO_LATE) {
      fault("late by " + nanos / 1_000_000 + " ms");
    }
  }

  private void send() throws Exception {
    SplittableRandom random = new SplittableRandom();
    while (!done) {
      switch (random.nextInt(3)) {
        case 0 -> {
          wakesSent++;
          waker.wake();
        }
        case 1 -> {
          bytesSent++;
          pipe.sink().write(ByteBuffer.allocate(1));
        }
        default -> {
          timersSet++;
          long delay = random.nextLong(LONGEST);
          due = System.nanoTime() + delay; // not after the deadline that the registry reckons with
          sources.timer(Key.TIMER, Duration.ofNanos(delay));
        }
      }
      if (!heard.tryAcquire(LOST, TimeUnit.SECONDS)) {
        fault("nothing was heard for " + LOST + " s: " + this + "\n" + sources.describe()
            + Arrays.toString(waiter.getStackTrace()).replace(",", "\n "));
        return;
      }
      if (heard.availablePermits() > 0) {
        fault("something was heard twice: " + this);
      }
      if (random.nextInt(4) > 0) {
        Thread.sleep(0, random.nextInt(999_999)); // while the waiter has nothing but its timeout
      }
    }
  }

  /** Ends both threads, the sender first, and compares what was sent with what was heard. */
  @Override
  public void close() throws IOException {
    done = true;
    join(sender);
    sources.close();
    join(waiter);
    if (wakesSent != wakesHeard || bytesSent != bytesHeard || timersSet != timersHeard) {
      fault("sent and heard differ");
    }
    close(pipe);
    for (Pipe one : silent) {
      close(one);
    }
  }

  private void join(Thread thread) {
    try {
      if (!thread.join(Duration.ofSeconds(2 * LOST))) {
        fault("a thread does not end");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(Pipe pipe) throws IOException {
    pipe.source().close();
    pipe.sink().close();
  }

  @Override
  public String toString() {
    return ("%s: %,d polls, %,d timeouts, wakes %,d sent %,d heard, bytes %,d sent %,d heard, timers %,d set %,d heard,"
        + " worst lateness %,d us")
        .formatted(name, polls, timeouts, wakesSent, wakesHeard, bytesSent, bytesHeard, timersSet, timersHeard,
            worst / 1000);
  }
}
