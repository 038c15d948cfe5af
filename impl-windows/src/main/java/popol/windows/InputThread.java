package popol.windows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import popol.spi.PopolThread;

/**
 * The thread that makes all calls about standard input, because each of them may wait while another thread of the
 * program is in a read of it. It serves two wishes: to be told what the input is now, and to hear when that changes.
 * Guarded by itself; the input's calls are made without that lock.
 */
final class InputThread {

  // Nanoseconds.
  private static final long PATIENCE = 500_000_000; // for an answer; then the input is not ready, until it is told
  private static final long LONG_PATIENCE = 1_000_000_000; // for the end of a wait that was cancelled
  private static final long AGAIN = 1_000_000; // after which a wait is cancelled again

  private final Supplier<Input> opening;
  private final List<Runnable> waiters = new ArrayList<>(); // who is to hear of a change; those who have heard are out
  private volatile @Nullable Input input; // null until the thread has opened it
  private long asked; // the number of the last question
  private long answered; // the last one that is answered
  private long late; // the last one that nobody waits for the answer of
  private int answer;
  private boolean canWait; // as of the answer
  private boolean isWaiting; // in the input's wait
  private long waits; // so far
  private boolean isCancelled; // the wait
  private boolean isDeaf; // a wait was cancelled and has not ended, or has failed: there is no other one
  private boolean isStopped;
  private @Nullable Throwable failure; // in place of the answer

  /** How many watch the input; for {@link StandardInput}. */
  int watches;

  private InputThread(Supplier<Input> opening) {
    this.opening = opening;
  }

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
    InputThread starting = new InputThread(opening);
    PopolThread.start("popol-stdin", starting::run);
    return starting;
  }

  /**
   * Asks what the input is now. Where there is no answer because another thread reads, it is not ready, and who waits
   * hears of the answer when it comes.
   *
   * @throws IOException if the call has failed; the next question makes it again
   */
  synchronized int ask() throws IOException {
    boolean isHeldUp = late > answered;
    long mine = ++asked;
    notifyAll();
    cancelWait();
    if (!isHeldUp) {
      await(() -> answered >= mine, PATIENCE);
    }
    if (answered < mine) {
      late = mine;
      return 0;
    }
    if (failure != null) {
      throw new IOException("standard input cannot be asked: " + failure, failure);
    }
    return answer;
  }

  /** Begins to wait for a change. Returns false if it is not heard of. */
  synchronized boolean begin(Runnable endWait) {
    boolean isHeard = late > answered || canWait && !isDeaf;
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
    long start = System.nanoTime();
    isCancelled = true;
    while (isIn(cancelled) && !isDeaf && input != null) {
      input.cancel();
      await(() -> !isIn(cancelled), AGAIN);
      isDeaf = isIn(cancelled) && System.nanoTime() - start > LONG_PATIENCE;
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

  private void run() {
    try {
      for (Wish wish = next(); wish != Wish.STOP; wish = next()) {
        if (wish == Wish.ANSWER ? answer() : hasChanged()) {
          tell();
        }
      }
    } finally {
      if (input != null) {
        input.close();
      }
    }
  }

  private enum Wish {
    ANSWER,
    WAIT,
    STOP
  }

  /** Allocates nothing, so that the thread lives on where memory is short. */
  private synchronized Wish next() {
    while (!isStopped && asked == answered && waiters.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody has this thread to interrupt it.
      }
    }
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

  /** Returns whether to tell those who wait: an answer for each question would have them ask for ever. */
  private boolean answer() {
    long number = lastQuestion(); // one that comes now is about what is then
    int now = 0;
    boolean waits = false;
    Throwable thrown = null;
    try {
      Input asked = input;
      if (asked == null) {
        asked = opening.get();
        input = asked;
      }
      now = asked.readiness();
      waits = asked.canWait();
    } catch (RuntimeException | Error e) {
      thrown = e;
    }
    return answered(number, now, waits, thrown);
  }

  private synchronized long lastQuestion() {
    return asked;
  }

  private synchronized boolean answered(long number, int now, boolean waits, @Nullable Throwable thrown) {
    boolean wasLate = late > answered;
    answered = number;
    answer = now;
    canWait = waits;
    failure = thrown;
    notifyAll();
    return wasLate;
  }

  private boolean hasChanged() {
    boolean failed = true;
    try {
      if (input != null) { // nobody waits who has not asked
        input.await();
        failed = false;
      }
    } catch (RuntimeException | Error e) {
      // It is asked in slices from now on.
    }
    return ended(failed);
  }

  private synchronized boolean ended(boolean failed) {
    isWaiting = false;
    isDeaf |= failed;
    notifyAll();
    return !isCancelled;
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
