package popol.windows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import popol.ffm.NativeMemory;
import popol.spi.PopolThread;

/**
 * The one thread of this process that waits for all pipes which are watched, by a completion port: there is one from
 * the first such pipe to the last. It reads nothing; it hears that a call of a pipe is over and ends the waits for that
 * pipe. What is static here is guarded by this class. Nobody who has that lock waits for another.
 */
final class PipeThread {

  // Offsets in the memory: where the call puts what it tells.
  private static final int COUNT = 0;
  private static final int NUMBER = 8;
  private static final int OVERLAPPED = 16;
  private static final int SIZE = 24;

  // Numbers that no pipe has.
  private static final long NO_PIPE = 0; // ends the call alone
  private static final long FAILED = -1; // stands for all pipes

  private static final long PAUSE = 10_000_000; // nanoseconds, after a call that failed

  private static final List<Waiter> WATCHED = new ArrayList<>();
  private static long port; // 0 while nobody uses it
  private static int users; // of the port: open pipes, and the thread
  private static @Nullable PipeThread current;

  private final NativeMemory memory = NativeMemory.allocate(SIZE);
  private final long used; // the port

  private PipeThread(long used) {
    this.used = used;
  }

  /**
   * Has the port hear of a pipe. The pipe calls {@link #close} when it is closed.
   *
   * @param memory for the calls
   * @param pipe its handle
   * @param number its number, above 0, which no other pipe has
   * @throws IOException if the system refuses it
   */
  static synchronized void open(NativeMemory memory, long pipe, long number) throws IOException {
    if (users == 0) {
      port = join(memory, Kernel32.INVALID_HANDLE_VALUE, 0, 0);
    }
    users++;
    boolean joined = false;
    try {
      join(memory, pipe, port, number);
      joined = true;
    } finally {
      if (!joined) {
        leave();
      }
    }
  }

  private static long join(NativeMemory memory, long handle, long port, long number) throws IOException {
    long joined = PipeCalls.createIoCompletionPort(memory, handle, port, number);
    if (joined == 0) {
      throw WindowsErrors.failure("CreateIoCompletionPort", memory.errorNumber());
    }
    return joined;
  }

  /** A pipe was closed: who waits for it is told by the thread, as the caller has the pipe's lock. */
  static synchronized void close(long number) {
    if (current != null) {
      PipeCalls.postQueuedCompletionStatus(NativeMemory.none(), port, number);
    }
    leave();
  }

  private static void leave() {
    if (--users == 0) {
      Kernel32.closeHandle(port);
      port = 0;
    }
  }

  /** A poller that watches a pipe. */
  static final class Waiter {

    private final long number;
    private final Runnable endWait;
    private boolean waits; // whether the end of the pipe's call is to end the wait

    /**
     * One that does not watch yet.
     *
     * @param number the pipe's
     * @param endWait ends the poller's wait
     */
    Waiter(long number, Runnable endWait) {
      this.number = number;
      this.endWait = endWait;
    }
  }

  /**
   * Begins to watch a pipe. There is no port if it was closed in this moment, and nobody else has one.
   *
   * @throws OutOfMemoryError if there can be no other thread
   */
  static synchronized void watch(Waiter waiter) {
    WATCHED.add(waiter);
    if (current == null && users > 0) {
      boolean started = false;
      try {
        current = start();
        started = true;
      } finally {
        if (!started) {
          WATCHED.remove(waiter);
        }
      }
      users++;
    }
  }

  private static PipeThread start() {
    PipeThread starting = new PipeThread(port);
    try {
      PopolThread.start("popol-pipes", starting::run);
      return starting;
    } catch (Throwable t) {
      starting.memory.free();
      throw t;
    }
  }

  /** The thread ends after the last one. */
  static synchronized void unwatch(Waiter waiter) {
    WATCHED.remove(waiter);
    if (WATCHED.isEmpty() && current != null) {
      PipeCalls.postQueuedCompletionStatus(NativeMemory.none(), port, NO_PIPE);
    }
  }

  static synchronized void waits(Waiter waiter, boolean waits) {
    waiter.waits = waits;
  }

  private void run() {
    try {
      do {
        tell(await());
      } while (isNeeded());
    } finally {
      memory.free();
    }
  }

  /** Returns the number of the pipe of which a call is over. */
  private long await() {
    try {
      memory.bytes().putLong(NUMBER, FAILED);
      PipeCalls.getQueuedCompletionStatus(memory, used, at(COUNT), at(NUMBER), at(OVERLAPPED));
      long number = memory.bytes().getLong(NUMBER);
      if (number != FAILED) {
        return number;
      }
    } catch (RuntimeException | Error e) {
      // Whoever waits asks for himself.
    }
    LockSupport.parkNanos(PAUSE);
    return FAILED;
  }

  private long at(int offset) {
    return memory.address() + offset;
  }

  private static void tell(long number) {
    for (Waiter told = waiting(number); told != null; told = waiting(number)) {
      try {
        told.endWait.run();
      } catch (RuntimeException | Error e) {
        // Its wake handle is broken, which ends the wait too. Others are to be told.
      }
    }
  }

  /** One that waits for the pipe, and then does not wait any more. */
  private static synchronized @Nullable Waiter waiting(long number) {
    for (int i = 0; i < WATCHED.size(); i++) {
      Waiter waiter = WATCHED.get(i);
      if (waiter.waits && (number == waiter.number || number == FAILED)) {
        waiter.waits = false;
        return waiter;
      }
    }
    return null;
  }

  private static synchronized boolean isNeeded() {
    if (WATCHED.isEmpty()) {
      current = null;
      leave();
      return false;
    }
    return true;
  }
}
