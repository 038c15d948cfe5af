package popol.inject;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;

/** Calls that open and close, and those of pipes. */
final class Ending {

  private static final String FAILS = "this channel fails when it is closed";

  private final List<Scenario> all = new ArrayList<>();

  private Ending() {}

  static List<Scenario> all() {
    Ending ending = new Ending();
    ending.opening();
    ending.closing();
    ending.pipes();
    ending.sinks();
    return ending.all;
  }

  private void add(String name, Scenario.Script script) {
    all.add(new Scenario(name, script));
  }

  // Opening

  private interface Opening {
    AutoCloseable open() throws IOException;
  }

  private void opening() {
    opens("Sources.open", Sources::open);
    opens("PipeSource.open", PipeSource::open);
    opens("PipeSink.open", PipeSink::open);
    Popol popol = Popol.provider();
    opens("Popol.open", popol::open);
    opens("Popol.openPipe", popol::openPipe);
    opens("Popol.openSink", popol::openSink);
  }

  /** What has not been opened has left nothing behind. */
  private void opens(String name, Opening opening) {
    add(name, stage -> {
      AutoCloseable[] opened = new AutoCloseable[1];
      stage.then = thrown -> {
        if (opened[0] != null) {
          opened[0].close();
        }
      };
      return () -> opened[0] = opening.open();
    });
  }

  // Closing

  private void closing() {
    for (int size : new int[] {0, 1, 3, 17}) {
      for (boolean known : new boolean[] {false, true}) {
        add("close, " + size + " sources" + (known ? " in the poller" : ""), stage -> {
          stage.wires(size);
          if (known) {
            stage.poll(Duration.ZERO);
          }
          return closes(stage);
        });
      }
    }
    add("close, entries of all kinds", stage -> {
      stage.extras();
      stage.new Wire("ready").in().ready();
      stage.new Bell("woken").in().woken();
      stage.new Clock("expired").expired();
      stage.poll(Duration.ZERO);
      stage.forget();
      ((Stage.Clock) stage.actors.get("expired")).registered = false;
      ((Stage.Bell) stage.actors.get("woken")).silent();
      stage.actors.get("expired").silent();
      return closes(stage);
    });
    add("close in the loop", stage -> {
      stage.extras();
      stage.new Bell("first").in().woken();
      stage.new Bell("second").in().woken();
      stage.closed = true;
      return () -> {
        for (var event : stage.sources.poll(Duration.ZERO)) {
          stage.take(event);
          stage.sources.close();
        }
      };
    });
    add("close, owned sources", stage -> {
      stage.wires(1);
      List<Channel> owned = own(stage, null, false);
      return closesOwned(stage, owned);
    });
    for (Throwable failure : List.of(new IOException(FAILS), new IllegalStateException(FAILS), new Error(FAILS))) {
      for (boolean two : new boolean[] {false, true}) {
        String how = (two ? "two throw " : "one throws ") + failure.getClass().getSimpleName();
        add("close, owned sources of which " + how, stage -> {
          stage.wires(1);
          List<Channel> owned = own(stage, failure, two);
          stage.expected = failure instanceof IOException ? UncheckedIOException.class : failure.getClass();
          return closesOwned(stage, owned);
        });
      }
    }
    add("close, nothing left to close", stage -> {
      stage.sources.close();
      stage.closed = true;
      return stage.sources::close;
    });
    add("end of the service", stage -> {
      Popol service = Popol.provider().getClass().getConstructor().newInstance(); // a bundle's own
      Method stop = service.getClass().getSuperclass().getDeclaredMethod("closeAll"); // as its component does
      stop.setAccessible(true);
      List<AutoCloseable> opened = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Sources<Key> sources = service.open();
        PipeSource pipe = service.openPipe();
        PipeSink sink = service.openSink();
        sources.register(new Key("pipe"), Source.of(pipe), Interest.READ);
        opened.addAll(List.of(sources, pipe, sink));
      }
      stage.then = thrown -> {
        stop.invoke(service);
        for (AutoCloseable one : opened) {
          if (one instanceof Channel channel ? channel.isOpen() : ((Sources<?>) one).isOpen()) {
            throw new Violation(one + " is open after the service has ended");
          }
        }
      };
      return () -> {
        try {
          stop.invoke(service);
        } catch (InvocationTargetException e) {
          throw e.getCause();
        }
      };
    });
  }

  /**
   * Has the registry own four channels; the second one fails when it is closed, and the third one as well, or neither.
   */
  private static List<Channel> own(Stage stage, Throwable failure, boolean two)
      throws IOException, InterruptedException {
    List<Channel> owned = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Stage.Wire wire = stage.new Wire("below" + i);
      stage.actors.remove("below" + i);
      stage.closing.add(wire::close);
      Channel channel = switch (i) {
        case 0 -> SocketChannel.open();
        case 1 -> new Owner(failure);
        case 2 -> two ? new Owner(new IOException(FAILS)) : PipeSource.open();
        default -> PipeSource.open();
      };
      owned.add(channel);
      Source source = channel instanceof PipeSource pipe ? Source.of(pipe) : Source.of(wire.near, channel);
      stage.sources.register(new Key("owned" + i), source.owned(), Interest.READ);
    }
    stage.poll(Duration.ZERO);
    return owned;
  }

  /** Another library's channel. */
  private static final class Owner implements Channel {

    private final Throwable failure; // null for none
    private boolean open = true;

    Owner(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    /** Fails the first time. */
    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        switch (failure) {
          case null -> {}
          case IOException e -> throw e;
          case RuntimeException e -> throw e;
          default -> throw (Error) failure;
        }
      }
    }
  }

  /**
   * Closing, if it throws, has not happened, and the registry works; or it is done, and a second call does the rest.
   */
  private static Scenario.Call closes(Stage stage) {
    stage.closed = true;
    return stage.sources::close;
  }

  private static Scenario.Call closesOwned(Stage stage, List<Channel> owned) {
    stage.closed = true;
    stage.then = thrown -> {
      stage.sources.close();
      for (Channel channel : owned) {
        if (channel.isOpen()) {
          channel.close();
          throw new Violation(channel.getClass() + ", which the registry owns, is open after close");
        }
      }
    };
    return stage.sources::close;
  }

  // Pipes

  private static final byte[] DATA = {1, 2, 3, 4, 5};

  private void pipes() {
    for (String kind : List.of("direct", "heap", "large heap")) {
      add("PipeSource.read into a " + kind + " buffer", stage -> {
        PipeSource pipe = source(stage);
        try (OutputStream out = new FileOutputStream(pipe.writeEnd())) {
          out.write(DATA);
        }
        ByteBuffer buffer = buffer(kind);
        stage.then = thrown -> {
          pipe.read(buffer);
          requireData(buffer);
        };
        return () -> pipe.read(buffer);
      });
    }
    add("PipeSource.read, nothing there", stage -> {
      PipeSource pipe = source(stage);
      return () -> pipe.read(ByteBuffer.allocate(8));
    });
    add("PipeSource.read at the end", stage -> {
      PipeSource pipe = source(stage);
      pipe.closeWriteEnd();
      return () -> {
        if (pipe.read(ByteBuffer.allocate(8)) != -1) {
          throw new Violation("the end is not told");
        }
      };
    });
    add("PipeSource.start", stage -> {
      PipeSource pipe = source(stage);
      ProcessBuilder builder = new ProcessBuilder("true");
      Process[] child = new Process[1];
      stage.then = thrown -> {
        if (builder.redirectOutput() != ProcessBuilder.Redirect.PIPE) {
          throw new Violation("the builder is redirected after the start");
        }
        if (isOpen(pipe::writeEnd)) {
          if (thrown == null) {
            throw new Violation("the write end is open after the start");
          }
          child[0] = pipe.start(builder);
        }
        if (child[0] != null) {
          child[0].waitFor();
        }
        end(pipe);
      };
      return () -> child[0] = pipe.start(builder);
    });
    add("PipeSource.closeWriteEnd", stage -> {
      PipeSource pipe = source(stage);
      stage.then = thrown -> {
        pipe.closeWriteEnd();
        end(pipe);
      };
      return pipe::closeWriteEnd;
    });
    add("PipeSource.writeEnd, toString", stage -> {
      PipeSource pipe = source(stage);
      return () -> {
        pipe.writeEnd();
        pipe.toString();
      };
    });
    add("PipeSource.close", stage -> {
      PipeSource pipe = source(stage);
      return pipe::close;
    });
    add("PipeSource.close, registered", stage -> {
      stage.extras();
      PipeSource pipe = source(stage);
      Key key = new Key("pipe");
      stage.sources.register(key, Source.of(pipe), Interest.READ);
      stage.poll(Duration.ZERO);
      stage.then = thrown -> {
        pipe.close();
        stage.sources.unregister(key);
      };
      return pipe::close;
    });
  }

  private void sinks() {
    for (String kind : List.of("direct", "heap")) {
      add("PipeSink.write of a " + kind + " buffer", stage -> {
        PipeSink pipe = sink(stage);
        ByteBuffer buffer = buffer(kind);
        buffer.put(DATA).flip();
        InputStream in = new FileInputStream(pipe.readEnd());
        stage.closing.add(in);
        stage.then = thrown -> {
          if (buffer.hasRemaining()) {
            if (thrown == null) {
              throw new Violation("not all was written");
            }
            pipe.write(buffer);
          }
          ByteBuffer read = ByteBuffer.wrap(new byte[16]);
          read.position(in.read(read.array()));
          requireData(read);
        };
        return () -> pipe.write(buffer);
      });
    }
    add("PipeSink.start", stage -> {
      PipeSink pipe = sink(stage);
      ProcessBuilder builder = new ProcessBuilder("true");
      Process[] child = new Process[1];
      stage.then = thrown -> {
        if (builder.redirectInput() != ProcessBuilder.Redirect.PIPE) {
          throw new Violation("the builder is redirected after the start");
        }
        if (isOpen(pipe::readEnd)) {
          if (thrown == null) {
            throw new Violation("the read end is open after the start");
          }
          child[0] = pipe.start(builder);
        }
        if (child[0] != null) {
          child[0].waitFor();
        }
      };
      return () -> child[0] = pipe.start(builder);
    });
    add("PipeSink.closeReadEnd", stage -> {
      PipeSink pipe = sink(stage);
      stage.then = thrown -> pipe.closeReadEnd();
      return pipe::closeReadEnd;
    });
    add("PipeSink.close", stage -> {
      PipeSink pipe = sink(stage);
      return pipe::close;
    });
  }

  private static PipeSource source(Stage stage) throws IOException {
    PipeSource pipe = PipeSource.open();
    stage.closing.add(pipe);
    return pipe;
  }

  private static PipeSink sink(Stage stage) throws IOException {
    PipeSink pipe = PipeSink.open();
    stage.closing.add(pipe);
    return pipe;
  }

  private static boolean isOpen(Supplier<?> end) {
    try {
      end.get();
      return true;
    } catch (IllegalStateException closed) {
      return false;
    }
  }

  private static ByteBuffer buffer(String kind) {
    return kind.equals("direct")
        ? ByteBuffer.allocateDirect(16)
        : ByteBuffer.allocate(kind.equals("heap") ? 16 : 100_000);
  }

  private static void requireData(ByteBuffer buffer) {
    ByteBuffer read = buffer.duplicate().flip();
    if (!read.equals(ByteBuffer.wrap(DATA))) {
      throw new Violation("the bytes are lost or doubled: there are " + read.remaining());
    }
  }

  private static void end(PipeSource pipe) throws Exception {
    long end = System.nanoTime() + 1_000_000_000L;
    while (pipe.read(ByteBuffer.allocate(8)) != -1) {
      if (System.nanoTime() - end > 0) {
        throw new Violation("the end of the pipe does not come");
      }
      Thread.sleep(1);
    }
  }
}
