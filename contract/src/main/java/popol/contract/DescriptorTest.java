package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** With the flags: every object that the JDK and users can make is found right, or refused by an error that helps. */
class DescriptorTest extends ContractTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private interface Sender {
    void send() throws Exception;
  }

  /** That the descriptor which popol finds is the one that this sender sends to. */
  private void assertFound(Source source, Sender sender) throws Exception {
    sources.register("key", source, Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was sent");
    sender.send();
    assertNext(Map.of("key", "readable"), "rule 13: the descriptor is the right one");
    assertTrue(sources.unregister("key"), "rule 3: it was registered");
  }

  /** That registering fails, and nothing is registered after it. */
  private <T extends RuntimeException> String assertRefused(Class<T> type, Source source, String help) {
    String message = assertThrows(type, () -> sources.register("key", source, Interest.READ),
        "errors: it is refused").getMessage();
    assertTrue(message.contains(source.toString()), "errors: the message names the object: " + message);
    assertTrue(message.contains(help), "errors: the message says what to do: " + message);
    assertTrue(sources.isEmpty(), "errors: the registry is as before");
    return message;
  }

  private void assertLayered(Source source) {
    assertRefused(IllegalStateException.class, source, "register the socket below");
  }

  private ServerSocket server() throws Exception {
    return keep(new ServerSocket(0, 5, HERE));
  }

  @Test
  @DisplayName("errors: an SSLSocket that is connected itself is found, and its closing is seen")
  void ssl() throws Exception {
    ServerSocket server = server();
    Socket near = keep(SSLSocketFactory.getDefault().createSocket(HERE, server.getLocalPort()));
    Socket far = keep(server.accept());
    assertFound(Source.of(near), () -> far.getOutputStream().write('x'));
    ServerSocket sslServer = keep(SSLServerSocketFactory.getDefault().createServerSocket(0, 5, HERE));
    assertFound(Source.of(sslServer), () -> keep(new Socket(HERE, sslServer.getLocalPort())));
    keep(sslServer.accept());
    Socket client = keep(new Socket(HERE, sslServer.getLocalPort()));
    Socket accepted = keep(sslServer.accept());
    assertFound(Source.of(accepted), () -> client.getOutputStream().write('x'));
    sources.register("closed", Source.of(accepted), Interest.NONE);
    accepted.close();
    assertInvalid("closed", "rule 16: its closing is seen");
  }

  @Test
  @DisplayName("errors: an SSLSocket that is layered over another socket is refused; the one below can be registered")
  void layered() throws Exception {
    ServerSocket server = server();
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    Socket below = keep(new Socket(HERE, server.getLocalPort()));
    assertLayered(Source.of(factory.createSocket(below, "localhost", server.getLocalPort(), false)));
    SocketChannel channel = keep(SocketChannel.open(server.getLocalSocketAddress()));
    assertLayered(Source.of(factory.createSocket(channel.socket(), "localhost", server.getLocalPort(), false)));
    sources.register("below", Source.of(below), Interest.NONE);
    below.close();
    assertInvalid("below", "rule 16: its closing is seen");
  }

  @Test
  @DisplayName("errors: sockets that hand their calls to another one are refused, whatever they have themselves")
  void wrappers() throws Exception {
    ServerSocket server = server();
    Socket to = keep(new Socket(HERE, server.getLocalPort()));
    assertLayered(Source.of(keep(new WrapperSockets.Client(to))));
    Socket created = keep(new WrapperSockets.Client(to));
    created.setKeepAlive(true); // which gives it a descriptor of its own, not connected
    assertLayered(Source.of(created));
    assertLayered(
        Source.of(keep(new WrapperSockets.OfChannel(keep(SocketChannel.open(server.getLocalSocketAddress()))))));
    ServerSocket wrapper = keep(new WrapperSockets.Server());
    assertLayered(Source.of(wrapper));
    wrapper.setReuseAddress(true);
    assertLayered(Source.of(wrapper));
    assertLayered(Source.of(keep(new WrapperSockets.Datagrams(keep(new DatagramSocket(0, HERE))))));
  }

  @Test
  @DisplayName("errors: sockets of users' classes with a descriptor of their own are found, accepted ones too")
  void subclasses() throws Exception {
    ServerSocket server = keep(new WrapperSockets.Accepting(Link.anyPort()));
    assertFound(Source.of(server), () -> keep(new Socket(HERE, server.getLocalPort())));
    keep(server.accept());
    Socket far = keep(new Socket(HERE, server.getLocalPort()));
    Socket accepted = keep(server.accept());
    assertInstanceOf(WrapperSockets.Accepting.Accepted.class, accepted);
    assertFound(Source.of(accepted), () -> far.getOutputStream().write('x'));
    DatagramSocket datagrams = keep(new DatagramSocket(0, HERE) {});
    assertFound(Source.of(datagrams), () -> send(datagrams));
    MulticastSocket multicast = keep(new MulticastSocket(0));
    assertFound(Source.of(multicast), () -> send(multicast));
  }

  private void send(DatagramSocket to) throws Exception {
    keep(new DatagramSocket(0, HERE)).send(new DatagramPacket(new byte[1], 1, HERE, to.getLocalPort()));
  }

  @Test
  @DisplayName("errors: sockets through a SOCKS or an HTTP proxy are found")
  void proxies() throws Exception {
    for (Proxy.Type type : new Proxy.Type[] {Proxy.Type.SOCKS, Proxy.Type.HTTP}) {
      ProxyServer proxy = keep(new ProxyServer(type));
      ProxyServer.Ends ends = proxy.connect(keep(new Socket(proxy.proxy())), new InetSocketAddress("192.0.2.1", 80));
      keep(ends.far());
      assertFound(Source.of(ends.near()), () -> ends.far().getOutputStream().write('x'));
    }
  }

  @Test
  @DisplayName("errors: a socket whose implementation is not the JDK's is refused if that has no descriptor")
  void customImplementation() throws Exception {
    assertLayered(Source.of(new CustomSocketImpl.Of(null)));
    assertLayered(Source.of(new CustomSocketImpl.Of(new CustomSocketImpl(null))));
    assertLayered(Source.of(new CustomSocketImpl.Of(new CustomSocketImpl(new FileDescriptor()))));
  }

  @Test
  @PosixOnly
  @DisplayName("errors: a socket whose implementation is not the JDK's is found if that has a descriptor")
  void customDescriptor() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    FileInputStream stream = keep(new FileInputStream("/dev/fd/" + pipe.first()));
    assertFound(Source.of(new CustomSocketImpl.Of(new CustomSocketImpl(stream.getFD()))),
        () -> Posix.write(pipe.second(), "x"));
  }

  @Test
  @DisplayName("errors: a FileDescriptor that was never open, or is closed, is refused")
  void fileDescriptor() throws Exception {
    assertRefused(IllegalArgumentException.class, Source.of(new FileDescriptor()), "never open");
    FileInputStream stream = new FileInputStream(System.getProperty("java.home") + "/release");
    FileDescriptor descriptor = stream.getFD();
    stream.close();
    assertRefused(IllegalArgumentException.class, Source.of(descriptor), "closed");
  }

  /** A channel of another library's. */
  private static final class ForeignPipe extends Pipe.SourceChannel {

    ForeignPipe() {
      super(SelectorProvider.provider());
    }

    @Override
    public int read(ByteBuffer target) {
      return -1;
    }

    @Override
    public long read(ByteBuffer[] targets) {
      return -1;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      return -1;
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
  }

  @Test
  @DisplayName("errors: a channel that is not the JDK's is refused, and the message says how to register it")
  void foreignChannel() throws Exception {
    assertRefused(IllegalArgumentException.class, Source.of(keep(new ForeignPipe())), "Source.of(descriptor, channel)");
  }

  @Test
  @DisplayName("errors: what is neither bound nor connected is refused, and the message says when to register it")
  void unbound() throws Exception {
    assertRefused(IllegalArgumentException.class, Source.of(keep(new Socket())), "neither bound nor connected");
    assertRefused(IllegalArgumentException.class, Source.of(keep(new ServerSocket())), "neither bound nor connected");
  }

  @Test
  @DisplayName("errors: what is closed at the same moment is registered or refused as closed, and nothing else happens")
  void closedAtTheSameMoment() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    int port = server.socket().getLocalPort();
    List<Callable<AutoCloseable>> connected = List.of(
        () -> SocketChannel.open(server.getLocalAddress()),
        () -> new Socket(HERE, port),
        () -> SSLSocketFactory.getDefault().createSocket(HERE, port));
    List<Callable<AutoCloseable>> others = List.of(
        Link::listener,
        () -> new ServerSocket(0, 5, HERE),
        () -> DatagramChannel.open().bind(Link.anyPort()),
        () -> new DatagramSocket(0, HERE),
        () -> pipe().source());
    for (int i = 0; i < 200; i++) {
      for (Callable<AutoCloseable> kind : connected) {
        race(kind.call());
        server.accept().close();
      }
      for (Callable<AutoCloseable> kind : others) {
        race(kind.call());
      }
    }
  }

  private static Source source(AutoCloseable owner) {
    return switch (owner) {
      case SelectableChannel channel -> Source.of(channel);
      case Socket socket -> Source.of(socket);
      case ServerSocket socket -> Source.of(socket);
      case DatagramSocket socket -> Source.of(socket);
      default -> throw new AssertionError(owner);
    };
  }

  private void race(AutoCloseable owner) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    FutureTask<Void> closer = new FutureTask<>(() -> {
      start.await();
      owner.close();
      return null;
    });
    Thread.ofPlatform().start(closer);
    start.await();
    try {
      sources.register("key", source(owner), Interest.NONE);
    } catch (IllegalArgumentException closed) {
      assertTrue(closed.getMessage().endsWith(" is closed") || closed.getMessage().endsWith(" or none any more"),
          "errors: it was closed: " + closed.getMessage());
    }
    closer.get();
    sources.unregister("key");
    assertEquals(0, sources.size(), "rule 16: nothing is left");
  }
}
