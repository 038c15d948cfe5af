package popol.inject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;

/** Polls, with everything that they can find. */
final class Polling {

  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(5);

  private final List<Scenario> all = new ArrayList<>();

  private Polling() {}

  static List<Scenario> all() {
    Polling polling = new Polling();
    polling.sizes();
    polling.kinds();
    polling.times();
    polling.reading();
    polling.threads();
    return polling.all;
  }

  private void add(String name, Scenario.Script script) {
    all.add(new Scenario(name, script));
  }

  private void sizes() {
    for (int size : Registering.SIZES) {
      polls("poll, " + size + " registered, one ready", stage -> {
        stage.wires(size);
        stage.new Wire("ready").in().ready();
      });
      polls("poll, " + size + " ready", stage -> {
        for (int i = 0; i < size; i++) {
          stage.new Wire("ready" + i).in().ready();
        }
        stage.new Bell("woken").in().woken();
      });
      polls("poll, " + size + " in the poller, one more", stage -> {
        stage.wires(size);
        stage.poll(Duration.ZERO);
        stage.poll(Duration.ZERO);
        stage.new Wire("ready").in().ready();
      });
      polls("poll, " + size + " wakers woken", stage -> {
        stage.extras();
        for (int i = 0; i < size; i++) {
          stage.new Bell("woken" + i).in().woken();
        }
      });
      polls("poll, " + size + " timers expired", stage -> {
        stage.extras();
        for (int i = 0; i < size; i++) {
          stage.new Clock("expired" + i).expired();
        }
      });
      if (size <= 32) {
        polls("poll, " + size + " channels closed", stage -> {
          stage.extras();
          for (int i = 0; i < size; i++) {
            stage.new Channel("dead" + i).in();
          }
          stage.poll(Duration.ZERO);
          for (int i = 0; i < size; i++) {
            ((Stage.Channel) stage.actors.get("dead" + i)).dead();
          }
        });
      }
    }
    for (int number : new int[] {70, 150, 700}) {
      for (boolean before : new boolean[] {false, true}) {
        polls("poll, descriptor " + number + (before ? " comes" : " there"), stage -> {
          stage.extras();
          if (before) {
            stage.poll(Duration.ZERO);
          }
          int[] ends = Posix.pipe();
          Posix.dup2(ends[0], number);
          Posix.close(ends[0]);
          stage.new Wire("high", number, ends[1]).in().ready();
        });
      }
    }
  }

  private interface Setting {
    void set(Stage stage) throws Exception;
  }

  private void polls(String name, Setting setting) {
    add(name, stage -> {
      setting.set(stage);
      return () -> stage.poll(Duration.ZERO);
    });
  }

  private void kinds() {
    for (boolean known : new boolean[] {false, true}) {
      polls("poll, one of each kind" + (known ? ", in the poller" : ""), stage -> {
        each(stage, known);
      });
    }
    polls("poll, a regular file", stage -> {
      stage.extras();
      stage.new Plain("file", Interest.READ).in();
    });
    polls("poll, a descriptor that was closed", stage -> {
      stage.extras();
      Stage.Wire wire = stage.new Wire("closed").in();
      stage.poll(Duration.ZERO);
      Posix.close(wire.near);
      Posix.dup2(wire.far, wire.near); // so that the harness closes its own number
      Posix.close(wire.near);
      wire.owed("invalid");
      wire.leaves = true;
      wire.mute = true;
    });
    polls("poll, changes of all kinds", stage -> {
      stage.extras();
      Stage.Wire gone = stage.new Wire("gone").in().ready();
      Stage.Wire quiet = stage.new Wire("quiet").in();
      Stage.Wire loud = stage.new Wire("loud");
      loud.interest = Interest.NONE;
      loud.in();
      stage.poll(Duration.ZERO);
      stage.sources.unregister(gone.key);
      gone.registered = false;
      gone.silent();
      stage.sources.interest(quiet.key, Interest.PRIORITY);
      quiet.mute = true;
      Posix.write(quiet.far);
      stage.sources.interest(loud.key, Interest.READ);
      loud.ready();
      stage.actors.remove("gone");
      Key again = new Key("again");
      stage.sources.register(again, gone.source, Interest.READ);
      Actor actor = new Silent("again");
      actor.level = "readable";
      stage.actors.put("again", actor);
      stage.closing.add(gone::close);
    });
  }

  /** An entry that the stage can do nothing to. */
  private static final class Silent extends Actor {

    Silent(String name) {
      super(name);
      registered = true;
      mute = true;
    }

    @Override
    void register(Stage stage) {}

    @Override
    void stir(Stage stage) {}

    @Override
    String stirred() {
      return "";
    }
  }

  private static void each(Stage stage, boolean known) throws Exception {
    stage.extras();
    Stage.Wire ready = stage.new Wire("ready").in();
    Stage.Wire once = stage.new Wire("once");
    once.interest = Interest.READ.plus(Interest.ONCE);
    once.in();
    Stage.Wire hungUp = stage.new Wire("hung up");
    hungUp.interest = Interest.NONE;
    hungUp.in();
    Stage.Wire ended = stage.new Wire("ended").in();
    Stage.Wire left = stage.new Wire("left");
    left.interest = Interest.READ_CLOSED;
    left.in();
    Stage.Channel dead = stage.new Channel("dead").in();
    Stage.Bell bell = stage.new Bell("woken").in();
    if (known) {
      stage.poll(Duration.ZERO);
    }
    ready.ready();
    Posix.write(once.far);
    once.owed("readable");
    once.mute = true;
    hangUp(hungUp);
    hungUp.owed("hangup");
    hangUp(ended);
    ended.level = "readable+hangup";
    hangUp(left);
    left.owed("read-closed+hangup");
    dead.dead();
    bell.woken();
    stage.new Clock("expired").expired();
    Stage.Clock periodic = stage.new Clock("periodic");
    stage.sources.timer(periodic.key, Duration.ZERO, Duration.ofHours(1));
    periodic.registered = true;
    periodic.owed("expired");
  }

  /** Closes the far end; its number becomes the near end's, so that it stays the harness's. */
  private static void hangUp(Stage.Wire wire) throws Exception {
    Posix.dup2(wire.near, wire.far);
    wire.mute = true;
  }

  private void times() {
    for (Duration time : List.of(Duration.ofNanos(50_000), MILLISECOND, Duration.ofNanos(2_300_000))) {
      add("poll of " + time.toNanos() / 1_000 + " us, nothing ready", stage -> {
        stage.extras();
        return () -> stage.poll(time);
      });
      add("poll until a timer expires after " + time.toNanos() / 1_000 + " us", stage -> {
        stage.extras();
        Stage.Clock clock = stage.new Clock("expires");
        stage.sources.timer(clock.key, time);
        clock.registered = true;
        clock.leaves = true;
        clock.owed("expired");
        return () -> stage.poll(LONG);
      });
      add("poll of " + time.toNanos() / 1_000 + " us, two sources", stage -> {
        stage.wires(2);
        return () -> stage.poll(time);
      });
    }
    add("poll, interrupted", stage -> {
      stage.extras();
      stage.new Bell("woken").in().woken();
      Thread.currentThread().interrupt();
      stage.expected = InterruptedException.class;
      stage.then = thrown -> {
        boolean interrupted = Thread.interrupted();
        if (interrupted == thrown instanceof InterruptedException) {
          throw new Violation(interrupted ? "the interrupt is told twice" : "the interrupt is lost");
        }
      };
      return () -> stage.poll(LONG);
    });
    add("poll, woken by another thread", stage -> {
      stage.extras();
      Stage.Bell bell = stage.new Bell("woken").in();
      Thread other = Thread.ofPlatform().unstarted(() -> {
        pause();
        bell.waker.wake();
      });
      bell.owed("wake");
      stage.then = thrown -> other.join();
      return () -> {
        other.start();
        stage.poll(LONG);
      };
    });
    add("poll, a source comes by another thread", stage -> {
      stage.extras();
      Stage.Wire wire = stage.new Wire("comes").ready();
      Thread other = Thread.ofPlatform().unstarted(() -> {
        pause();
        wire.in();
      });
      stage.then = thrown -> other.join();
      return () -> {
        other.start();
        stage.poll(LONG);
      };
    });
  }

  /** Most often long enough for another thread to begin its wait; right in any case. */
  private static void pause() {
    try {
      Thread.sleep(MILLISECOND);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void reading() {
    for (int reads : new int[] {0, 1, 3}) {
      add("poll again, " + reads + " events read", stage -> {
        each(stage, true);
        stage.new Bell("woken too").in().woken();
        Events<Key> events = stage.sources.poll(Duration.ZERO);
        stage.forget();
        Iterator<Event<Key>> iterator = events.iterator();
        for (int i = 0; i < reads; i++) {
          stage.take(iterator.next());
        }
        stage.counts = true;
        return () -> stage.poll(Duration.ZERO);
      });
    }
    add("poll, and its events as text", stage -> {
      each(stage, true);
      return () -> {
        Events<Key> events = stage.sources.poll(Duration.ZERO);
        events.toString();
        for (Event<Key> event : events) {
          stage.take(event);
          event.toString();
        }
        events.size();
      };
    });
    add("poll, and its events in two loops", stage -> {
      each(stage, true);
      return () -> {
        Events<Key> events = stage.sources.poll(Duration.ZERO);
        Event<Key> first = events.iterator().next();
        stage.take(first);
        for (Event<Key> event : events) { // by another iterator, as the first one is in use
          if (event != first) {
            stage.take(event);
          }
        }
      };
    });
    add("events of an earlier poll", stage -> {
      each(stage, true);
      Events<Key> events = stage.sources.poll(Duration.ZERO);
      Event<Key> event = events.iterator().next();
      stage.take(event);
      stage.counts = true;
      stage.poll(Duration.ZERO);
      stage.expected = ConcurrentModificationException.class;
      return () -> {
        event.toString();
        events.toString();
        events.size();
      };
    });
    add("unregister in the loop", stage -> {
      stage.extras();
      Stage.Bell first = stage.new Bell("first").in().woken();
      Stage.Bell second = stage.new Bell("second").in().woken();
      stage.then = thrown -> {
        first.owed("wake", thrown == null ? 1 : 0, 1);
        second.owed("wake", 0, 1);
        for (Stage.Bell bell : List.of(first, second)) {
          bell.registered = stage.sources.contains(bell.key);
          bell.least = bell.registered ? 1 : 0;
          bell.mute = true;
        }
        first.least = 1;
        if (thrown == null && second.registered) {
          throw new Violation("unregister has returned true, and the key is there");
        }
      };
      return () -> {
        Events<Key> events = stage.sources.poll(Duration.ZERO);
        for (Event<Key> event : events) {
          stage.take(event);
          stage.sources.unregister(second.key);
        }
      };
    });
    add("the same timer set in the loop", stage -> {
      stage.extras();
      Stage.Clock clock = stage.new Clock("again").expired();
      stage.then = thrown -> {
        clock.leaves = false;
        clock.registered = stage.sources.contains(clock.key);
        clock.owed("expired", 1, 1);
        stage.poll(Duration.ZERO); // what was not read
        clock.in();
      };
      return () -> {
        for (Event<Key> event : stage.sources.poll(Duration.ZERO)) {
          stage.take(event);
          stage.sources.timer(event.key(), Duration.ofHours(1));
        }
      };
    });
  }

  private void threads() {
    for (boolean virtual : new boolean[] {false, true}) {
      String who = virtual ? " while a virtual thread waits" : " while another thread waits";
      add("register" + who, stage -> {
        stage.extras();
        Waiter waiter = new Waiter(stage, virtual);
        Stage.Wire wire = stage.new Wire("new").ready();
        wire.level = null;
        stage.then = thrown -> {
          wire.registered = stage.sources.contains(wire.key);
          if (!wire.registered) {
            wire.in();
          }
          wire.level = "readable";
          waiter.heard();
        };
        return () -> stage.sources.register(wire.key, wire.source, Interest.READ);
      });
      add("interest" + who, stage -> {
        stage.extras();
        Stage.Wire wire = stage.new Wire("changed");
        wire.interest = Interest.NONE;
        wire.in();
        Waiter waiter = new Waiter(stage, virtual);
        Posix.write(wire.far);
        stage.then = thrown -> {
          if (thrown != null) {
            stage.sources.interest(wire.key, Interest.READ);
          }
          wire.level = "readable";
          waiter.heard();
        };
        return () -> stage.sources.interest(wire.key, Interest.READ);
      });
      add("unregister" + who, stage -> {
        stage.extras();
        Stage.Wire wire = stage.new Wire("gone").in();
        Waiter waiter = new Waiter(stage, virtual);
        Stage.Bell bell = (Stage.Bell) stage.actors.get("bell");
        stage.then = thrown -> {
          wire.registered = stage.sources.contains(wire.key);
          Posix.write(wire.far);
          wire.level = wire.registered ? "readable" : null;
          bell.woken();
          waiter.heard();
        };
        return () -> stage.sources.unregister(wire.key);
      });
      add("wake" + who, stage -> {
        stage.extras();
        Waiter waiter = new Waiter(stage, virtual);
        Stage.Bell bell = (Stage.Bell) stage.actors.get("bell");
        stage.then = thrown -> {
          bell.owed("wake", 1, thrown == null ? 1 : 2);
          if (thrown != null) {
            bell.waker.wake();
          }
          waiter.heard();
        };
        return bell.waker::wake;
      });
      add("timer" + who, stage -> {
        stage.extras();
        Waiter waiter = new Waiter(stage, virtual);
        Stage.Clock clock = stage.new Clock("new");
        stage.then = thrown -> {
          clock.owed("expired", 1, thrown == null ? 1 : 2);
          if (thrown != null) {
            stage.sources.timer(clock.key, Duration.ZERO);
          }
          waiter.heard();
          clock.in();
        };
        return () -> stage.sources.timer(clock.key, Duration.ZERO);
      });
      add("close" + who, stage -> {
        stage.extras();
        Waiter waiter = new Waiter(stage, virtual);
        stage.closed = true;
        stage.then = thrown -> {
          stage.shut();
          waiter.ended();
        };
        return stage.sources::close;
      });
      add("poll" + who, stage -> {
        stage.extras();
        Waiter waiter = new Waiter(stage, virtual);
        stage.expected = IllegalStateException.class;
        Stage.Bell bell = (Stage.Bell) stage.actors.get("bell");
        stage.then = thrown -> {
          bell.woken();
          waiter.heard();
        };
        return () -> stage.poll(Duration.ZERO);
      });
    }
    for (Duration time : List.of(Duration.ZERO, Duration.ofMillis(2))) {
      add("poll of " + time.toMillis() + " ms on a virtual thread", stage -> {
        stage.extras();
        stage.virtual = true;
        return () -> stage.poll(time);
      });
    }
    add("poll on a virtual thread, woken", stage -> {
      stage.extras();
      stage.virtual = true;
      Stage.Bell bell = stage.new Bell("woken").in();
      Thread other = Thread.ofPlatform().unstarted(() -> {
        pause();
        bell.waker.wake();
      });
      bell.owed("wake");
      stage.then = thrown -> other.join();
      return () -> {
        other.start();
        stage.poll(LONG);
      };
    });
  }
}
