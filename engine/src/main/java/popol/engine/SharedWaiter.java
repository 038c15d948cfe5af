package popol.engine;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import popol.spi.PopolThread;
import popol.spi.SharedPoller;
import popol.spi.Watch;

/**
 * The platform thread that waits for all registries of this copy of popol on which virtual threads wait. The platform's
 * own selector does it in the same way: its epoll instance is watched by a shared one.
 *
 * <p>The thread starts with the first wait and ends a second or two after the last one, so that neither a stopped
 * bundle nor a dropped class loader has to tell it. It is a daemon, and has no context class loader and no inherited
 * thread locals, so it keeps nothing of a caller.
 */
final class SharedWaiter {

  private static final int IDLE = 1000; // milliseconds between two looks whether anybody waits
  private static final int ROOM = 256; // descriptors that are found at once
  private static final long PAUSE = 10_000_000; // nanoseconds, after a failure that may last

  private static @Nullable SharedWaiter current; // guarded by the class
  private static int waits; // under way; guarded by the class
  private static long begun; // number of waits so far; guarded by the class

  private final SharedPoller poller;
  private final int[] found = new int[ROOM]; // the thread's
  private long seen; // the value of begun when the thread looked last; the thread's
  private @Nullable VirtualWait[] registered = new VirtualWait[16]; // by id; guarded by this
  private int free; // no id below it is free; guarded by this

  private SharedWaiter(SharedPoller poller) {
    this.poller = poller;
  }

  /**
   * Notes that a wait begins, and starts the thread if need be.
   *
   * @return the shared waiter; the caller notes the {@link #end}. Null if this system has none, or no room for it now
   */
  static synchronized @Nullable SharedWaiter begin(AbstractPopol popol) {
    SharedWaiter shared = current == null ? start(popol) : current;
    if (shared != null) {
      current = shared;
      waits++;
      begun++;
    }
    return shared;
  }

  private static @Nullable SharedWaiter start(AbstractPopol popol) {
    SharedPoller poller;
    try {
      poller = popol.openSharedPoller();
    } catch (IOException full) {
      return null;
    }
    if (poller == null) {
      return null;
    }
    boolean started = false;
    try {
      SharedWaiter shared = new SharedWaiter(poller);
      PopolThread.start("popol-virtual-wait", shared::run);
      started = true;
      return shared;
    } finally {
      if (!started) {
        poller.close();
      }
    }
  }

  /** Notes that a wait has ended. */
  static synchronized void end() {
    waits--;
  }

  /** Makes the wait of a registry. */
  synchronized VirtualWait register(Watch pollable) {
    int id = free;
    while (id < registered.length && registered[id] != null) {
      id++;
    }
    if (id == registered.length) {
      registered = Arrays.copyOf(registered, id * 2);
    }
    VirtualWait wait = new VirtualWait(this, pollable, id);
    registered[id] = wait;
    free = id + 1;
    return wait;
  }

  synchronized void forget(int id) {
    registered[id] = null;
    free = Math.min(free, id);
  }

  /** Has the thread look for a descriptor. */
  void arm(VirtualWait wait, long descriptor, int id) throws IOException {
    wait.armed(true); // first, because the thread may find it at once
    boolean succeeded = false;
    try {
      poller.arm(descriptor, id);
      succeeded = true;
    } finally {
      if (!succeeded) {
        wait.armed(false);
      }
    }
  }

  private void run() {
    try {
      boolean needed = true;
      while (needed) {
        needed = await() > 0 || isNeeded();
      }
    } finally {
      poller.close();
    }
  }

  /** Returns how many were found. */
  private int await() {
    int count = 0;
    try {
      count = poller.await(IDLE, found);
      for (int i = 0; i < count; i++) {
        wake(found[i]);
      }
    } catch (IOException | RuntimeException | Error e) {
      // Whoever waits looks for himself, and fails for the same reason if it lasts.
      for (int id = 0; id < registered.length; id++) {
        wake(id);
      }
      LockSupport.parkNanos(PAUSE);
    }
    return count;
  }

  private void wake(int id) {
    VirtualWait wait;
    synchronized (this) {
      wait = id < registered.length ? registered[id] : null;
    }
    if (wait != null) {
      wait.found(); // one that has got the id since is woken for nothing, which does no harm
    }
  }

  /** Whether somebody waits, or has begun to wait since this was asked last. */
  private boolean isNeeded() {
    synchronized (SharedWaiter.class) {
      boolean needed = waits > 0 || begun != seen;
      seen = begun;
      if (!needed) {
        current = null;
      }
      return needed;
    }
  }
}
