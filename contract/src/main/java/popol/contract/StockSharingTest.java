package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/**
 * Sockets in a JVM without flags, in blocking mode, that share what they could be found by: refused, and never taken
 * for another one; found where popol knows already whose the other descriptors are.
 */
@PosixOnly
class StockSharingTest extends StockTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final String LOST = "have lost their connection";
  private static final String PORT = "share its port";
  private static final String PATH = "have its path";

  private DatagramChannel shared(int port) throws IOException {
    return keep(DatagramChannel.open()).setOption(StandardSocketOptions.SO_REUSEPORT, true)
        .bind(new InetSocketAddress(HERE, port));
  }

  private static int port(DatagramChannel channel) throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  @Test
  @DisplayName("no flags: a listener is told from the connections that it has accepted, which have its address")
  void listenerOfAccepted() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    for (int i = 0; i < 2; i++) { // none of which popol knows
      keep(new Socket(HERE, server.getLocalPort()));
      keep(server.accept());
    }
    sources.register("server", Source.of(server), Interest.READ);
    assertHears("server", () -> keep(new Socket(HERE, server.getLocalPort())));
  }

  @Test
  @DisplayName("no flags: a UDP port that several share: refused")
  void datagrams() throws Exception {
    DatagramChannel first = shared(0);
    DatagramChannel second = shared(port(first));
    for (DatagramChannel one : List.of(first, second)) {
      assertRefused(Source.of(one), PORT);
      assertRefused(Source.of(one.socket()), PORT);
    }
  }

  @Test
  @DisplayName("no flags: a UDP port that several share, each of which is registered before the next is bound: found")
  void datagramsOneAfterTheOther() throws Exception {
    DatagramChannel first = shared(0);
    sources.register("first", first, Interest.READ);
    DatagramChannel second = shared(port(first));
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("again", first, Interest.READ), "rule 2: one descriptor has one key").getMessage();
    assertTrue(message.contains("first") && message.contains("again"), "rule 2: both keys are named: " + message);
    message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("view", Source.of(first.socket()), Interest.READ),
        "rule 2: the view of a channel is the same socket").getMessage();
    assertTrue(message.contains("first") && message.contains("view"), "rule 2: both keys are named: " + message);
    sources.register("second", second, Interest.READ);

    DatagramChannel sender = keep(DatagramChannel.open());
    sender.connect(first.getLocalAddress()); // the system gives all of one sender to one of them
    sender.write(ByteBuffer.allocate(1));
    String heard = next().keySet().iterator().next();
    first.configureBlocking(false);
    second.configureBlocking(false);
    assertEquals(heard.equals("first"), first.receive(ByteBuffer.allocate(1)) != null, "the right descriptor");
    assertEquals(heard.equals("second"), second.receive(ByteBuffer.allocate(1)) != null, "the right descriptor");
  }

  @Test
  @DisplayName("no flags: a raw descriptor that is registered takes no part in telling sockets apart")
  void rawDescriptor() throws Exception {
    DatagramChannel first = shared(0);
    DatagramChannel second = shared(port(first));
    second.configureBlocking(false);
    sources.register("second", second, Interest.READ);
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("again", second, Interest.READ), "rule 2: one descriptor has one key").getMessage();
    int number = Integer.parseInt(message.replaceAll("\\D+(\\d+).*", "$1"));
    second.close();
    DatagramChannel third = shared(port(first)); // which may have got the number
    sources.register("raw", Source.of(number), Interest.NONE);
    assertRefused(Source.of(first), PORT);
    assertRefused(Source.of(third), PORT);
  }

  @Test
  @DisplayName("no flags: a listener's port that several share: refused")
  void listeners() throws Exception {
    List<ServerSocketChannel> listeners = new ArrayList<>();
    int port = 0;
    for (int i = 0; i < 2; i++) {
      ServerSocketChannel one = keep(ServerSocketChannel.open());
      one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(HERE, port));
      port = one.socket().getLocalPort();
      listeners.add(one);
    }
    for (ServerSocketChannel one : listeners) {
      assertRefused(Source.of(one), PORT);
    }
  }

  @Test
  @DisplayName("no flags: two Unix listeners at one path, the file of the first one deleted: refused")
  void unixListeners(@TempDir Path directory) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("server"));
    ServerSocketChannel first = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(address);
    Files.delete(address.getPath());
    ServerSocketChannel second = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(address);
    for (ServerSocketChannel one : List.of(first, second)) {
      assertRefused(Source.of(one), PATH);
    }
  }

  @Test
  @DisplayName("no flags: a Unix client is not taken for one that got its name, and the name of its server, since")
  void unixRenamed(@TempDir Path directory) throws Exception {
    Path name = directory.resolve("client");
    Path service = directory.resolve("service");
    ServerSocketChannel blue = unixServer(directory.resolve("blue"));
    Files.createSymbolicLink(service, directory.resolve("blue"));
    SocketChannel old = unixClient(name, service);
    SocketChannel farOld = keep(blue.accept());
    Files.delete(service);
    ServerSocketChannel green = unixServer(service);
    SocketChannel now = unixClient(name, service);
    keep(green.accept());
    assertEquals(old.getLocalAddress(), now.getLocalAddress(), "both have the same names");
    assertEquals(old.getRemoteAddress(), now.getRemoteAddress(), "both have the same names");
    assertRefused(Source.of(old), PATH);
    assertRefused(Source.of(now), PATH);
    now.close();
    sources.register("old", old, Interest.READ);
    assertHears("old", () -> Link.send(farOld, "x"));
  }

  @Test
  @DisplayName("no flags: Unix clients without a name, and the accepted ends of one listener: refused")
  void unixWithoutName(@TempDir Path directory) throws Exception {
    ServerSocketChannel server = unixServer(directory.resolve("server"));
    List<SocketChannel> clients = new ArrayList<>();
    List<SocketChannel> accepted = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(keep(SocketChannel.open(server.getLocalAddress())));
      accepted.add(keep(server.accept()));
    }
    for (SocketChannel one : clients) {
      assertRefused(Source.of(one), "have no name either");
    }
    for (SocketChannel one : accepted) {
      assertRefused(Source.of(one), PATH);
    }
  }

  private ServerSocketChannel unixServer(Path path) throws IOException {
    return keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(UnixDomainSocketAddress.of(path));
  }

  private SocketChannel unixClient(Path name, Path server) throws IOException {
    Files.deleteIfExists(name);
    SocketChannel client = keep(SocketChannel.open(StandardProtocolFamily.UNIX)).bind(UnixDomainSocketAddress.of(name));
    client.connect(UnixDomainSocketAddress.of(server));
    return client;
  }

  @Test
  @DisplayName("no flags: connections of one listener that the peers have reset: refused; found where one is left")
  void reset() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    List<SocketChannel> accepted = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      SocketChannel client = SocketChannel.open(server.getLocalAddress());
      accepted.add(keep(server.accept()));
      reset(client);
    }
    for (SocketChannel one : accepted) {
      assertRefused(Source.of(one), LOST);
    }
    accepted.getFirst().close();
    sources.register("reset", accepted.getLast(), Interest.READ);
    String found = next().get("reset");
    assertTrue(found.startsWith("readable"), "rule 13: the reset can be read: " + found);
    assertThrows(IOException.class, () -> accepted.getLast().read(ByteBuffer.allocate(1)), "rule 13: by this channel");
  }

  private static void reset(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.close();
  }

  @Test
  @DisplayName("no flags: a connection that was reset costs those of the same listener that popol does not know yet")
  void neighbours() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    Socket far = keep(new Socket(HERE, server.getLocalPort()));
    Socket known = keep(server.accept());
    sources.register("known", Source.of(known), Interest.READ);
    SocketChannel client = SocketChannel.open(server.getLocalSocketAddress());
    Socket dead = keep(server.accept());
    reset(client);
    sources.unregister("known");
    sources.register("known", Source.of(known), Interest.READ);
    Socket alive = keep(new Socket(HERE, server.getLocalPort()));
    Socket accepted = keep(server.accept());
    assertRefused(Source.of(accepted), LOST);
    sources.register("client", Source.of(alive), Interest.READ);
    dead.close();
    sources.register("accepted", Source.of(accepted), Interest.READ);
    assertHears("accepted", () -> alive.getOutputStream().write('x'));
    assertHears("known", () -> far.getOutputStream().write('x'));
    assertHears("client", () -> accepted.getOutputStream().write('x'));
  }

  @Test
  @DisplayName("no flags: a connection that was reset is not taken for the one that has its addresses since")
  void twin() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    SocketChannel dead = keep(SocketChannel.open());
    dead.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(Link.anyPort()); // which no program's connect shares
    dead.connect(server.getLocalAddress());
    reset(server.accept());
    SocketChannel live = keep(SocketChannel.open());
    live.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(dead.getLocalAddress());
    live.connect(server.getLocalAddress());
    SocketChannel far = keep(server.accept());
    assertEquals(dead.getLocalAddress(), live.getLocalAddress(), "both have the same addresses");
    assertEquals(dead.getRemoteAddress(), live.getRemoteAddress(), "both have the same addresses");
    assertRefused(Source.of(dead), LOST);
    assertRefused(Source.of(live), LOST);
    dead.close();
    sources.register("live", live, Interest.READ);
    assertHears("live", () -> Link.send(far, "x"));
  }

  @Test
  @DisplayName("no flags: a socket through a SOCKS proxy is found, where no other has its local address")
  void socks() throws Exception {
    ProxyServer proxy = keep(new ProxyServer(Proxy.Type.SOCKS));
    ProxyServer.Ends ends = proxy.connect(keep(new Socket(proxy.proxy())), new InetSocketAddress("192.0.2.1", 80));
    keep(ends.far());
    sources.register("near", Source.of(ends.near()), Interest.READ);
    assertHears("near", () -> ends.far().getOutputStream().write('x'));
  }

  @Test
  @DisplayName("no flags: a socket through a SOCKS proxy is not taken for one that is connected to where it leads")
  void socksTwin() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    InetSocketAddress target = (InetSocketAddress) server.getLocalSocketAddress();
    ProxyServer proxy = keep(new ProxyServer(Proxy.Type.SOCKS));
    Socket through = keep(new Socket(proxy.proxy()));
    through.setReuseAddress(true);
    through.bind(Link.anyPort());
    keep(proxy.connect(through, target).far());
    Socket direct = keep(new Socket());
    direct.setReuseAddress(true);
    direct.bind(through.getLocalSocketAddress());
    direct.connect(target);
    keep(server.accept());
    assertEquals(direct.getLocalSocketAddress(), through.getLocalSocketAddress(), "both say the same of themselves");
    assertEquals(direct.getRemoteSocketAddress(), through.getRemoteSocketAddress(), "both say the same of themselves");
    assertRefused(Source.of(through), "it may lead through a proxy");
    assertRefused(Source.of(direct), "it may lead through a proxy");
  }

  @Test
  @DisplayName("no flags: accepted sockets of one listener are told apart by their peers, also when it is closed")
  void accepted() throws Exception {
    List<Socket> near = new ArrayList<>();
    List<Socket> far = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 5, HERE)) {
      for (int i = 0; i < 3; i++) {
        far.add(keep(new Socket(HERE, server.getLocalPort())));
        near.add(keep(server.accept()));
      }
    }
    for (int i = 2; i >= 0; i--) {
      sources.register("near", Source.of(near.get(i)), Interest.READ);
      Socket sender = far.get(i);
      assertHears("near", () -> sender.getOutputStream().write('x'));
    }
    assertEquals(Map.of(), now(), "nothing else is registered");
  }
}
