package popol.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import popol.spi.Readiness;

/** The thread for standard input, by an input without Windows. Runs on any system. */
@Timeout(60)
class InputThreadTest {

  private final FakeInput input = new FakeInput();
  private final InputThread thread = InputThread.start(() -> input);
  private final Semaphore told = new Semaphore(0);
  private final Runnable endWait = told::release;

  /** Like a pipe: a wait ends when the input is readable. */
  private static final class FakeInput implements InputThread.Input {

    private final Semaphore reader = new Semaphore(1); // without it a question waits, as beside a read
    private final Semaphore waits = new Semaphore(0); // one for each wait that has begun
    private final Semaphore closed = new Semaphore(0);
    private final AtomicInteger questions = new AtomicInteger();
    private volatile Thread caller;
    private volatile Error failure;
    private volatile RuntimeException awaitFailure;
    private volatile Runnable beforeAnswer; // what is done, once, after the system has said what is
    private int now; // guarded by this, like the rest
    private boolean isWaiting;
    private boolean isCancelled;
    private int deafTo; // how many calls of cancel have no effect

    @Override
    public int readiness() {
      caller = Thread.currentThread();
      questions.incrementAndGet();
      reader.acquireUninterruptibly();
      reader.release();
      if (failure != null) {
        throw failure;
      }
      int found = now();
      Runnable action = beforeAnswer;
      beforeAnswer = null;
      if (action != null) {
        action.run();
      }
      return found;
    }

    private synchronized int now() {
      return now;
    }

    @Override
    public synchronized boolean canWait() {
      return now == 0;
    }

    @Override
    public synchronized void await() {
      if (awaitFailure != null) {
        throw awaitFailure;
      }
      isWaiting = true;
      isCancelled = false;
      waits.release();
      while (now == 0 && !isCancelled) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      isWaiting = false;
    }

    @Override
    public synchronized void cancel() {
      if (--deafTo < 0) {
        isCancelled = true;
        notifyAll();
      }
    }

    synchronized void set(int readiness) {
      now = readiness;
      notifyAll();
    }

    synchronized void deafTo(int cancels) {
      deafTo = cancels;
    }

    synchronized boolean isWaiting() {
      return isWaiting;
    }

    @Override
    public void close() {
      closed.release();
    }
  }

  @AfterEach
  void stop() throws Exception {
    input.deafTo(0);
    thread.stop();
    if (input.questions.get() > 0) { // it is opened by the first
      await(input.closed);
    }
  }

  private static void await(Semaphore event) throws InterruptedException {
    assertTrue(event.tryAcquire(30, TimeUnit.SECONDS));
  }

  /** As a wait of a registry begins that has found nothing. */
  private void beginWait() throws Exception {
    assertEquals(0, thread.ask());
    assertTrue(thread.begin(endWait));
    await(input.waits);
  }

  @Test
  void eachQuestionIsAnsweredByTheThread() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      input.set(i % 2 * Readiness.READABLE);
      assertEquals(i % 2 * Readiness.READABLE, thread.ask());
    }
    assertEquals("popol-stdin", input.caller.getName());
    assertEquals(1_000, input.questions.get());
    assertEquals(0, told.availablePermits(), "nobody waits");
  }

  @Test
  void anAnswerIsOfWhatIsWhenItIsAskedFor() throws Exception {
    Thread asking = Thread.currentThread();
    input.beforeAnswer = () -> {
      input.set(Readiness.READABLE);
      while (asking.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    };
    Thread other = Thread.ofPlatform().start(() -> {
      try {
        thread.ask();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    while (input.questions.get() == 0) {
      Thread.onSpinWait();
    }
    assertEquals(Readiness.READABLE, thread.ask(), "the answer to another one's question is older");
    other.join();
  }

  @Test
  void whoWaitsHearsOfAChangeOnce() throws Exception {
    beginWait();
    assertTrue(thread.begin(endWait), "as before the next slice");
    input.set(Readiness.READABLE);
    await(told);
    assertEquals(Readiness.READABLE, thread.ask());
    assertFalse(thread.begin(endWait), "what is there and not wanted would end each wait at once");
    assertEquals(0, told.availablePermits());
    thread.end(endWait);
  }

  @Test
  void whenAWaitHasEndedNoCallIsBeforeTheProgramsOwn() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      beginWait();
      input.deafTo(i % 3); // the thread is on its way into the call, so that there is nothing to cancel yet
      thread.end(endWait);
      assertFalse(input.isWaiting());
    }
    assertEquals(0, told.availablePermits());
    input.set(Readiness.READABLE);
    assertEquals(Readiness.READABLE, thread.ask());
  }

  @Test
  void besideAReadTheInputIsNotReadyUntilTheThreadHasItsAnswer() throws Exception {
    input.reader.acquire();
    assertEquals(0, thread.ask());
    assertEquals(0, thread.ask());
    assertTrue(thread.begin(endWait), "the answer ends the wait");
    while (input.questions.get() == 0) {
      Thread.onSpinWait();
    }
    assertEquals(1, input.questions.get(), "one question is on its way");
    input.set(Readiness.READABLE);
    input.reader.release();
    await(told);
    assertEquals(Readiness.READABLE, thread.ask());
    thread.end(endWait);
  }

  @Test
  void aQuestionOfOneDoesNotEndTheWaitOfAnother() throws Exception {
    beginWait();
    for (int i = 0; i < 1_000; i++) {
      assertEquals(0, thread.ask());
    }
    await(input.waits);
    assertEquals(0, told.availablePermits());
    input.set(Readiness.READABLE);
    await(told);
    thread.end(endWait);
  }

  @Test
  void allWhoWaitHear() throws Exception {
    AtomicInteger broken = new AtomicInteger();
    Runnable breaks = () -> {
      broken.incrementAndGet();
      throw new IllegalStateException("the wake handle is broken");
    };
    beginWait();
    assertTrue(thread.begin(breaks));
    input.set(Readiness.HANGUP);
    await(told);
    assertEquals(Readiness.HANGUP, thread.ask(), "a waiter that fails does not end the thread");
    assertEquals(1, broken.get());
  }

  @Test
  void aWaitThatCannotBeCancelledHoldsUpNobodyForEver() throws Exception {
    beginWait();
    input.deafTo(Integer.MAX_VALUE);
    thread.end(endWait);
    assertTrue(input.isWaiting());
    for (int i = 0; i < 100; i++) {
      assertEquals(0, thread.ask());
      assertTrue(thread.begin(endWait), "the answer comes when the call has ended");
      thread.end(endWait);
    }
    assertTrue(thread.begin(endWait));
    input.set(Readiness.READABLE);
    await(told);
    assertEquals(Readiness.READABLE, thread.ask());
    input.set(0);
    assertEquals(0, thread.ask());
    assertFalse(thread.begin(endWait), "such a call is not made again: it is asked in slices");
  }

  @Test
  void anInterruptIsKept() throws Exception {
    input.reader.acquire();
    Thread.currentThread().interrupt();
    assertEquals(0, thread.ask());
    assertTrue(Thread.interrupted());
    input.reader.release();
  }

  @Test
  void aFailureIsSaidToWhoAsksAndTheNextQuestionIsTriedAgain() throws Exception {
    beginWait();
    input.failure = new OutOfMemoryError("for a moment");
    IOException thrown = assertThrows(IOException.class, thread::ask);
    assertSame(input.failure, thrown.getCause());
    assertTrue(thrown.getMessage().contains("for a moment"), thrown.getMessage());
    thread.end(endWait);
    assertFalse(thread.begin(endWait), "it is asked in slices until it answers");
    input.failure = null;
    beginWait();
    input.set(Readiness.READABLE);
    await(told);
    assertEquals(Readiness.READABLE, thread.ask());
  }

  @Test
  void aWaitThatFailsIsNotTriedAgain() throws Exception {
    input.awaitFailure = new IllegalStateException("not here");
    assertEquals(0, thread.ask());
    assertTrue(thread.begin(endWait));
    await(told);
    assertEquals(0, thread.ask());
    assertFalse(thread.begin(endWait), "it is asked in slices");
  }

  @Test
  void anInputThatDoesNotOpenIsSaidToWhoAsks() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    FakeInput late = new FakeInput();
    InputThread other = InputThread.start(() -> {
      if (opened.getAndIncrement() == 0) {
        throw new OutOfMemoryError("no memory");
      }
      return late;
    });
    assertThrows(IOException.class, other::ask);
    late.set(Readiness.READABLE);
    assertEquals(Readiness.READABLE, other.ask(), "the next question tries again");
    other.stop();
    await(late.closed);
    assertEquals(2, opened.get());
  }

  @Test
  void theThreadEndsWithAWaitUnderWay() throws Exception {
    beginWait();
    Thread ran = input.caller;
    thread.stop();
    ran.join(TimeUnit.SECONDS.toMillis(30));
    assertFalse(ran.isAlive());
  }
}
