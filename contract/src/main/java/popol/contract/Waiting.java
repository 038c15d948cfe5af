package popol.contract;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import popol.Sources;

/** A thread that waits in a poll; made when nothing is ready, and returned once the thread does wait. */
final class Waiting {

  private static final long SECONDS = 40; // below the time after which a test is given up

  private final Sources<String> sources;
  private final FutureTask<Map<String, String>> task;
  private final Thread thread;

  private Waiting(Thread.Builder threads, Sources<String> sources, Callable<Map<String, String>> poll) {
    this.sources = sources;
    this.task = new FutureTask<>(poll);
    this.thread = threads.start(task);
  }

  /** A platform thread that polls without a timeout. */
  static Waiting on(Sources<String> sources) throws Exception {
    return on(Thread.ofPlatform(), sources, null);
  }

  /** A platform thread that polls with a timeout, which is longer than it takes to get there. */
  static Waiting on(Sources<String> sources, Duration timeout) throws Exception {
    return on(Thread.ofPlatform(), sources, timeout);
  }

  /** A thread of that kind; the timeout is null for none. */
  static Waiting on(Thread.Builder threads, Sources<String> sources, Duration timeout) throws Exception {
    Waiting waiting = new Waiting(threads, sources, () -> poll(sources, timeout));
    waiting.awaitWait();
    return waiting;
  }

  /** The probe of {@link #awaitWait} may be there first. */
  private static Map<String, String> poll(Sources<String> sources, Duration timeout) throws Exception {
    while (true) {
      try {
        return Found.in(timeout == null ? sources.poll() : sources.poll(timeout));
      } catch (IllegalStateException probed) {
        if (probed.getClass() != IllegalStateException.class) {
          throw probed; // closed
        }
        Thread.onSpinWait();
      }
    }
  }

  /** The registry itself tells that it is being polled, by refusing a second thread. */
  private void awaitWait() throws IOException, InterruptedException {
    while (!task.isDone()) {
      try {
        sources.poll(Duration.ZERO); // finds nothing, and its result may be read no more once the thread polls
      } catch (IllegalStateException itWaits) {
        return;
      }
      Thread.yield();
    }
  }

  Thread thread() {
    return thread;
  }

  boolean isDone() {
    return task.isDone();
  }

  /** What the poll found, once it has returned. */
  Map<String, String> found() throws Exception {
    try {
      return task.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception thrown ? thrown : e;
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new AssertionError("the poll did not return within " + SECONDS + " s", e);
    } finally {
      thread.join(Duration.ofSeconds(SECONDS));
    }
  }

  /** What the poll threw. */
  <T extends Throwable> T thrown(Class<T> type, String rule) throws Exception {
    try {
      return assertInstanceOf(type, new AssertionError("found " + found()), rule);
    } catch (InterruptedException | RuntimeException e) {
      return assertInstanceOf(type, e, rule);
    }
  }

  /**
   * Closes the registry under the wait, from a thread of its own: if close does not return, the test says so, and an
   * interrupt ends the wait instead.
   */
  void close() throws Exception {
    FutureTask<Void> close = new FutureTask<>(sources::close, null);
    Thread.ofPlatform().daemon().start(close);
    try {
      close.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new AssertionError("rule 10: close has not ended the wait within " + SECONDS + " s", e);
    }
  }

  /** Whether the poll is still waiting after a moment in which it could have returned. */
  boolean staysFor(Duration time) throws InterruptedException {
    return !thread.join(time);
  }
}
