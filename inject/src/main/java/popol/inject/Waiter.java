package popol.inject;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;

/** A thread that waits in a poll without a timeout, for something to be reported. */
final class Waiter {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Stage stage;
  private final Thread thread;
  private volatile Throwable thrown;

  /** Returns when the thread waits. */
  Waiter(Stage stage, boolean virtual) throws IOException, InterruptedException {
    this.stage = stage;
    this.thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(this::run);
    while (thread.isAlive()) {
      try {
        stage.sources.poll(Duration.ZERO); // finds nothing
      } catch (IllegalStateException waits) {
        return;
      }
      Thread.yield();
    }
  }

  private void run() {
    while (true) {
      try {
        stage.take(stage.sources.poll());
        return;
      } catch (IllegalStateException e) {
        if (e instanceof ClosedSelectorException) {
          thrown = e;
          return;
        }
      } catch (Throwable t) {
        thrown = t;
        return;
      }
      Thread.onSpinWait(); // the other thread was looking whether this one waits
    }
  }

  /** Waits until the poll has returned with events. */
  void heard() throws InterruptedException {
    join();
    if (thrown != null) {
      throw new Violation("the thread that waits gets " + thrown, thrown);
    }
  }

  /** Waits until the poll has ended because the registry was closed. */
  void ended() throws InterruptedException {
    join();
    if (!(thrown instanceof ClosedSelectorException)) {
      throw new Violation("the thread that waits while the registry is closed gets " + thrown, thrown);
    }
  }

  /** Closes the registry, and so ends the wait. */
  void end() throws Exception {
    stage.close();
    ended();
  }

  private void join() throws InterruptedException {
    if (!thread.join(PATIENCE)) {
      thread.interrupt();
      thread.join(PATIENCE);
      throw new Violation("the thread that waits does not hear of it");
    }
  }
}
