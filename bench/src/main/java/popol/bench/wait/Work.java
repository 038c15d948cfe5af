package popol.bench.wait;

import java.time.Duration;
import java.util.List;

/** What is measured, over the peers of one registry. {@code README.md} says what each of these is. */
abstract class Work {

  long operations; // that were done
  long nanos; // that they took
  long events; // that there were

  static Work of(String what, Library library, List<Peer> peers) throws Exception {
    return switch (what) {
      case "wait-now" -> new Repeat(library.open(), peers) {
        @Override
        int step() throws Exception {
          return waiter.await();
        }
      };
      case "wait-block" -> new Repeat(library.open(), peers) {
        @Override
        int step() throws Exception {
          last.send();
          int events = waiter.await();
          last.receive();
          return events;
        }
      };
      case "register+unregister" -> new Repeat(library.open(), peers) {
        @Override
        int step() throws Exception {
          waiter.unregister(last);
          int events = waiter.look();
          waiter.register(last);
          return events + waiter.look();
        }
      };
      case "toggle" -> new Repeat(library.open(), peers) {
        @Override
        int step() throws Exception {
          waiter.write(last, true);
          waiter.write(last, false);
          return waiter.look();
        }
      };
      case "toggle+wait" -> new Repeat(library.open(), peers) {
        @Override
        int step() throws Exception {
          waiter.write(last, true);
          int events = waiter.look();
          waiter.write(last, false);
          return events + waiter.look();
        }
      };
      case "register", "unregister" -> new Register(library.open(), peers, what.equals("register"));
      case "wake" -> new Wake(library, peers);
      case "timer-arm", "timer-cancel", "timer-expire" -> new Timer(what, peers.size());
      default -> throw new IllegalArgumentException("There is no work named " + what);
    };
  }

  /** Does about so many operations, and sets the fields. */
  abstract void run(long wanted) throws Exception;

  abstract void close() throws Exception;

  /** Every peer is registered, and one step follows on the other. */
  private abstract static class Repeat extends Work {
    final Waiter waiter;
    final Peer last;

    Repeat(Waiter waiter, List<Peer> peers) throws Exception {
      this.waiter = waiter;
      this.last = peers.getLast();
      for (Peer peer : peers) {
        waiter.register(peer);
      }
    }

    abstract int step() throws Exception;

    @Override
    void run(long wanted) throws Exception {
      long found = 0;
      long start = System.nanoTime();
      for (long i = 0; i < wanted; i++) {
        found += step();
      }
      nanos = System.nanoTime() - start;
      operations = wanted;
      events = found;
    }

    @Override
    void close() throws Exception {
      waiter.close();
    }
  }

  /** All peers are registered, then all are unregistered; after each the registry looks, and half of that is timed. */
  private static final class Register extends Work {
    private final Waiter waiter;
    private final List<Peer> peers;
    private final boolean timesRegister;

    Register(Waiter waiter, List<Peer> peers, boolean timesRegister) {
      this.waiter = waiter;
      this.peers = peers;
      this.timesRegister = timesRegister;
    }

    @Override
    void run(long wanted) throws Exception {
      long rounds = (wanted + peers.size() - 1) / peers.size();
      long registering = 0;
      long found = 0;
      long start = System.nanoTime();
      for (long k = 0; k < rounds; k++) {
        long begun = System.nanoTime();
        for (int i = 0; i < peers.size(); i++) {
          waiter.register(peers.get(i));
        }
        found += waiter.look();
        registering += System.nanoTime() - begun;
        for (int i = 0; i < peers.size(); i++) {
          waiter.unregister(peers.get(i));
        }
        found += waiter.look();
      }
      nanos = timesRegister ? registering : System.nanoTime() - start - registering;
      operations = rounds * peers.size();
      events = found;
    }

    @Override
    void close() throws Exception {
      waiter.close();
    }
  }

  /** Two threads wake each other in turn, each with a registry of all the peers; one operation is one wake. */
  private static final class Wake extends Work {
    private final Waiter first;
    private final Waiter second;

    Wake(Library library, List<Peer> peers) throws Exception {
      first = library.open();
      second = library.open();
      for (Peer peer : peers) {
        second.register(peer);
        first.register(peer);
      }
    }

    @Override
    void run(long wanted) throws Exception {
      long times = (wanted + 1) / 2;
      Throwable[] failure = new Throwable[1];
      Thread relay = new Thread(() -> {
        try {
          for (long i = 0; i < times; i++) {
            second.awaitWake();
            first.wake();
          }
        } catch (Exception e) {
          failure[0] = e;
          first.wake();
        }
      });
      relay.start();
      long start = System.nanoTime();
      long woken = 0;
      for (; woken < times && failure[0] == null; woken++) {
        second.wake();
        first.awaitWake();
      }
      nanos = System.nanoTime() - start;
      relay.join();
      if (failure[0] != null) {
        throw new IllegalStateException("The other thread has failed", failure[0]);
      }
      operations = times * 2;
      events = woken * 2;
    }

    @Override
    void close() throws Exception {
      first.close();
      second.close();
    }
  }

  /** Timers of popol, which no other contender has, among others that are an hour away. */
  private static final class Timer extends Work {
    private static final Duration HOUR = Duration.ofHours(1);

    private final String what;
    private final PopolWaiter waiter = new PopolWaiter();
    private final Peer timer = new Peer(null);

    Timer(String what, int others) throws Exception {
      this.what = what;
      for (int i = 0; i < others; i++) {
        waiter.sources.timer(new Peer(null), HOUR.plusSeconds(i));
      }
    }

    @Override
    void run(long wanted) throws Exception {
      long expired = 0;
      long start = System.nanoTime();
      for (long i = 0; i < wanted; i++) {
        switch (what) {
          case "timer-arm" -> waiter.sources.timer(timer, HOUR.plusSeconds(i & 1023)); // among the others
          case "timer-cancel" -> {
            waiter.sources.timer(timer, HOUR);
            waiter.sources.unregister(timer);
          }
          default -> {
            waiter.sources.timer(timer, Duration.ZERO);
            expired += waiter.await();
          }
        }
      }
      nanos = System.nanoTime() - start;
      operations = wanted;
      events = expired;
    }

    @Override
    void close() {
      waiter.close();
    }
  }
}
