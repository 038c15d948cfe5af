package popol.itest;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import popol.itest.probe.Probe.Wait;

/** Waits until the thread of a probe is where a test needs it. */
final class Eventually {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Eventually() {}

  /** Returns once a thread is inside popol's wait. */
  static void waiting(Wait wait) throws InterruptedException {
    long start = System.nanoTime();
    while (!isWaiting(wait.thread())) {
      if (wait.end().isDone() || System.nanoTime() - start > LIMIT.toNanos()) {
        fail("the thread does not wait: " + wait.end());
      }
      Thread.sleep(1);
    }
  }

  private static boolean isWaiting(Thread thread) {
    return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getClassName().equals("popol.spi.NativeWait"));
  }

  /** Returns once a wait has ended with an exception, and its thread too. */
  static void endedBy(Class<? extends Exception> type, Wait wait, String rule) throws Exception {
    ExecutionException end = assertThrows(
        ExecutionException.class, () -> wait.end().get(LIMIT.toSeconds(), TimeUnit.SECONDS), rule);
    assertInstanceOf(type, end.getCause(), rule);
    assertTrue(wait.thread().join(LIMIT), "the thread of the wait ends");
  }
}
