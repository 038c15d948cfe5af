package popol.engine;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import popol.spi.Poller;
import popol.spi.PopolThread;

/**
 * A platform thread that waits in the kernel in place of a virtual thread, which would hold up the scheduler's carrier
 * thread there. A registry has at most one, from the first wait of a virtual thread until it is closed.
 */
final class WaitThread {

  private static final long IDLE = Long.MIN_VALUE;

  private final Poller poller;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private long nanos = IDLE; // the wait that is asked for; guarded by the lock, like the rest
  private boolean done;
  private boolean found;
  private @Nullable Throwable failure;
  private boolean closed;

  WaitThread(Poller poller) {
    this.poller = poller;
    this.thread = PopolThread.start("popol-wait", this::run);
  }

  /**
   * As {@link Poller#await}. An interrupt is kept for the caller to see: ending the wait is the hook's matter, and the
   * poller must not be touched before its wait has ended.
   */
  boolean await(long timeout) throws IOException {
    lock.lock();
    try {
      nanos = timeout;
      done = false;
      changed.signalAll();
      while (!done) {
        changed.awaitUninterruptibly();
      }
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure != null) {
        throw new IllegalStateException("the native wait failed", failure);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        if (nanos == IDLE) {
          changed.awaitUninterruptibly();
        } else {
          serve(nanos);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void serve(long timeout) {
    boolean any = false;
    Throwable thrown = null;
    lock.unlock();
    try {
      any = poller.await(timeout);
    } catch (Throwable e) {
      thrown = e;
    } finally {
      lock.lock();
    }
    found = any;
    failure = thrown;
    nanos = IDLE;
    done = true;
    changed.signalAll();
  }

  /** Ends the thread and waits for its end. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
