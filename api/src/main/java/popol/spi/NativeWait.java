package popol.spi;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread's wait in the kernel, which other threads can end: to have a change taken in, to wake, interrupt or close.
 * Every method but the hook's is called with the registry's lock held; the wait itself is without it.
 */
final class NativeWait {

  private final ReentrantLock lock;
  private final Poller poller;
  private final WakeHandle handle;
  private final Watch handleWatch;
  private final InterruptHook hook = new InterruptHook(this);
  private Carrier carrier; // waits in place of virtual threads; made when the first one comes
  private boolean blocked; // a thread is in the kernel, or about to be
  private boolean signalled; // the wake handle is set

  NativeWait(ReentrantLock lock, Poller poller, WakeHandle handle) throws IOException {
    this.lock = lock;
    this.poller = poller;
    this.handle = handle;
    this.handleWatch = new Watch(handle.descriptor(), Readiness.READABLE);
    poller.add(handleWatch);
  }

  /** Whether a watch is the wake handle's. */
  boolean isOwn(Watch watch) {
    return watch == handleWatch;
  }

  /** As {@link Poller#await}. A look (0 nanoseconds) keeps the lock: it does not block. */
  int await(long nanos) throws IOException {
    if (nanos == 0) {
      return poller.await(0);
    }
    if (Thread.currentThread().isVirtual()) {
      int found = poller.await(0); // a look does not hold up the carrier thread, and is often enough
      if (found != 0) {
        return found;
      }
      if (carrier == null) {
        carrier = new Carrier(poller);
      }
    }
    blocked = true;
    lock.unlock();
    try {
      hook.enter();
      return Thread.currentThread().isVirtual() ? carrier.await(nanos) : poller.await(nanos);
    } finally {
      hook.leave();
      lock.lock();
      blocked = false;
      if (signalled) {
        signalled = false;
        handle.reset();
      }
    }
  }

  /** Ends the wait that is under way, if there is one. */
  void end() {
    if (blocked && !signalled) {
      signalled = true;
      handle.set();
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
    if (carrier != null) {
      carrier.close();
    }
    poller.close();
    handle.close();
  }
}
