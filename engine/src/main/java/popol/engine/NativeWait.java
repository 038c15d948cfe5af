package popol.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.WakeHandle;
import popol.spi.Watch;

/**
 * One thread's wait in the kernel, which other threads can end: to have a change taken in, to wake, interrupt or close.
 * Every method but {@link #interrupt} is called with the registry's lock held; the wait itself is without it.
 */
final class NativeWait {

  private final AbstractPopol popol;
  private final ReentrantLock lock;
  private final Poller poller;
  private WakeHandle handle;
  private Watch handleWatch;
  private final InterruptHook hook = new InterruptHook(this);
  private @Nullable VirtualWait virtual; // null until a virtual thread has waited
  private @Nullable WaitThread thread; // waits in place of virtual threads where there is no shared waiter; or null
  private boolean parked; // a virtual thread is parked, or about to be
  private boolean blocked; // a thread is in the kernel, or about to be
  private boolean signalled; // the wake handle has been set, and not reset
  private boolean wasReset; // after the last wait
  private boolean isBroken; // the wake handle: it cannot be set again

  NativeWait(AbstractPopol popol, ReentrantLock lock, Poller poller, WakeHandle handle) throws IOException {
    this.popol = popol;
    this.lock = lock;
    this.poller = poller;
    this.handle = handle;
    this.handleWatch = new Watch(handle.descriptor(), Readiness.READABLE);
    poller.onReady(this::interrupt);
    poller.add(handleWatch);
  }

  /** How the next wait would be made, for people. */
  String mechanism() {
    return poller.mechanism();
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
      reset(); // a wake that came late, or somebody else has set it; it must not be found for ever
    }
    return true;
  }

  private void reset() {
    isBroken |= !handle.reset();
  }

  /**
   * Opens another wake handle where the old one is broken: without it nobody could end the next wait. Gives the lock
   * away meanwhile, as opening can take a moment, so it comes before the changes are taken in that the wait is for.
   */
  void repair() throws IOException {
    if (!isBroken) {
      return;
    }
    WakeHandle whole;
    lock.unlock();
    try {
      whole = popol.openWakeHandle();
    } finally {
      lock.lock();
    }
    Watch watch = new Watch(whole.descriptor(), Readiness.READABLE);
    try {
      poller.add(watch);
    } catch (Throwable t) {
      whole.close();
      throw t;
    }
    poller.remove(handleWatch);
    handle.close();
    handle = whole;
    handleWatch = watch;
    isBroken = false;
  }

  /**
   * As {@link Poller#await} of 0 nanoseconds. Keeps the lock unless the poller can block. What ends such a look counts
   * as found, so that the wait which it is for does not come after it.
   */
  boolean look() throws IOException {
    if (poller.canBlock()) {
      return blockInKernel(null, 0) || wasReset;
    }
    wasReset = false;
    return poller.await(0);
  }

  /** As {@link Poller#await}, but for virtual threads: they can return early. */
  boolean block(long nanos) throws IOException {
    if (!Thread.currentThread().isVirtual()) {
      return blockInKernel(null, nanos);
    }
    Watch pollable = poller.pollable();
    SharedWaiter shared = pollable == null ? null : SharedWaiter.begin(popol);
    if (shared != null && pollable != null) {
      return park(shared, pollable, nanos);
    }
    if (thread == null) {
      thread = new WaitThread(poller);
    }
    return blockInKernel(thread, nanos);
  }

  /** Waits in the kernel: by another thread if there is one, which it costs nobody else to block. */
  private boolean blockInKernel(@Nullable WaitThread instead, long nanos) throws IOException {
    wasReset = false;
    blocked = true;
    lock.unlock();
    try {
      hook.enter();
      return instead == null ? poller.await(nanos) : instead.await(nanos);
    } finally {
      hook.leave();
      lock.lock();
      blocked = false;
      if (signalled) {
        signalled = false;
        wasReset = true;
        reset();
      }
    }
  }

  /** Parks a virtual thread until the shared waiter finds something of the poller, and then looks. */
  private boolean park(SharedWaiter shared, Watch pollable, long nanos) throws IOException {
    try {
      VirtualWait wait = virtual;
      if (wait == null || !wait.isFor(shared, pollable)) {
        wait = shared.register(pollable);
        if (virtual != null) {
          virtual.forget();
        }
        virtual = wait;
      }
      wait.begin();
      parked = true;
      lock.unlock();
      try {
        wait.await(nanos);
      } finally {
        lock.lock();
        parked = false;
        wait.finish();
      }
    } finally {
      SharedWaiter.end();
    }
    wasReset = false;
    return poller.await(0);
  }

  /**
   * Ends the wait that is under way, if there is one. The waiter goes on once the caller gives the lock back, so this
   * can come before the change that it is for.
   *
   * @throws UncheckedIOException if the system refuses it
   */
  void end() {
    if (parked && virtual != null) {
      virtual.end();
    } else if (blocked && !signalled) {
      try {
        handle.set();
      } catch (IOException e) {
        throw new UncheckedIOException("the thread that waits cannot be woken", e);
      }
      signalled = true;
    }
  }

  /** The hook's, and the poller's own threads': the lock is not held, as an interrupt can come from anywhere. */
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
      if (virtual != null) {
        virtual.forget();
      }
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
