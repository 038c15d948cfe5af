package popol.windows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that makes all calls about standard input, because each of them may wait while another thread of the
 * program is in a read of it. It serves two wishes: to be told what the input is now, and to hear when that changes.
 * Guarded by itself; the input's calls are made without that lock.
 */
final class InputThread {

  // Nanoseconds.
  private static final long PATIENCE = 200_000_000; // for an answer; then the input is not ready, until it is told
  private static final long LONG_PATIENCE = 1_000_000_000; // for the end of a wait that was cancelled
  private static final long AGAIN = 1_000_000; // after which a wait is cancelled again

  private final List<Runnable> waiters = new ArrayList<>(); // who is to hear of a change; those who have heard are out
  private @Nullable Input input; // null until the thread has opened it
  private long asked; // the number of the last question
  private long answered; // the last one that is answered
  private long late; // the last one that nobody waits for the answer of
  private int answer;
  private boolean canWait; // as of the answer
  private boolean isWaiting; // in the input's wait
  private long waits; // so far
  private boolean isCancelled; // the wait
  private boolean isDeaf; // a wait was cancelled and has not ended: it ends when the input changes
  private boolean isStopped;
  private @Nullable Throwable failure; // why the thread has ended, if it was not stopped

  /** How many watch the input; for {@link StandardInput}. */
  int watches;

  private InputThread() {}

  /** The calls about the input. All but {@link #cancel} are made by one thread. */
  interface Input extends AutoCloseable {

    /** {@return what it is now, in bits of {@link popol.spi.Readiness}} */
    int readiness();

    /** {@return whether a change from what it was when it was last asked ends a wait} */
    boolean canWait();

    /** Waits until that may have changed. */
    void await();

    /** Ends a wait. Another thread calls it, once more if the wait has not begun by then. Does not block. */
    void cancel();

    /** Frees what the calls needed. */
    @Override
    void close();
  }

  /**
   * Starts a thread.
   *
   * @param opening opens the input; called by the thread
   * @throws OutOfMemoryError if there can be no other thread
   */
  static InputThread start(Supplier<Input> opening) {
    InputThread starting = new InputThread();
    Thread thread = Thread.ofPlatform()
        .daemon()
        .name("popol-stdin")
        .inheritInheritableThreadLocals(false)
        .unstarted(() -> starting.run(opening));
    thread.setContextClassLoader(null);
    thread.start();
    return starting;
  }

  /**
   * Asks what the input is now. Where there is no answer because another thread reads, it is not ready, and who waits
   * hears of the answer when it comes.
   *
   * @throws IOException if the thread has ended
   */
  synchronized int ask() throws IOException {
    boolean isHeldUp = late > answered;
    long mine = ++asked;
    notifyAll();
    cancelWait();
    if (!isHeldUp) {
      await(() -> answered >= mine || failure != null, PATIENCE);
    }
    if (failure != null) {
      throw new IOException("the thread that waits for standard input has ended, register it again: " + failure,
          failure);
    }
    if (answered < mine) {
      late = mine;
      return 0;
    }
    return answer;
  }

  /** Begins to wait for a change. Returns false if it is not heard of. */
  synchronized boolean begin(Runnable endWait) {
    boolean isHeard = failure == null && (late > answered || canWait && !isDeaf);
    if (isHeard && !waiters.contains(endWait)) {
      waiters.add(endWait);
      notifyAll();
    }
    return isHeard;
  }

  /** Ends the waiting. The program can then read: no call of popol's is before its own. */
  synchronized void end(Runnable endWait) {
    waiters.remove(endWait);
    if (waiters.isEmpty()) {
      cancelWait();
    }
  }

  /** Ends the thread. Does not wait for it. */
  synchronized void stop() {
    isStopped = true;
    notifyAll();
    if (isWaiting && input != null) {
      input.cancel();
    }
  }

  private void cancelWait() {
    long cancelled = waits; // the next one is not to be cancelled
    isCancelled = true;
    for (long left = LONG_PATIENCE; isIn(cancelled) && !isDeaf; left -= AGAIN) {
      if (input != null) {
        input.cancel();
      }
      await(() -> !isIn(cancelled), AGAIN);
      isDeaf = isIn(cancelled) && left <= 0;
    }
  }

  private boolean isIn(long wait) {
    return isWaiting && waits == wait;
  }

  /** Waits for what the thread does. An interrupt is kept for later: it ends the wait that this is a part of. */
  private void await(BooleanSupplier condition, long nanos) {
    boolean interrupted = false;
    long start = System.nanoTime();
    for (long left = nanos; !condition.getAsBoolean() && left > 0; left = nanos - (System.nanoTime() - start)) {
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized boolean hasFailed() {
    return failure != null;
  }

  private void run(Supplier<Input> opening) {
    try (Input opened = opening.get()) {
      open(opened);
      for (Wish wish = next(); wish != Wish.STOP; wish = next()) {
        if (wish == Wish.ANSWER) {
          long number = lastQuestion(); // one that comes now is about what is then
          int now = opened.readiness();
          if (answered(number, now, opened.canWait())) {
            tell();
          }
        } else if (hasChanged(opened)) {
          tell();
        }
      }
    } catch (Throwable t) {
      fail(t);
      tell();
    }
  }

  private enum Wish {
    ANSWER,
    WAIT,
    STOP
  }

  private synchronized void open(Input opened) {
    input = opened;
  }

  private synchronized Wish next() {
    await(() -> isStopped || asked > answered || !waiters.isEmpty(), Long.MAX_VALUE);
    if (isStopped) {
      return Wish.STOP;
    }
    if (asked > answered) {
      return Wish.ANSWER;
    }
    isWaiting = true;
    waits++;
    isCancelled = false;
    return Wish.WAIT;
  }

  private synchronized long lastQuestion() {
    return asked;
  }

  /** Returns whether to tell those who wait: an answer for each question would have them ask for ever. */
  private synchronized boolean answered(long number, int now, boolean waits) {
    boolean wasLate = late > answered;
    answered = number;
    answer = now;
    canWait = waits;
    notifyAll();
    return wasLate;
  }

  private boolean hasChanged(Input opened) {
    try {
      opened.await();
    } finally {
      endWait();
    }
    return !wasCancelled();
  }

  private synchronized void endWait() {
    isWaiting = false;
    notifyAll();
  }

  private synchronized boolean wasCancelled() {
    return isCancelled;
  }

  private synchronized void fail(Throwable thrown) {
    failure = thrown;
    notifyAll();
  }

  /** Whoever has heard asks, and waits again. */
  private void tell() {
    for (Runnable waiter = takeWaiter(); waiter != null; waiter = takeWaiter()) {
      try {
        waiter.run();
      } catch (RuntimeException | Error e) {
        // Its wake handle is broken, which ends the wait too. Others are to be told.
      }
    }
  }

  private synchronized @Nullable Runnable takeWaiter() {
    return waiters.isEmpty() ? null : waiters.removeLast();
  }
}
