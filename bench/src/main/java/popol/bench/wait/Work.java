package popol.bench.wait;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import popol.Event;
import popol.Interest;
import popol.Waker;

/** What is measured, over the peers of one registry. {@code README.md} says what each of these is. */
abstract class Work {

  long events; // that there were, in all

  static Work of(String what, Library library, List<Peer> peers) throws Exception {
    Peer first = peers.isEmpty() ? null : peers.getFirst();
    Peer last = peers.isEmpty() ? null : peers.getLast();
    return switch (what) {
      case "wait-now" -> new Repeat(library, peers) {
        @Override
        int step() throws Exception {
          return waiter.await();
        }
      };
      case "wait-block" -> new Repeat(library, peers) {
        @Override
        int step() throws Exception {
          last.send();
          int events = waiter.await();
          last.receive();
          return events;
        }
      };
      case "look" -> new Repeat(library, peers) {
        @Override
        int step() throws Exception {
          return waiter.look();
        }
      };
      case "register+unregister" -> new Repeat(library, peers) {
        @Override
        int step() throws Exception {
          waiter.unregister(first);
          int events = waiter.await();
          waiter.register(first);
          return events + waiter.await();
        }
      };
      case "toggle" -> new Repeat(library, peers) {
        @Override
        int step() throws Exception {
          waiter.write(first, true);
          waiter.write(first, false);
          return waiter.await();
        }
      };
      case "toggle+wait" -> new Repeat(library, peers) {
        @Override
        int step() throws Exception {
          waiter.write(first, true);
          int events = waiter.await();
          waiter.write(first, false);
          return events + waiter.await();
        }
      };
      case "register", "unregister" -> new Register(library, peers, what.equals("register"));
      case "wake" -> new Wake(library, peers);
      case "virtual" -> new Virtual(library, peers);
      case "open+close" -> new OpenClose(library);
      case "wakers" -> new Wakers(peers);
      case "close" -> new Close(peers);
      case "timer-arm", "timer-cancel", "timer-expire", "timer-period" -> new Timer(what, peers.size());
      default -> throw new IllegalArgumentException("There is no work named " + what);
    };
  }

  /** {@return the operations of one step} */
  int unit() {
    return 1;
  }

  /** Does so many steps and adds their events. {@return the nanoseconds that count} */
  abstract long run(long steps) throws Exception;

  void start() throws Exception {}

  void stop() throws Exception {}

  abstract void close() throws Exception;

  /** Every peer is registered, and one step follows on the other. */
  private abstract static class Repeat extends Work {
    final Waiter waiter;

    Repeat(Library library, List<Peer> peers) throws Exception {
      waiter = library.open();
      for (Peer peer : peers) {
        waiter.register(peer);
      }
    }

    abstract int step() throws Exception;

    @Override
    final long run(long steps) throws Exception {
      long found = 0;
      long start = System.nanoTime();
      for (long i = 0; i < steps; i++) {
        found += step();
      }
      long nanos = System.nanoTime() - start;
      events += found;
      return nanos;
    }

    @Override
    void close() throws Exception {
      waiter.close();
    }
  }

  /** All peers but the last, which is active, are registered, then unregistered; a wait follows on each. */
  private static final class Register extends Work {
    private final Waiter waiter;
    private final List<Peer> others;
    private final boolean timesRegister;

    Register(Library library, List<Peer> peers, boolean timesRegister) throws Exception {
      this.waiter = library.open();
      this.others = peers.subList(0, peers.size() - 1);
      this.timesRegister = timesRegister;
      waiter.register(peers.getLast());
    }

    @Override
    int unit() {
      return others.size();
    }

    @Override
    long run(long steps) throws Exception {
      long registering = 0;
      long start = System.nanoTime();
      for (long k = 0; k < steps; k++) {
        long begun = System.nanoTime();
        for (int i = 0; i < others.size(); i++) {
          waiter.register(others.get(i));
        }
        events += waiter.await();
        registering += System.nanoTime() - begun;
        for (int i = 0; i < others.size(); i++) {
          waiter.unregister(others.get(i));
        }
        events += waiter.await();
      }
      return timesRegister ? registering : System.nanoTime() - start - registering;
    }

    @Override
    void close() throws Exception {
      waiter.close();
    }
  }

  /** Two threads wake each other in turn, each with a registry of all the peers; one operation is one wake. */
  private static final class Wake extends Work {
    private final Waiter here;
    private final Waiter there;
    private Thread relay;
    private volatile Exception failure;
    private volatile boolean stopped;

    Wake(Library library, List<Peer> peers) throws Exception {
      here = library.open();
      there = library.open();
      for (Peer peer : peers) {
        there.register(peer);
        here.register(peer);
      }
    }

    @Override
    int unit() {
      return 2;
    }

    @Override
    void start() {
      stopped = false;
      relay = Thread.ofPlatform().start(this::relay);
    }

    private void relay() {
      try {
        there.awaitWake();
        while (!stopped) {
          here.wake();
          there.awaitWake();
        }
      } catch (Exception e) {
        failure = e;
        here.wake();
      }
    }

    @Override
    long run(long steps) throws Exception {
      long start = System.nanoTime();
      for (long i = 0; i < steps && failure == null; i++) {
        there.wake();
        here.awaitWake();
        events += 2;
      }
      return System.nanoTime() - start;
    }

    @Override
    void stop() throws Exception {
      stopped = true;
      there.wake();
      relay.join();
      if (failure != null) {
        throw new IOException("The other thread has failed", failure);
      }
    }

    @Override
    void close() throws Exception {
      here.close();
      there.close();
    }
  }

  /**
   * Each peer has a registry of its own and a virtual thread that waits in it; the last one gets an answer each time.
   */
  private static final class Virtual extends Work {
    private final Peer last;
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Semaphore received = new Semaphore(0);
    private volatile boolean stopped;
    private volatile Exception failure;

    Virtual(Library library, List<Peer> peers) throws Exception {
      this.last = peers.getLast();
      for (Peer peer : peers) {
        Waiter waiter = library.open();
        waiter.register(peer);
        waiters.add(waiter);
        threads.add(Thread.ofVirtual().start(() -> answer(waiter, peer)));
      }
    }

    private void answer(Waiter waiter, Peer peer) {
      try {
        while (!stopped) {
          if (waiter.await() > 0) {
            peer.receive();
            received.release();
          }
        }
      } catch (Exception e) {
        failure = e; // the partner leaves first when all is over; in the middle of a run the answer is missed
        received.release();
      }
    }

    @Override
    long run(long steps) throws Exception {
      long start = System.nanoTime();
      for (long i = 0; i < steps; i++) {
        last.send();
        if (!received.tryAcquire(30, TimeUnit.SECONDS)) {
          throw new IOException("there is no answer");
        }
        if (failure != null) {
          throw new IOException("a virtual thread has failed", failure);
        }
        events++;
      }
      return System.nanoTime() - start;
    }

    @Override
    void close() throws Exception {
      stopped = true;
      for (Waiter waiter : waiters) {
        waiter.close();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /** A registry is opened, and closed. */
  private static final class OpenClose extends Work {
    private final Library library;

    OpenClose(Library library) {
      this.library = library;
    }

    @Override
    long run(long steps) throws Exception {
      long start = System.nanoTime();
      for (long i = 0; i < steps; i++) {
        library.open().close();
      }
      return System.nanoTime() - start;
    }

    @Override
    void close() {}
  }

  /** Eight threads wake all wakers of a registry, each its share; a step is over when every one was heard. */
  private static final class Wakers extends Work {
    private static final int THREADS = 8;

    private final PopolWaiter waiter = new PopolWaiter();
    private final List<Waker> wakers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Semaphore> turns = new ArrayList<>();

    Wakers(List<Peer> peers) throws Exception {
      for (Peer peer : peers) {
        wakers.add(waiter.sources.waker(peer));
      }
      for (int i = 0; i < THREADS; i++) {
        List<Waker> share = wakers.subList(wakers.size() * i / THREADS, wakers.size() * (i + 1) / THREADS);
        Semaphore turn = new Semaphore(0);
        turns.add(turn);
        threads.add(Thread.ofPlatform().daemon().start(() -> wake(share, turn)));
      }
    }

    private static void wake(List<Waker> share, Semaphore turn) {
      try {
        while (true) {
          turn.acquire();
          share.forEach(Waker::wake);
        }
      } catch (InterruptedException e) {
        // the benchmark is over
      }
    }

    @Override
    int unit() {
      return wakers.size();
    }

    @Override
    long run(long steps) throws Exception {
      long start = System.nanoTime();
      for (long i = 0; i < steps; i++) {
        turns.forEach(Semaphore::release);
        for (int left = wakers.size(); left > 0;) {
          int heard = waiter.await();
          left -= heard;
          events += heard;
        }
      }
      return System.nanoTime() - start;
    }

    @Override
    void close() throws Exception {
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join();
      }
      waiter.close();
    }
  }

  /** Among other sources one more is closed without being unregistered, and reported invalid. */
  private static final class Close extends Work {
    private final PopolWaiter waiter = new PopolWaiter();

    Close(List<Peer> peers) throws Exception {
      for (Peer peer : peers) {
        waiter.register(peer);
      }
    }

    @Override
    long run(long steps) throws Exception {
      long nanos = 0;
      for (long i = 0; i < steps; i++) {
        Pipe pipe = Pipe.open();
        Peer key = new Peer(null);
        waiter.sources.register(key, pipe.source(), Interest.READ);
        waiter.look(); // as a source that is there for longer
        long start = System.nanoTime();
        pipe.source().close();
        for (Event<Peer> event : waiter.sources.poll()) {
          if (!event.isInvalid()) {
            throw new IOException("something else than the closed source was reported");
          }
          events++;
        }
        nanos += System.nanoTime() - start;
        pipe.sink().close();
      }
      return nanos;
    }

    @Override
    void close() {
      waiter.close();
    }
  }

  /** Timers of popol, which no other contender has, among others that are an hour away. */
  private static final class Timer extends Work {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LATER = HOUR.plusMinutes(1); // among the others
    private static final Duration NANOSECOND = Duration.ofNanos(1); // over before the next wait

    private final String what;
    private final PopolWaiter waiter = new PopolWaiter();
    private final Peer timer = new Peer(null);

    Timer(String what, int others) throws Exception {
      this.what = what;
      for (int i = 0; i < others; i++) {
        if (what.equals("timer-period")) {
          waiter.sources.timer(new Peer(null), HOUR.plusSeconds(i), HOUR);
        } else {
          waiter.sources.timer(new Peer(null), HOUR.plusSeconds(i));
        }
      }
      if (what.equals("timer-period")) {
        waiter.sources.timer(timer, Duration.ZERO, NANOSECOND);
      }
    }

    @Override
    long run(long steps) throws Exception {
      long start = System.nanoTime();
      switch (what) {
        case "timer-arm" -> {
          for (long i = 0; i < steps; i++) {
            waiter.sources.timer(timer, (i & 1) == 0 ? HOUR : LATER);
          }
        }
        case "timer-cancel" -> {
          for (long i = 0; i < steps; i++) {
            waiter.sources.timer(timer, HOUR);
            waiter.sources.unregister(timer);
          }
        }
        case "timer-period" -> {
          for (long i = 0; i < steps; i++) {
            events += waiter.await();
          }
        }
        default -> {
          for (long i = 0; i < steps; i++) {
            waiter.sources.timer(timer, Duration.ZERO);
            events += waiter.await();
          }
        }
      }
      return System.nanoTime() - start;
    }

    @Override
    void close() {
      waiter.close();
    }
  }
}
