package popol.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.WakeHandle;
import popol.spi.Watch;

/**
 * One thread's wait in the kernel, which other threads can end: to have a change taken in, to wake, interrupt or close.
 * Every method but the hook's is called with the registry's lock held; the wait itself is without it.
 */
final class NativeWait {

  private static final int PATIENCE = 8; // waits between two tries to look first

  private final ReentrantLock lock;
  private final Poller poller;
  private final WakeHandle handle;
  private final Watch handleWatch;
  private final InterruptHook hook = new InterruptHook(this);
  private WaitThread thread; // waits in place of virtual threads; null until the first one comes
  private boolean blocked; // a thread is in the kernel, or about to be
  private boolean signalled; // the wake handle has been set, and not reset
  private boolean wasReset; // after the last wait
  private int fruitless; // waits since a look found something; 0 if the last one did

  NativeWait(ReentrantLock lock, Poller poller, WakeHandle handle) throws IOException {
    this.lock = lock;
    this.poller = poller;
    this.handle = handle;
    this.handleWatch = new Watch(handle.descriptor(), Readiness.READABLE);
    poller.add(handleWatch);
  }

  /** Whether a descriptor is one of the registry's own. */
  boolean owns(long descriptor) {
    return handle.owns(descriptor) || poller.descriptor() == descriptor;
  }

  /** Whether a watch that was found is the wake handle's. */
  boolean isHandle(Watch watch) {
    if (watch != handleWatch) {
      return false;
    }
    if (!wasReset) {
      handle.reset(); // somebody else has set it; it must not be found for ever
    }
    return true;
  }

  /**
   * Whether to look before waiting. That saves the cost of a wait that can be ended, but costs a call if it finds nothing.
   * So a thread whose last look found something looks again, and another one tries it now and then.
   */
  boolean looksFirst(long nanos) {
    return nanos == 0 || fruitless == 0 || ++fruitless > PATIENCE;
  }

  /** As {@link Poller#await} of 0 nanoseconds. Keeps the lock: it does not block. */
  boolean look() throws IOException {
    wasReset = false;
    boolean found = poller.await(0);
    fruitless = found ? 0 : 1;
    return found;
  }

  /** As {@link Poller#await}. */
  boolean block(long nanos) throws IOException {
    boolean virtual = Thread.currentThread().isVirtual();
    if (virtual && thread == null) {
      thread = new WaitThread(poller);
    }
    wasReset = false;
    blocked = true;
    lock.unlock();
    try {
      hook.enter();
      return virtual ? thread.await(nanos) : poller.await(nanos);
    } finally {
      hook.leave();
      lock.lock();
      blocked = false;
      if (signalled) {
        signalled = false;
        wasReset = true;
        handle.reset();
      }
    }
  }

  /**
   * Ends the wait that is under way, if there is one. The waiter goes on once the caller gives the lock back, so this can
   * come before the change that it is for.
   *
   * @throws UncheckedIOException if the system refuses it
   */
  void end() {
    if (blocked && !signalled) {
      try {
        handle.set();
      } catch (IOException e) {
        throw new UncheckedIOException("the thread that waits cannot be woken", e);
      }
      signalled = true;
    }
  }

  /** The hook's: the lock is not held, as an interrupt can come from anywhere. */
  void interrupt() {
    lock.lock();
    try {
      end();
    } finally {
      lock.unlock();
    }
  }

  /** Frees everything. No thread is waiting. */
  void close() {
    try {
      if (thread != null) {
        thread.close();
      }
    } finally {
      try {
        poller.close();
      } finally {
        handle.close();
      }
    }
  }
}
