package popol.engine;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import popol.spi.Watch;

/**
 * A registry's waits on virtual threads: the thread parks, and {@link SharedWaiter} unparks it when the registry's
 * poller has something to report. Timeout, wake, change, interrupt and close are the virtual thread's own park.
 */
final class VirtualWait {

  private final SharedWaiter shared;
  private final Watch pollable; // readable while the poller has something to report
  private final int id; // by which the shared waiter knows this
  private volatile @Nullable Thread waiter; // null while nobody waits
  private volatile boolean armed; // the shared poller will find the descriptor
  private volatile boolean ready; // it has found it since the wait began
  private volatile boolean ended; // another thread has something for the waiter

  VirtualWait(SharedWaiter shared, Watch pollable, int id) {
    this.shared = shared;
    this.pollable = pollable;
    this.id = id;
  }

  /** Whether this can still wait by a shared waiter and for a descriptor. */
  boolean isFor(SharedWaiter shared, Watch pollable) {
    return this.shared == shared && this.pollable == pollable;
  }

  /** Before a wait, with the registry's lock held. */
  void begin() {
    ended = false;
    waiter = Thread.currentThread();
  }

  /**
   * Waits, without the lock. It can return early.
   *
   * @param nanos how long at most; below 0 without end
   */
  void await(long nanos) throws IOException {
    ready = false; // before armed is asked: found() sets them in the other order, so nothing is lost
    if (!armed) {
      shared.arm(this, pollable.descriptor(), id);
    }
    long start = nanos < 0 ? 0 : System.nanoTime();
    Thread current = Thread.currentThread();
    while (!ready && !ended && !current.isInterrupted()) {
      if (nanos < 0) {
        LockSupport.park(this);
      } else {
        long remaining = nanos - (System.nanoTime() - start);
        if (remaining <= 0) {
          return;
        }
        LockSupport.parkNanos(this, remaining);
      }
    }
  }

  void armed(boolean is) {
    armed = is;
  }

  /** Ends a wait, with the registry's lock held. */
  void end() {
    ended = true;
    LockSupport.unpark(waiter);
  }

  /** After a wait, with the registry's lock held. */
  void finish() {
    waiter = null;
  }

  /** The shared waiter has found the descriptor, which is no longer armed. */
  void found() {
    armed = false;
    ready = true;
    LockSupport.unpark(waiter);
  }

  /** The registry is closed, or waits for another descriptor. */
  void forget() {
    shared.forget(id);
  }
}
