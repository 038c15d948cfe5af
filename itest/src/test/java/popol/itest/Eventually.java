package popol.itest;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import popol.itest.probe.Probe.Wait;
import popol.itest.probe.Probe.Work;

/** Waits until something is as a test needs it; only a failure takes long. */
final class Eventually {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Eventually() {}

  /** Returns once a thread is inside popol's wait. */
  static void waiting(Wait wait) throws InterruptedException {
    until(() -> wait.end().isDone() || isWaiting(wait.thread()), () -> "the thread does not wait");
    if (wait.end().isDone()) {
      fail("the thread does not wait any more: " + wait.end());
    }
  }

  private static boolean isWaiting(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals("popol.engine.NativeWait"));
  }

  /** Returns once work has got on. */
  static void working(Work work, String rule) throws InterruptedException {
    long before = work.rounds().getAsLong();
    until(() -> work.end().isDone() || work.rounds().getAsLong() > before, () -> rule);
    if (work.end().isDone()) {
      fail(rule + ": " + work.end());
    }
  }

  /** Returns once a wait has ended with an exception, and its thread too. */
  static void endedBy(Class<? extends Exception> type, Wait wait, String rule) throws Exception {
    endedBy(type, wait.end(), wait.thread(), rule);
  }

  /** Returns once work has ended with an exception, and its thread too. */
  static void endedBy(Class<? extends Exception> type, Work work, String rule) throws Exception {
    endedBy(type, work.end(), work.thread(), rule);
  }

  private static void endedBy(Class<? extends Exception> type, Future<?> end, Thread thread, String rule)
      throws Exception {
    ExecutionException ended = assertThrows(
        ExecutionException.class, () -> end.get(LIMIT.toSeconds(), TimeUnit.SECONDS), rule);
    assertInstanceOf(type, ended.getCause(), rule);
    assertTrue(thread.join(LIMIT), "the thread of the wait ends");
  }

  /** Returns once the garbage collector has found that nothing refers to an object. */
  static void collected(WeakReference<?> reference, String rule) throws InterruptedException {
    until(() -> {
      System.gc();
      return reference.refersTo(null);
    }, () -> rule + ": " + reference.get());
  }

  static void stopped(Bundle bundle) throws InterruptedException {
    until(() -> bundle.getState() == Bundle.RESOLVED, () -> bundle + " does not stop, it is " + bundle.getState());
  }

  private static void until(BooleanSupplier condition, Supplier<String> message) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        fail(message.get());
      }
      Thread.sleep(1);
    }
  }
}
