package popol.inject;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import popol.Interest;

/** Waits of virtual threads: the thread that all of them share, and the one that a registry has for itself. */
final class Sharing {

  private static final String SHARED = "popol-virtual-wait";
  private static final String OWN = "popol-wait";
  private static final int MANY = 16; // registries that the shared thread has room for at first
  private static final Duration ROUNDS = Duration.ofMillis(12); // in which the shared thread looks for others twice
  private static final Duration LONG = Duration.ofSeconds(5);

  private final List<Scenario> all = new ArrayList<>();

  private Sharing() {}

  /** Those in which the shared thread is not there before. */
  static List<Scenario> withoutThread() {
    Sharing sharing = new Sharing();
    sharing.starting();
    return sharing.all;
  }

  /** Those in which it is. */
  static List<Scenario> withThread() {
    Sharing sharing = new Sharing();
    sharing.onTheThread();
    return sharing.all;
  }

  /** Keeps the shared thread, until it is ended. */
  static Waiter keepThread() throws IOException, InterruptedException {
    return new Waiter(new Stage(), true);
  }

  /** Waits until nothing of popol's is running. */
  static void awaitThreadsEnd() throws InterruptedException {
    Optional<Thread> left = Optional.empty();
    for (String name : List.of(SHARED, OWN)) {
      for (left = find(name); left.isPresent(); left = find(name)) {
        left.get().join();
      }
    }
  }

  private static Optional<Thread> find(String name) {
    return Thread.getAllStackTraces().keySet().stream().filter(one -> one.getName().equals(name)).findAny();
  }

  private void add(String name, Scenario.Script script) {
    all.add(new Scenario(name, script));
  }

  private void starting() {
    add("the first wait of a virtual thread", stage -> {
      stage.extras();
      return wokenOnVirtualThread(stage);
    });
    add("the first wait of a virtual thread, of a registry that has waited before", stage -> {
      stage.extras();
      pollOnVirtualThread(stage);
      awaitThreadsEnd();
      return wokenOnVirtualThread(stage);
    });
    add("the wait of a virtual thread beside " + MANY + " others", stage -> {
      stage.extras();
      for (int i = 0; i < MANY; i++) {
        stage.closing.add(keepThread()::end);
      }
      return wokenOnVirtualThread(stage);
    });
    add("the wait of a virtual thread, with a file that epoll refuses", stage -> {
      stage.extras();
      stage.new Plain("file", Interest.NONE).in();
      return wokenOnVirtualThread(stage);
    });
    add("register a file that epoll refuses while a virtual thread waits", stage -> {
      stage.extras();
      Waiter waiter = new Waiter(stage, true);
      Stage.Plain file = stage.new Plain("file", Interest.NONE);
      stage.then = thrown -> {
        file.registered = stage.sources.contains(file.key);
        ((Stage.Bell) stage.actors.get("bell")).woken();
        waiter.heard();
      };
      return file::in;
    });
  }

  private void onTheThread() {
    for (String name : List.of(SHARED, OWN)) {
      add("the thread " + name + " fails, a byte comes", stage -> {
        setOn(stage, name);
        Stage.Wire wire = (Stage.Wire) stage.actors.get("wire0");
        boolean[] sent = new boolean[1];
        stage.then = thrown -> {
          wire.level = sent[0] ? "readable" : null;
          othersAreHeard(stage);
        };
        return () -> {
          stage.poll(ROUNDS);
          sent[0] = true;
          Posix.write(wire.far);
          stage.poll(LONG);
        };
      });
      add("the thread " + name + " fails, nothing comes", stage -> {
        setOn(stage, name);
        stage.then = thrown -> {
          isHeard(stage);
          othersAreHeard(stage);
        };
        return () -> stage.poll(ROUNDS);
      });
    }
  }

  /** A registry whose waits of virtual threads are made by a thread of popol's, on which the points are to fail. */
  private static void setOn(Stage stage, String name) throws Exception {
    stage.extras();
    stage.virtual = true;
    if (name.equals(OWN)) {
      stage.new Plain("file", Interest.NONE).in();
    }
    pollOnVirtualThread(stage);
    stage.victim = find(name).orElseThrow();
  }

  /** A wait of a virtual thread which another thread ends. */
  private static Scenario.Call wokenOnVirtualThread(Stage stage) {
    stage.virtual = true;
    Stage.Bell bell = stage.new Bell("woken").in();
    Thread other = Thread.ofPlatform().unstarted(bell.waker::wake);
    bell.owed("wake");
    stage.then = thrown -> {
      if (other.getState() == Thread.State.NEW) {
        other.start();
      }
      other.join();
      isHeard(stage);
      othersAreHeard(stage);
    };
    return () -> {
      stage.poll(Duration.ofMillis(1));
      other.start();
      stage.poll(LONG);
    };
  }

  /** A virtual thread can wait, and is told of a wake and of a byte. */
  private static void isHeard(Stage stage) throws Exception {
    stage.poll(Duration.ZERO); // what was owed by the call
    Waiter waiter = new Waiter(stage, true);
    ((Stage.Bell) stage.actors.get("bell")).woken();
    waiter.heard();
    Stage.Wire wire = (Stage.Wire) stage.actors.get("wire1");
    waiter = new Waiter(stage, true);
    wire.ready();
    waiter.heard();
  }

  /** A virtual thread that waits at another registry is told of a byte. */
  private static void othersAreHeard(Stage stage) throws Exception {
    Stage other = new Stage();
    stage.closing.add(other::close);
    Stage.Wire wire = other.new Wire("other").in();
    Waiter waiter = new Waiter(other, true);
    Posix.write(wire.far);
    waiter.heard();
  }

  private static void pollOnVirtualThread(Stage stage) throws InterruptedException {
    Thread.ofVirtual().start(() -> {
      try {
        stage.poll(Duration.ofMillis(1));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }).join();
  }
}
