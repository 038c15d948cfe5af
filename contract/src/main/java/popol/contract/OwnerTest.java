package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Source;

/** Rule 5: what a registry does with the owners of the descriptors it watches, which is to leave them alone. */
class OwnerTest extends ContractTest {

  @Test
  @DisplayName("rule 5: a socket that nobody else holds stays open and is heard of")
  void socketReachable() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket far = registerAndDrop(server)) {
      collectGarbage();
      far.getOutputStream().write('x');
      assertNext(Map.of("key", "readable"), "rule 5: the socket was not collected");
      closeOwner();
    }
  }

  /** In a method of its own, so that no local variable keeps the socket. */
  private Socket registerAndDrop(ServerSocket server) throws Exception {
    Socket near = new Socket(server.getInetAddress(), server.getLocalPort());
    sources.register("key", Source.of(near), Interest.READ);
    return server.accept();
  }

  @Test
  @PosixOnly
  @DisplayName("rule 5: a file descriptor that nobody else holds stays open and is heard of")
  void descriptorReachable() throws Exception {
    Posix.Pair ends = keep(Posix.pipe());
    registerAndDrop(ends.first());
    collectGarbage();
    Posix.write(ends.second(), "x");
    assertNow(Map.of("key", "readable"), "rule 5: the descriptor was not closed by the collector");
    closeStream();
  }

  /** A stream's descriptor is closed when the object that stands for it is collected. */
  private void registerAndDrop(int descriptor) throws Exception {
    FileInputStream stream = new FileInputStream("/dev/fd/" + descriptor);
    sources.register("key", Source.of(stream.getFD()), Interest.READ);
  }

  @Test
  @DisplayName("rule 5: a channel that nobody else holds is given back by its event")
  void channelReachable() throws Exception {
    Pipe.SinkChannel sink = registerPipeAndDrop();
    collectGarbage();
    Link.send(sink, "x");
    for (Event<String> event : sources.poll(SOON)) {
      try (Pipe.SourceChannel source = (Pipe.SourceChannel) event.source().owner()) {
        assertEquals("x", Link.receive(source), "rule 5: the channel works");
      }
    }
    assertNow(Map.of("key", "invalid"), "rule 16: it was closed");
  }

  private Pipe.SinkChannel registerPipeAndDrop() throws Exception {
    Pipe pipe = Pipe.open();
    sources.register("key", pipe.source(), Interest.READ);
    return keep(pipe.sink());
  }

  @Test
  @DisplayName("rule 5: what has been unregistered, or reported as closed, is let go of")
  void letGo() throws Exception {
    sources.register("other", readyPipe().source(), Interest.READ);
    for (WeakReference<Pipe.SourceChannel> owner : List.of(unregistered(), closed())) {
      long start = System.nanoTime();
      while (owner.get() != null && System.nanoTime() - start < SOON.toNanos()) {
        System.gc();
        LockSupport.parkNanos(10_000_000);
      }
      assertNull(owner.get(), "rule 5: it is kept only while it is watched");
    }
  }

  private WeakReference<Pipe.SourceChannel> unregistered() throws Exception {
    Pipe pipe = Pipe.open();
    Link.send(pipe.sink(), "x");
    sources.register("key", pipe.source(), Interest.READ);
    assertNow(Map.of("key", "readable", "other", "readable"), "rule 13: both are ready");
    sources.unregister("key");
    assertNow(Map.of("other", "readable"), "rule 3: it is unregistered");
    pipe.source().close();
    pipe.sink().close();
    return new WeakReference<>(pipe.source());
  }

  private WeakReference<Pipe.SourceChannel> closed() throws Exception {
    Pipe pipe = Pipe.open();
    sources.register("key", pipe.source(), Interest.READ);
    assertNow(Map.of("other", "readable"), "rule 13: it is not ready");
    pipe.source().close();
    pipe.sink().close();
    assertInvalid("key", "rule 16: it was closed");
    assertNow(Map.of("other", "readable"), "rule 16: and is gone");
    return new WeakReference<>(pipe.source());
  }

  @Test
  @DisplayName("rule 5: neither unregistering nor closing the registry closes a source")
  void notClosed() throws Exception {
    Link link = link();
    Pipe pipe = pipe();
    sources.register("link", link.near(), Interest.READ_WRITE);
    sources.register("pipe", pipe.source(), Interest.READ);
    sources.poll(Duration.ZERO);
    sources.unregister("pipe");
    sources.poll(Duration.ZERO);
    sources.close();
    assertTrue(link.near().isOpen() && pipe.source().isOpen(), "rule 5: both are open");
    Link.send(pipe.sink(), "still");
    assertEquals("still", Link.receive(pipe.source()), "rule 5: the pipe works");
    Link.send(link.near(), "here");
    sources = keep(Host.open());
    sources.register("far", link.far(), Interest.READ);
    assertNext(Map.of("far", "readable"), "rule 5: the connection works");
    assertEquals("here", Link.receive(link.far()), "rule 5: the connection works");
  }

  @Test
  @DisplayName("rule 5: a channel in blocking mode is watched and stays in blocking mode")
  void blockingMode() throws Exception {
    Pipe blocking = readyPipe();
    Pipe other = readyPipe();
    other.source().configureBlocking(false);
    sources.register("blocking", blocking.source(), Interest.READ);
    sources.register("other", other.source(), Interest.READ);
    assertNow(Map.of("blocking", "readable", "other", "readable"), "rule 5: the mode does not matter");
    assertTrue(blocking.source().isBlocking(), "rule 5: blocking before, blocking after");
    assertFalse(other.source().isBlocking(), "rule 5: non-blocking before, non-blocking after");
    assertEquals("x", Link.receive(blocking.source()), "rule 5: it reads");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 5: O_NONBLOCK of what is watched is the same before and after")
  void statusFlags() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.Pair sockets = keep(Posix.socketpair());
    PipeSource own = keep(Host.openPipe());
    sources.register("pipe", Source.of(pipe.first()), Interest.READ);
    sources.register("socket", Source.of(sockets.first()), Interest.READ_WRITE);
    sources.register("stdin", Source.stdin(), Interest.NONE);
    sources.register("own", Source.of(own), Interest.READ);
    int stdin = Posix.fcntlGetFlags(0);
    sources.poll(Duration.ofMillis(1));
    sources.unregister("socket");
    sources.poll(Duration.ZERO);
    sources.close();
    assertEquals(0, Posix.fcntlGetFlags(pipe.first()) & Posix.O_NONBLOCK, "rule 5: the pipe still blocks");
    assertEquals(0, Posix.fcntlGetFlags(sockets.first()) & Posix.O_NONBLOCK, "rule 5: the socket still blocks");
    assertEquals(stdin, Posix.fcntlGetFlags(0), "rule 5: standard input is as it was");
  }

  @Test
  @DisplayName("rule 5: the options of sockets of each kind are the same before and after")
  void options() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ServerSocket server = keep(new ServerSocket(0, 1, anyPort.getAddress()));
    Socket socket = keep(new Socket(server.getInetAddress(), server.getLocalPort()));
    Map<String, Source> all = Map.of("connection", Source.of(link().near()), "socket", Source.of(socket),
        "listener", Source.of(keep(ServerSocketChannel.open().bind(anyPort))), "server", Source.of(server),
        "datagrams", Source.of(keep(DatagramChannel.open().bind(anyPort))));
    for (boolean on : new boolean[] {true, false}) { // so that what is switched on, and off, is seen
      socket.setSoTimeout(on ? 1_234 : 0);
      all.values().forEach(source -> setOptions(source.owner(), on));
      Map<String, List<Object>> before = options(all);
      for (Map.Entry<String, Source> one : all.entrySet()) {
        sources.register(one.getKey(), one.getValue(), Interest.NONE);
      }
      sources.poll(Duration.ZERO);
      assertEquals(before, options(all), "rule 5: they are the same while they are watched");
      for (String key : all.keySet()) {
        assertTrue(sources.unregister(key), "rule 3: it was there");
      }
      sources.poll(Duration.ZERO);
      assertEquals(before, options(all), "rule 5: they are the same afterwards");
    }
  }

  private static final List<SocketOption<Boolean>> SWITCHES = List.of(StandardSocketOptions.SO_KEEPALIVE,
      StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_BROADCAST);

  /** Switches on or off what the owner has of them. */
  private static void setOptions(Object owner, boolean on) {
    try {
      for (SocketOption<Boolean> option : SWITCHES) {
        if (owner instanceof NetworkChannel channel && channel.supportedOptions().contains(option)) {
          channel.setOption(option, on);
        } else if (owner instanceof Socket socket && socket.supportedOptions().contains(option)) {
          socket.setOption(option, on);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, List<Object>> options(Map<String, Source> sources) throws IOException {
    List<SocketOption<?>> options = new ArrayList<>(SWITCHES);
    options.add(StandardSocketOptions.SO_LINGER);
    options.add(StandardSocketOptions.SO_REUSEADDR);
    Map<String, List<Object>> values = new HashMap<>();
    for (Map.Entry<String, Source> one : sources.entrySet()) {
      List<Object> of = values.computeIfAbsent(one.getKey(), key -> new ArrayList<>());
      for (SocketOption<?> option : options) {
        if (one.getValue().owner() instanceof NetworkChannel channel && channel.supportedOptions().contains(option)) {
          of.add(channel.getOption(option));
        } else if (one.getValue().owner() instanceof Socket socket && socket.supportedOptions().contains(option)) {
          of.add(socket.getOption(option));
        }
      }
      if (one.getValue().owner() instanceof Socket socket) {
        of.add(socket.getSoTimeout());
      } else if (one.getValue().owner() instanceof ServerSocket socket) {
        of.add(socket.getSoTimeout());
      }
    }
    return values;
  }

  private static void collectGarbage() {
    WeakReference<Object> canary = new WeakReference<>(new Object());
    while (canary.get() != null) {
      System.gc();
    }
    System.gc();
  }

  /** A stream on the same descriptor closes it. */
  private void closeStream() throws Exception {
    for (Event<String> event : sources.poll(SOON)) {
      new FileInputStream((FileDescriptor) event.source().owner()).close();
    }
  }

  private void closeOwner() throws Exception {
    for (Event<String> event : sources.poll(SOON)) {
      ((AutoCloseable) event.source().owner()).close();
    }
  }
}
