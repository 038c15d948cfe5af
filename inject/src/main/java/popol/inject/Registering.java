package popol.inject;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;

/** Calls that register, change and remove, and those that ask. */
final class Registering {

  /** Sizes around those at which an array of the registry or of the poller grows. */
  static final int[] SIZES = {0, 1, 2, 3, 4, 7, 8, 11, 12, 15, 16, 24, 31, 32, 63, 64};

  private static final Duration HOUR = Duration.ofHours(1);

  private final List<Scenario> all = new ArrayList<>();

  private Registering() {}

  static List<Scenario> all() {
    Registering registering = new Registering();
    registering.sizes();
    registering.kinds();
    registering.refusals();
    registering.replacing();
    registering.removing();
    registering.changing();
    registering.timers();
    registering.asking();
    return registering.all;
  }

  private void add(String name, Scenario.Script script) {
    all.add(new Scenario(name, script));
  }

  private void sizes() {
    for (int size : SIZES) {
      add("register, " + size + " there", stage -> {
        stage.wires(size);
        return registers(stage, stage.new Wire("new"));
      });
      add("register, " + size + " in the poller", stage -> {
        stage.wires(size);
        stage.poll(Duration.ZERO);
        return registers(stage, stage.new Wire("new"));
      });
      add("waker, " + size + " there", stage -> {
        for (int i = 0; i < size; i++) {
          stage.new Bell("bell" + i).in();
        }
        Stage.Bell bell = stage.new Bell("new");
        stage.then = thrown -> bell.unsure = true;
        return bell::in;
      });
      add("timer, " + size + " there", stage -> {
        for (int i = 0; i < size; i++) {
          stage.new Clock("clock" + i).in();
        }
        Stage.Clock clock = stage.new Clock("new");
        return sets(stage, clock, () -> stage.sources.timer(clock.key, Duration.ZERO));
      });
    }
    for (int number : new int[] {70, 150, 700}) {
      add("register descriptor " + number, stage -> {
        stage.extras();
        stage.poll(Duration.ZERO);
        int[] ends = Posix.pipe();
        Posix.dup2(ends[0], number);
        Posix.close(ends[0]);
        return registers(stage, stage.new Wire("new", number, ends[1]));
      });
    }
  }

  /** Every kind of source. What it reports is tested elsewhere: here it is registered or not, and the others work. */
  private void kinds() {
    kind("PipeSource", stage -> Source.of(closing(stage, PipeSource.open())));
    kind("PipeSink", stage -> Source.of(closing(stage, PipeSink.open())));
    kind("owned PipeSource", stage -> Source.of(closing(stage, PipeSource.open())).owned());
    kind("Pipe.SourceChannel", stage -> {
      Pipe pipe = pipe(stage);
      pipe.source().configureBlocking(false);
      return Source.of(pipe.source());
    });
    kind("SocketChannel", stage -> Source.of(connected(stage)));
    kind("non-blocking SocketChannel", stage -> {
      SocketChannel channel = connected(stage);
      channel.configureBlocking(false);
      return Source.of(channel);
    });
    kind("ServerSocketChannel", stage -> Source.of(
        closing(stage, ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))));
    kind("DatagramChannel", stage -> Source
        .of(closing(stage, DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))));
    kind("ServerSocket", stage -> Source.of(closing(stage, new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))));
    kind("Socket", stage -> {
      ServerSocket server = closing(stage, new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      Socket near = closing(stage, new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()));
      closing(stage, server.accept());
      return Source.of(near);
    });
    kind("DatagramSocket", stage -> Source.of(closing(stage, new DatagramSocket(0, InetAddress.getLoopbackAddress()))));
    kind("standard input", stage -> Source.stdin());
    kind("descriptor of a channel", stage -> {
      int[] ends = Posix.pipe();
      stage.closing.add(() -> Posix.close(ends[0]));
      stage.closing.add(() -> Posix.close(ends[1]));
      return Source.of(ends[0], (Channel) pipe(stage).source());
    });
  }

  private interface Making {
    Source make(Stage stage) throws Exception;
  }

  private void kind(String name, Making making) {
    add("register " + name, stage -> {
      stage.extras();
      stage.poll(Duration.ZERO);
      Source source = making.make(stage);
      Key key = new Key("new");
      stage.then = thrown -> {
        if (!stage.sources.contains(key)) {
          if (thrown == null) {
            throw new Violation("register has returned, and the key is not there");
          }
          stage.sources.register(key, source, Interest.NONE);
        }
        if (stage.sources.source(key).orElse(null) != source) {
          throw new Violation("source(key) is another one");
        }
        stage.poll(Duration.ZERO);
        if (!stage.sources.unregister(key)) {
          throw new Violation("it cannot be unregistered");
        }
      };
      return () -> stage.sources.register(key, source, Interest.NONE);
    });
  }

  private static <T extends AutoCloseable> T closing(Stage stage, T one) {
    stage.closing.add(one);
    return one;
  }

  private static Pipe pipe(Stage stage) throws Exception {
    Pipe pipe = Pipe.open();
    stage.closing.add(pipe.source());
    stage.closing.add(pipe.sink());
    return pipe;
  }

  private static SocketChannel connected(Stage stage) throws Exception {
    ServerSocketChannel server = closing(stage,
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    SocketChannel near = closing(stage, SocketChannel.open(server.getLocalAddress()));
    closing(stage, server.accept());
    return near;
  }

  private void refusals() {
    add("register a key that is there", stage -> {
      stage.extras();
      Stage.Wire other = stage.new Wire("other");
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.register(new Key("wire0"), other.source, Interest.READ);
    });
    add("register a descriptor that is there", stage -> {
      stage.extras();
      Stage.Wire wire = (Stage.Wire) stage.actors.get("wire0");
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.register(new Key("other"), wire.source, Interest.READ);
    });
    add("register a descriptor below 0", stage -> {
      stage.extras();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.register(new Key("other"), Source.of(-1), Interest.READ);
    });
    add("register a closed channel", stage -> {
      stage.extras();
      Stage.Channel channel = stage.new Channel("closed");
      channel.near().close();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.register(channel.key, channel.near(), Interest.READ);
    });
    add("waker of a key that is there", stage -> {
      stage.extras();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.waker(new Key("wire0"));
    });
    add("timer of a key that is there", stage -> {
      stage.extras();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.timer(new Key("wire0"), HOUR);
    });
    add("interest of a timer", stage -> {
      stage.extras();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.interest(new Key("clock"), Interest.READ);
    });
    add("register the registry's own descriptor", stage -> {
      Set<Integer> before = Posix.open();
      Stage other = new Stage();
      stage.closing.add(other::close);
      Set<Integer> own = Posix.open();
      own.removeAll(before);
      int number = own.iterator().next();
      stage.expected = IllegalArgumentException.class;
      stage.then = thrown -> {
        if (!other.sources.isEmpty()) {
          throw new Violation("it is registered");
        }
        other.check(thrown);
      };
      return () -> other.sources.register(new Key("own"), Source.of(number), Interest.READ);
    });
    add("timer without a period", stage -> {
      stage.extras();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.timer(new Key("other"), HOUR, Duration.ZERO);
    });
    add("register with a closed registry", stage -> {
      Stage.Wire wire = stage.new Wire("other");
      stage.sources.close();
      stage.closed = true;
      stage.expected = ClosedSelectorException.class;
      return () -> stage.sources.register(wire.key, wire.source, Interest.READ);
    });
    add("poll with a negative timeout", stage -> {
      stage.extras();
      stage.expected = IllegalArgumentException.class;
      return () -> stage.sources.poll(Duration.ofNanos(-1));
    });
  }

  private void replacing() {
    add("register a descriptor whose channel was closed", stage -> {
      stage.extras();
      stage.poll(Duration.ZERO);
      Stage.Channel old = stage.new Channel("old").in();
      stage.poll(Duration.ZERO);
      Stage.Wire young = reuse(stage, old);
      return registers(stage, young);
    });
    add("register a key whose channel was closed", stage -> {
      stage.extras();
      Stage.Channel old = stage.new Channel("new").in();
      stage.poll(Duration.ZERO);
      old.dead();
      old.once = null;
      stage.closing.add(old::close);
      Stage.Wire young = stage.new Wire("new"); // takes the place of the old one among the actors
      stage.then = thrown -> {
        young.unsure = false;
        if (thrown == null) {
          young.registered = true;
        } else if (stage.sources.source(young.key).orElse(null) == young.source) {
          young.registered = true;
        } else {
          young.in(); // the dead one is there, or is not: both make way
        }
      };
      return () -> stage.sources.register(young.key, young.source, Interest.READ);
    });
    for (String kind : List.of("waker", "timer")) {
      add(kind + " of a key whose channel was closed", stage -> {
        stage.extras();
        Stage.Channel old = stage.new Channel("new").in();
        stage.poll(Duration.ZERO);
        old.dead();
        stage.closing.add(old::close);
        Actor young = kind.equals("waker") ? stage.new Bell("new") : stage.new Clock("new");
        stage.then = thrown -> {
          if (thrown == null) {
            young.registered = true;
          } else {
            young.register(stage); // the dead one is there, or is not: both make way
          }
        };
        return () -> young.register(stage);
      });
    }
  }

  /** A pipe whose read end has the number of a channel that is registered and is closed here. */
  private static Stage.Wire reuse(Stage stage, Stage.Channel old) throws Exception {
    int[] ends = Posix.pipe();
    Set<Integer> before = Posix.open();
    old.dead();
    before.removeAll(Posix.open());
    int number = before.iterator().next();
    Posix.dup2(ends[0], number);
    Posix.close(ends[0]);
    return stage.new Wire("new", number, ends[1]);
  }

  private void removing() {
    for (String when : List.of("not in the poller", "in the poller", "ready", "reported")) {
      add("unregister a source that is " + when, stage -> {
        Stage.Wire wire = stage.new Wire("gone").in();
        stage.extras();
        if (!when.equals("not in the poller")) {
          stage.poll(Duration.ZERO);
        }
        if (when.equals("ready") || when.equals("reported")) {
          wire.ready();
        }
        if (when.equals("reported")) {
          stage.poll(Duration.ZERO);
        }
        return unregisters(stage, wire);
      });
    }
    add("unregister a closed channel", stage -> {
      Stage.Channel channel = stage.new Channel("gone").in();
      stage.extras();
      stage.poll(Duration.ZERO);
      channel.dead();
      return unregisters(stage, channel);
    });
    add("unregister a waker that was woken", stage -> {
      Stage.Bell bell = stage.new Bell("gone").in().woken();
      stage.extras();
      return unregisters(stage, bell);
    });
    add("close a waker that was woken", stage -> {
      Stage.Bell bell = stage.new Bell("gone").in().woken();
      stage.extras();
      unregisters(stage, bell);
      return bell.waker::close;
    });
    add("unregister a timer", stage -> {
      Stage.Clock clock = stage.new Clock("gone").in();
      stage.extras();
      return unregisters(stage, clock);
    });
    add("unregister an unknown key", stage -> {
      stage.extras();
      return () -> stage.sources.unregister(new Key("nobody"));
    });
  }

  private static Scenario.Call unregisters(Stage stage, Actor actor) {
    stage.then = thrown -> {
      if (thrown == null) {
        actor.registered = false;
        actor.silent();
      } else if (!stage.sources.contains(actor.key)) {
        actor.registered = false;
        actor.silent();
      }
    };
    return () -> stage.sources.unregister(actor.key);
  }

  private void changing() {
    for (boolean known : new boolean[] {false, true}) {
      String where = known ? ", in the poller" : "";
      change("interest" + where, known, Interest.NONE, Interest.READ,
          (stage, key) -> stage.sources.interest(key, Interest.READ));
      change("enable" + where, known, Interest.PRIORITY, Interest.READ.plus(Interest.PRIORITY),
          (stage, key) -> stage.sources.enable(key, Interest.READ));
      change("disable" + where, known, Interest.READ, Interest.NONE,
          (stage, key) -> stage.sources.disable(key, Interest.READ));
    }
    add("interest of one that was reported once", stage -> {
      stage.extras();
      Stage.Wire wire = stage.new Wire("once");
      wire.interest = Interest.READ.plus(Interest.ONCE);
      wire.in().ready();
      stage.poll(Duration.ZERO);
      wire.silent();
      stage.then = thrown -> {
        if (thrown != null) {
          stage.sources.interest(wire.key, wire.interest);
        }
        wire.owed("readable");
        wire.mute = true;
      };
      return () -> stage.sources.interest(wire.key, wire.interest);
    });
    add("interest of an unknown key", stage -> {
      stage.extras();
      return () -> stage.sources.interest(new Key("nobody"), Interest.READ);
    });
  }

  private interface Change {
    void make(Stage stage, Key key);
  }

  private void change(String name, boolean known, Interest before, Interest after, Change change) {
    add(name, stage -> {
      Stage.Wire wire = stage.new Wire("changed");
      wire.interest = before;
      wire.in();
      stage.extras();
      if (known) {
        stage.poll(Duration.ZERO);
      }
      Posix.write(wire.far);
      wire.mute = true;
      stage.then = thrown -> {
        Interest now = stage.sources.interest(wire.key).orElse(null);
        if (now != after && (thrown == null || now != before)) {
          throw new Violation("the interest is " + now);
        }
        wire.level = now.includes(Interest.READ) ? "readable" : null;
      };
      return () -> change.make(stage, wire.key);
    });
  }

  private void timers() {
    add("timer of zero", stage -> {
      stage.extras();
      Stage.Clock clock = stage.new Clock("new");
      return sets(stage, clock, () -> stage.sources.timer(clock.key, Duration.ZERO));
    });
    add("timer set again", stage -> {
      stage.extras();
      Stage.Clock clock = stage.new Clock("again").in();
      return sets(stage, clock, () -> stage.sources.timer(clock.key, Duration.ZERO));
    });
    add("timer set again that has expired", stage -> {
      stage.extras();
      Stage.Clock clock = stage.new Clock("again").expired();
      stage.then = thrown -> {
        clock.unsure = false;
        if (thrown == null) {
          clock.silent();
          clock.leaves = false;
        } else { // set anew or not
          clock.owed("expired", 0, 1);
          clock.registered = stage.sources.contains(clock.key);
          clock.in();
          clock.silent();
          clock.leaves = false;
        }
      };
      return () -> stage.sources.timer(clock.key, HOUR);
    });
    add("periodic timer", stage -> {
      stage.extras();
      Stage.Clock clock = stage.new Clock("new");
      return sets(stage, clock, () -> stage.sources.timer(clock.key, Duration.ZERO, HOUR));
    });
    add("timer made periodic", stage -> {
      stage.extras();
      Stage.Clock clock = stage.new Clock("again").in();
      return sets(stage, clock, () -> stage.sources.timer(clock.key, Duration.ZERO, HOUR));
    });
  }

  /** A call that has a timer expire at once, or has not happened. A periodic one stays. */
  private static Scenario.Call sets(Stage stage, Stage.Clock clock, Scenario.Call call) {
    boolean before = clock.registered;
    stage.then = thrown -> {
      if (thrown == null) {
        clock.owed("expired");
        clock.registered = true;
        stage.poll(Duration.ZERO);
        clock.registered = stage.sources.contains(clock.key);
        if (!clock.registered) {
          clock.in(); // the key is free once the event was delivered
        }
      } else if (stage.sources.contains(clock.key)) {
        clock.registered = true;
        clock.owed("expired", before ? 0 : 1, 1);
        stage.poll(Duration.ZERO);
        clock.in();
      } else if (before) {
        throw new Violation("the timer is gone, and its expiry was not reported");
      } else {
        clock.in();
      }
    };
    return call;
  }

  private void asking() {
    add("contains, size, isEmpty, isOpen", stage -> {
      stage.extras();
      return () -> {
        boolean right = stage.sources.contains(new Key("wire0")) && stage.sources.size() == 5
            && !stage.sources.isEmpty() && stage.sources.isOpen();
        require(right);
      };
    });
    add("interest(key), source(key)", stage -> {
      stage.extras();
      return () -> {
        require(stage.sources.interest(new Key("wire0")).equals(Optional.of(Interest.READ)));
        require(stage.sources.source(new Key("wire0")).isPresent());
        require(stage.sources.interest(new Key("bell")).isEmpty());
      };
    });
    add("keys", stage -> {
      stage.extras();
      return () -> require(stage.sources.keys().size() == 5);
    });
    add("Source.of, owned, toString", stage -> {
      Stage.Channel channel = stage.new Channel("channel");
      stage.actors.remove("channel");
      stage.closing.add(channel::close);
      return () -> {
        require(!Source.of(7).toString().isEmpty() && !Source.of(FileDescriptor.in).toString().isEmpty());
        Source source = Source.of(channel.near());
        require(source.owned().isOwned() && !source.isOwned() && !source.owned().toString().isEmpty());
        require(Interest.READ.plus(Interest.WRITE).equals(Interest.READ_WRITE));
      };
    });
    add("toString of a waker", stage -> {
      stage.extras();
      Stage.Bell bell = (Stage.Bell) stage.actors.get("bell");
      return () -> require(bell.waker.toString().contains("bell"));
    });
    add("describe, toString", stage -> {
      stage.extras();
      return () -> require(!stage.sources.describe().isEmpty() && !stage.sources.toString().isEmpty());
    });
  }

  private static void require(boolean right) {
    if (!right) {
      throw new Violation("a wrong answer");
    }
  }

  /** A call that registers, or has not happened. */
  private static Scenario.Call registers(Stage stage, Stage.Wire wire) {
    stage.then = thrown -> {
      wire.unsure = true;
      if (thrown == null && !stage.sources.contains(wire.key)) {
        throw new Violation("register has returned, and the key is not there");
      }
    };
    return () -> stage.sources.register(wire.key, wire.source, wire.interest);
  }
}
