package popol.check;

import org.jspecify.annotations.Nullable;

/** Does something once another thread has begun to wait, or is about to. */
final class Helper {

  /** What is done. */
  interface Deed {
    void make() throws Exception;
  }

  private static final long LONG = 20_000; // milliseconds: more is a hang

  private final Thread thread;
  private volatile @Nullable Throwable failure;

  Helper(Deed deed) {
    this.thread = Thread.ofPlatform().daemon().unstarted(() -> {
      try {
        deed.make();
      } catch (Throwable e) {
        failure = e;
      }
    });
  }

  void start() {
    thread.start();
  }

  /** Waits for its end, whether or not the current thread is interrupted, and throws what the deed threw. */
  void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(LONG);
        if (thread.isAlive()) {
          throw new Violation("what was done beside a poll does not end");
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure instanceof Violation violation ? violation : new IllegalStateException(failure);
    }
  }
}
