package popol.check.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import popol.Interest;
import popol.Source;
import popol.Waker;

/**
 * What two threads do to one registry at once. The numbers of an outcome are the events that were found, or what ended
 * the poll: -1 that the registry was closed, -2 an interrupt; 9 says that something was found, and removed before it
 * was read.
 */
public final class Races {

  private Races() {}

  /** A wake is found by a look at the same time, or by the next one. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "by the look")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "by the next one")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the wake is lost")
  @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "the wake is found twice")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WakeAndLook extends Race {

    private final Waker waker = sources.waker(1);

    @Actor
    public void wake() {
      waker.wake();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = look();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** A wake ends a wait, whether it comes before, when the wait begins, or later. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the wake is lost")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WakeAndWait extends Race {

    private final Waker waker = sources.waker(1);

    @Actor
    public void wake() {
      aWhile();
      waker.wake();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** Two wakes are found by a wait and the next look, together or one by one. */
  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "they are one")
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "the second comes after the event of the first")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class TwoWakes extends Race {

    private final Waker waker = sources.waker(1);

    @Actor
    public void wakeTwice() {
      waker.wake();
      waker.wake();
    }

    @Actor
    public void poll(III_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(III_Result r) {
      r.r2 = look();
      r.r3 = look();
      end();
    }
  }

  /** The same where the registry waits by epoll. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the wake is lost")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WakeAndWaitByEpoll extends Race {

    private final Waker waker = sources.waker(1);

    {
      registerSilent(3);
    }

    @Actor
    public void wake() {
      aWhile();
      waker.wake();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** The same on a virtual thread, which parks until the shared waiter or the wake ends that. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the wake is lost")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WakeAndVirtualWait extends Race {

    private final Waker waker = sources.waker(1);

    @Actor
    public void wake() {
      aWhile();
      waker.wake();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = awaitVirtually();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** What a source gets ends the wait of a virtual thread, found by the shared waiter or its own look. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the wait ends, and the byte is still there")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WriteAndVirtualWait extends Race {

    private final Pipe pipe = pipe();

    {
      registerSilent(3);
      sources.register(1, pipe.source(), Interest.READ);
    }

    @Actor
    public void send() {
      aWhile();
      write(pipe);
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = awaitVirtually();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** Closing the registry ends a wait, whenever it comes. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, -1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class CloseAndWait extends Race {

    @Actor
    public void close() {
      aWhile();
      sources.close();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** The same on a virtual thread. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, -1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class CloseAndVirtualWait extends Race {

    @Actor
    public void close() {
      aWhile();
      sources.close();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = awaitVirtually();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** A wake and a close right after it end a wait. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "the poll is too late, or the close finds it")
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "the wake ends the wait")
  @Outcome(id = "9, -1", expect = ACCEPTABLE, desc = "the same, but closed before the event was read")
  @Outcome(id = "0, -1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WakeAndCloseAndWait extends Race {

    private final Waker waker = sources.waker(1);

    @Actor
    public void wakeAndClose() {
      aWhile();
      waker.wake();
      sources.close();
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** Two that close: what the registry owns is closed once, and both return when the registry is closed. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "closed once")
  @Outcome(id = "0, 2", expect = FORBIDDEN, desc = "left open")
  @Outcome(id = "2, 2", expect = FORBIDDEN, desc = "closed twice")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class TwoClosers extends Race {

    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicInteger returned = new AtomicInteger();

    {
      // A descriptor that stays open, of an owner that counts.
      sources.register(1, Source.of(0, new Counting(closes)).owned(), Interest.NONE);
    }

    @Actor
    public void close() {
      sources.close();
      returned.addAndGet(sources.isOpen() ? 0 : 1);
    }

    @Actor
    public void closeToo() {
      sources.close();
      returned.addAndGet(sources.isOpen() ? 0 : 1);
    }

    @Arbiter
    public void after(II_Result r) {
      r.r1 = closes.get();
      r.r2 = returned.get();
      end();
    }
  }

  /** A source that is ready ends the wait that is under way when it is registered. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class RegisterAndWait extends Race {

    private final Pipe pipe = readyPipe();

    @Actor
    public void register() {
      aWhile();
      sources.register(1, pipe.source(), Interest.READ);
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** The same on a virtual thread, where the registry turns to epoll meanwhile. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class RegisterAndVirtualWait extends Race {

    private final Pipe pipe = readyPipe();

    {
      registerSilent(2);
    }

    @Actor
    public void register() {
      aWhile();
      sources.register(1, pipe.source(), Interest.READ);
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = awaitVirtually();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** A change of interest ends the wait that is under way. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class InterestAndWait extends Race {

    private final Pipe pipe = readyPipe();

    {
      sources.register(1, pipe.source(), Interest.NONE);
    }

    @Actor
    public void enable() {
      aWhile();
      sources.enable(1, Interest.READ);
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** The interest in a source with ONCE is set while it is reported. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "set before the report")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "set after the report")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "not found")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class InterestAndDelivery extends Race {

    private final Pipe pipe = readyPipe();
    private static final Interest READ_ONCE = Interest.READ.plus(Interest.ONCE);

    {
      sources.register(1, pipe.source(), READ_ONCE);
    }

    @Actor
    public void set() {
      sources.interest(1, READ_ONCE);
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = look();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look();
      end();
    }
  }

  /** What is unregistered is not delivered after that, and not found again. */
  @JCStressTest
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "removed before the report was read")
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "read before it was removed")
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "removed before, and so not delivered")
  @Outcome(id = "1, 1, 0", expect = FORBIDDEN, desc = "delivered after unregister had returned")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class UnregisterAndDelivery extends Race {

    private final Pipe pipe = readyPipe();
    private volatile boolean gone;

    {
      sources.register(1, pipe.source(), Interest.READ);
    }

    @Actor
    public void unregister() {
      sources.unregister(1);
      gone = true;
    }

    /** r1: events; r2: whether the source had been unregistered before the first was asked for. */
    @Actor
    public void poll(III_Result r) {
      try {
        var events = sources.poll(Duration.ZERO).iterator();
        r.r2 = gone ? 1 : 0;
        while (events.hasNext()) {
          events.next();
          r.r1++;
        }
      } catch (java.io.IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = look();
      end();
    }
  }

  /** An interrupt ends a wait, whenever it comes after the thread is known, and is told once. */
  @JCStressTest
  @Outcome(id = "-2, 0", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the interrupt did not end the wait")
  @Outcome(id = "-2, 1", expect = FORBIDDEN, desc = "told twice")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class InterruptAndWait extends Race {

    private volatile Thread waiter;

    @Actor
    public void interrupt() {
      aWhile();
      while (waiter == null) {
        Thread.onSpinWait();
      }
      waiter.interrupt();
    }

    @Actor
    public void poll(II_Result r) {
      waiter = Thread.currentThread();
      r.r1 = await();
      r.r2 = Thread.interrupted() ? 1 : 0;
    }

    @Arbiter
    public void after(II_Result r) {
      end();
    }
  }

  /** A wake and an interrupt right after it: neither is lost, and neither hides the other. */
  @JCStressTest
  @Outcome(id = "-2, 0, 1", expect = ACCEPTABLE, desc = "the interrupt ends the wait, the next look finds the wake")
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "the wake ends the wait, the thread is still interrupted")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class WakeAndInterruptAndWait extends Race {

    private final Waker waker = sources.waker(1);
    private volatile Thread waiter;
    private volatile boolean interrupted;

    @Actor
    public void wakeAndInterrupt() {
      aWhile();
      while (waiter == null) {
        Thread.onSpinWait();
      }
      waker.wake();
      waiter.interrupt();
      interrupted = true;
    }

    @Actor
    public void poll(III_Result r) {
      waiter = Thread.currentThread();
      r.r1 = await();
      while (!interrupted) {
        Thread.onSpinWait();
      }
      r.r2 = Thread.interrupted() ? 1 : 0;
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = look();
      end();
    }
  }

  /** A timer that is set ends the wait that is under way, and leaves its key free. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the wait ends")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the wait did not end")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class TimerAndWait extends Race {

    @Actor
    public void set() {
      aWhile();
      sources.timer(1, Duration.ofNanos(1000));
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = await();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = look() + sources.size();
      end();
    }
  }

  /** An expired timer is set anew while it is reported: it stays set, and its event is read or taken back. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "set before the report")
  @Outcome(id = "9, 1", expect = ACCEPTABLE, desc = "set after the report and before it was read")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "set after it was read")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the timer is lost")
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "the timer is lost")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class TimerSetAgain extends Race {

    {
      sources.timer(1, Duration.ZERO);
    }

    @Actor
    public void set() {
      sources.timer(1, Duration.ofHours(1));
    }

    @Actor
    public void poll(II_Result r) {
      r.r1 = look();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = sources.contains(1) ? 1 : 0;
      end();
    }
  }

  /** A source is closed while another thread looks: it is invalid once, at once or by the next look. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "by the next look")
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "at once")
  @Outcome(id = "0, 0, 0", expect = FORBIDDEN, desc = "never reported")
  @Outcome(id = "1, 1, 0", expect = FORBIDDEN, desc = "reported twice")
  @Outcome(expect = FORBIDDEN, desc = "anything else")
  @State
  public static class CloseSourceAndWait extends Race {

    private final Pipe pipe = pipe();

    {
      sources.register(1, pipe.source(), Interest.READ);
    }

    @Actor
    public void close() {
      aWhile();
      try {
        pipe.source().close();
      } catch (java.io.IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Actor
    public void poll(III_Result r) {
      r.r1 = look();
    }

    @Arbiter
    public void after(III_Result r) {
      r.r2 = look();
      r.r3 = look() + sources.size();
      end();
    }
  }

  /** Is open until it is closed, and counts that. */
  private record Counting(AtomicInteger closes) implements Channel {

    @Override
    public boolean isOpen() {
      return closes.get() == 0;
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }
}
