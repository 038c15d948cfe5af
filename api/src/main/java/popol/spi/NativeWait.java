package popol.spi;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

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
  private Carrier carrier; // waits in place of virtual threads; made when the first one comes
  private boolean blocked; // a thread is in the kernel, or about to be
  private boolean signalled; // the wake handle is set
  private int fruitless; // waits since a look found something; 0 if the last one did

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

  /**
   * Whether to look before waiting: it saves the price of a wait that can be ended, but costs a call if it finds
   * nothing. So a thread that found something by its last look looks again, and another one tries it now and then.
   */
  boolean looksFirst(long nanos) {
    return nanos == 0 || fruitless == 0 || ++fruitless > PATIENCE;
  }

  /** As {@link Poller#await} of 0 nanoseconds. Keeps the lock: it does not block. */
  int look() throws IOException {
    int found = poller.await(0);
    fruitless = found > 0 ? 0 : 1;
    return found;
  }

  /** As {@link Poller#await}. */
  int block(long nanos) throws IOException {
    boolean virtual = Thread.currentThread().isVirtual();
    if (virtual && carrier == null) {
      carrier = new Carrier(poller);
    }
    blocked = true;
    lock.unlock();
    try {
      hook.enter();
      return virtual ? carrier.await(nanos) : poller.await(nanos);
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
