package popol.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * A program that does something for the first time when its process has no descriptor left, so that no class can be
 * loaded from a directory: what a registry needs at such a moment, to report, to refuse and to close, it has had since
 * it was opened (rules 9 and 10). To be run with the classes of popol in directories; the argument names the case,
 * because a class is loaded once in a JVM.
 */
public final class NoDescriptorLeft {

  /** What is done at the limit, and what is to be so afterwards. */
  enum Case {

    CLOSE {
      @Override
      void atLimit(Registry it) {
        it.sources.close();
      }
    },

    CLOSE_AFTER_POLL {
      @Override
      void atLimit(Registry it) throws Exception {
        it.sources.poll(Duration.ZERO);
        it.sources.close();
      }
    },

    CLOSE_OWNED {
      @Override
      void prepare(Registry it) {
        it.sources.register("owned", Source.of(it.more.source()).owned(), Interest.READ);
      }

      @Override
      void atLimit(Registry it) {
        it.sources.close();
        check(!it.more.source().isOpen(), "rule 23: what is owned is closed");
      }
    },

    CLOSE_UNDER_WAIT {
      @Override
      void prepare(Registry it) throws Exception {
        it.startWaiting(Thread.ofPlatform());
      }

      @Override
      void atLimit(Registry it) throws Exception {
        it.sources.close();
        it.thread.join();
        check(it.ended instanceof ClosedSelectorException, "rule 10: close ends the wait: " + it.ended);
      }
    },

    CLOSE_UNDER_VIRTUAL_WAIT {
      @Override
      void prepare(Registry it) throws Exception {
        it.startWaiting(Thread.ofVirtual());
      }

      @Override
      void atLimit(Registry it) throws Exception {
        it.sources.close();
        it.thread.join();
        check(it.ended instanceof ClosedSelectorException, "rule 10: close ends the wait: " + it.ended);
      }
    },

    DELIVERY {
      @Override
      void prepare(Registry it) throws Exception {
        it.sources.timer("timer", Duration.ZERO);
        it.sources.timer("beat", Duration.ZERO, Duration.ofHours(1));
        it.closing.source().close();
      }

      @Override
      void atLimit(Registry it) throws Exception {
        it.waker.wake();
        Event<String> last = null;
        Iterator<Event<String>> events = it.sources.poll(Duration.ofSeconds(10)).iterator();
        int found = 0;
        while (events.hasNext()) {
          Event<String> event = events.next();
          found += event.isReadable() || event.isWake() || event.isExpired() || event.isInvalid() ? 1 : 0;
          last = event;
        }
        check(found == 5, "rule 9: all are reported at the limit: " + found);
        check(last != null && !last.toString().isEmpty(), "rule 6: an event has a text");
        check(it.sources.poll(Duration.ZERO).size() == 1, "rule 13: the byte is still there");
      }
    },

    MORE_SOURCES {
      @Override
      void atLimit(Registry it) throws Exception {
        it.sources.register("more", Source.of(it.more.source()), Interest.READ);
        it.sources.register("sink", Source.of(it.more.sink()), Interest.WRITE);
        for (int i = 0; i < 10; i++) {
          check(it.sources.poll(Duration.ofSeconds(10)).size() == 2, "rule 17: all that are ready are found");
        }
      }
    },

    VIRTUAL_WAIT {
      @Override
      void atLimit(Registry it) throws Exception {
        it.sources.interest("ready", Interest.NONE);
        it.startWaiting(Thread.ofVirtual());
        it.waker.wake();
        it.thread.join();
        check(it.ended == null, "rule 12: a virtual thread waits, and is woken: " + it.ended);
      }
    },

    UNREAD {
      @Override
      void atLimit(Registry it) throws Exception {
        it.waker.wake();
        Events<String> old = it.sources.poll(Duration.ofSeconds(10));
        check(it.sources.poll(Duration.ZERO).size() == 2, "rule 6: what nobody read is reported again");
        try {
          old.size();
          throw new AssertionError("rule 6: a batch of an earlier poll is read");
        } catch (ConcurrentModificationException expected) {
          check(expected.getMessage().contains("earlier poll"), "errors: the message says what is wrong");
        }
      }
    },

    REMOVAL {
      @Override
      void atLimit(Registry it) throws Exception {
        check(it.sources.unregister("ready"), "rule 3: it was there");
        it.waker.close();
        check(it.sources.interest("closing", Interest.NONE), "rule 3: it was there");
        check(it.sources.poll(Duration.ZERO).isEmpty(), "rule 3: nothing is left that is ready");
        check(it.sources.size() == 1, "rule 3: one is left");
      }
    },

    REFUSALS {
      @Override
      void atLimit(Registry it) throws Exception {
        refused(() -> it.sources.waker("waker"), "waker");
        refused(() -> it.sources.register("other", Source.of(it.ready.source()), Interest.READ), "ready");
        refused(() -> it.sources.interest("waker", Interest.READ), "interest");
        refused(() -> it.sources.timer("timer", Duration.ofNanos(-1)), "negative");
      }
    },

    OPEN_ANOTHER {
      @Override
      void atLimit(Registry it) {
        try {
          Host.open();
          throw new AssertionError("there was a descriptor left");
        } catch (IOException expected) {
          check(expected.getMessage().contains("RLIMIT_NOFILE"),
              "errors: the limit is named: " + expected.getMessage());
        }
      }
    };

    void prepare(Registry it) throws Exception {}

    abstract void atLimit(Registry it) throws Exception;
  }

  /** One registry, of which nothing has been used yet but what the case has prepared. */
  private static final class Registry {

    private final Pipe ready = Pipe.open();
    private final Pipe closing = Pipe.open();
    private final Pipe more = Pipe.open();
    private final Sources<String> sources = Host.open();
    private final Waker waker = sources.waker("waker");
    private Thread thread;
    private volatile Throwable ended; // what the wait ended with

    Registry() throws IOException {
      sources.register("ready", ready.source(), Interest.READ);
      sources.register("closing", closing.source(), Interest.READ);
      ready.sink().write(ByteBuffer.allocate(1));
    }

    void startWaiting(Thread.Builder threads) throws IOException, InterruptedException {
      sources.interest("ready", Interest.NONE);
      thread = threads.start(() -> {
        try {
          sources.poll();
        } catch (Throwable e) {
          ended = e;
        }
      });
      boolean polls = false;
      while (!polls && thread.isAlive()) {
        try {
          sources.poll(Duration.ZERO);
        } catch (IllegalStateException refused) {
          polls = true;
        }
        Thread.yield();
      }
      while (!waits(thread.getState()) && thread.isAlive()) {
        Thread.yield();
      }
    }

    /** In the kernel a platform thread is runnable. */
    private boolean waits(Thread.State state) {
      return thread.isVirtual() ? state == Thread.State.WAITING : state == Thread.State.RUNNABLE;
    }
  }

  private interface Call {
    void run();
  }

  private NoDescriptorLeft() {}

  /**
   * Runs one case, and ends with status 0 if all is well.
   *
   * @param args the name of the case
   * @throws Exception if not
   */
  public static void main(String[] args) throws Exception {
    Case one = Case.valueOf(args[0]);
    Leftovers.openDescriptors(); // loads what is needed to look
    Pipe warm = Pipe.open(); // of which the JDK keeps two descriptors
    warm.source().close();
    warm.sink().close();
    refused(() -> {
      throw new IllegalArgumentException("warms up");
    }, "warms up");
    long limit = Posix.getrlimit();
    int before = Leftovers.openDescriptors().size();
    Registry registry = new Registry();
    one.prepare(registry);
    int next = Posix.dup(0);
    Posix.close(next);
    Posix.setrlimit(next); // the lowest free number is not allowed any more
    Throwable failure = null;
    try {
      one.atLimit(registry);
    } catch (Throwable e) {
      failure = e;
    }
    Posix.setrlimit(limit);
    if (failure != null) {
      failure.printStackTrace(System.out);
      System.exit(1);
    }
    registry.sources.close();
    check(!registry.sources.isOpen(), "rule 10: it is closed");
    for (Pipe pipe : new Pipe[] {registry.ready, registry.closing, registry.more}) {
      pipe.source().close();
      pipe.sink().close();
    }
    int after = Leftovers.openDescriptors().size();
    if (!one.name().contains("VIRTUAL")) { // for which a thread of popol's waits a moment longer
      check(after <= before, "rule 10: nothing is left open: " + after + " instead of " + before);
    }
    System.out.println(one + ": ok");
    System.exit(0);
  }

  private static void check(boolean is, String rule) {
    if (!is) {
      throw new AssertionError(rule);
    }
  }

  private static void refused(Call call, String part) {
    try {
      call.run();
    } catch (IllegalArgumentException expected) {
      check(expected.getMessage().contains(part), expected.getMessage());
      return;
    }
    throw new AssertionError("errors: it is refused");
  }
}
