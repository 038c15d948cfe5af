package popol.itest.consumer;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;
import popol.itest.probe.Probe;

/** Does with a popol service what a test wishes. */
class Uses implements Probe {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Popol popol;

  Uses(Popol popol) {
    this.popol = popol;
  }

  @Override
  public Object popol() {
    return popol;
  }

  @Override
  public String mechanism() {
    return popol.mechanism();
  }

  @Override
  public String echo(String text) throws Exception {
    try (Sources<String> sources = popol.open();
        PipeSource pipe = popol.openPipe()) {
      sources.register("pipe", Source.of(pipe), Interest.READ);
      try (OutputStream out = new FileOutputStream(pipe.writeEnd())) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      for (Event<String> event : sources.poll(LONG)) {
        if (event.isReadable()) {
          ByteBuffer buffer = ByteBuffer.allocate(1024);
          pipe.read(buffer);
          return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
      }
      throw new IOException("nothing to read after " + LONG);
    }
  }

  @Override
  public Wait startWait(Thread.Builder builder) throws IOException {
    return startWait(builder, silent());
  }

  private static Wait startWait(Thread.Builder builder, Sources<String> sources) {
    FutureTask<Integer> wait = new FutureTask<>(() -> sources.poll().size());
    return new Wait(builder.start(wait), wait);
  }

  /** A registry with a pipe in it that stays silent. */
  private Sources<String> silent() throws IOException {
    Sources<String> sources = popol.open();
    sources.register("pipe", Source.of(popol.openPipe()), Interest.READ);
    return sources;
  }

  @Override
  public Work startWork(Task task) throws IOException {
    return switch (task) {
      case REGISTER -> startRegistering();
      case OPEN -> startWork(() -> {
        popol.open().close();
        popol.openPipe().close();
        return null;
      });
      case ECHO -> startWork(() -> echo("text"));
    };
  }

  private Work startRegistering() throws IOException {
    Sources<String> sources = silent();
    Source pipe = Source.of(popol.openPipe());
    startWait(thread("wait"), sources);
    return startWork(() -> {
      sources.register("other", pipe, Interest.READ);
      return sources.unregister("other");
    });
  }

  private static Work startWork(Callable<?> task) {
    AtomicLong rounds = new AtomicLong();
    FutureTask<Void> work = new FutureTask<>(() -> {
      while (true) {
        task.call();
        rounds.incrementAndGet();
      }
    });
    return new Work(thread("work").start(work), work, rounds::get);
  }

  private static Thread.Builder thread(String name) {
    return Thread.ofPlatform().name("popol-consumer-" + name).daemon();
  }

  @Override
  public Server startServer() throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
    EchoServer server = new EchoServer(popol.open(), listener);
    FutureTask<Void> wait = new FutureTask<>(server);
    return new Server(listener.socket().getLocalPort(), new Wait(thread("server").start(wait), wait));
  }

  @Override
  public void open() throws IOException {
    popol.open().close();
  }

  @Override
  public String openWithoutService() throws IOException {
    try (Sources<String> sources = Sources.open()) {
      return sources.toString();
    }
  }

  @Override
  public void register(SelectableChannel channel) throws IOException {
    try (Sources<String> sources = popol.open()) {
      sources.register("channel", channel, Interest.READ);
    }
  }
}
