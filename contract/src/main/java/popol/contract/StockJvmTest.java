package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/**
 * Sockets in a JVM without flags: each is found, and it is the right one, or the error says what to do. Run by
 * {@code Suite --stock}, because the other tests need the flags.
 */
@PosixOnly
class StockJvmTest extends ContractTest {

  private static final String DENIED = "popol cannot get at the descriptor of ";

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @BeforeEach
  void requireNoFlags() throws Exception {
    Pipe pipe = pipe();
    String message = refused(Source.of(pipe.source()));
    assertTrue(message.contains("--add-exports"), "the flag that helps is named: " + message);
  }

  private String refused(Source source) {
    String message = assertThrows(IllegalStateException.class, () -> sources.register("refused", source, Interest.READ),
        "a source that cannot be found is refused").getMessage();
    assertTrue(message.startsWith(DENIED) && message.contains("--add-exports"), "what to do: " + message);
    return message;
  }

  /** That the key's descriptor is the one that this sender sends to. */
  private void assertHears(String key, Sender sender) throws Exception {
    sender.send();
    assertNext(Map.of(key, "readable"), "the descriptor is the right one");
    assertTrue(sources.unregister(key), "rule 3: it was registered");
  }

  private interface Sender {
    void send() throws Exception;
  }

  @Test
  @DisplayName("no flags: each kind of TCP socket, of IPv4, of IPv6 and of both, on one interface and on all")
  void tcp() throws Exception {
    for (Family family : Family.present()) {
      ServerSocketChannel server = keep(family.openServer()).bind(new InetSocketAddress(family.bind(), 0));
      InetSocketAddress address =
          new InetSocketAddress(family.here(), ((InetSocketAddress) server.getLocalAddress()).getPort());
      sources.register("server", server, Interest.READ);
      SocketChannel near = keep(family.openClient());
      assertHears("server", () -> near.connect(address));
      SocketChannel far = keep(server.accept());
      sources.register("near", near, Interest.READ);
      assertHears("near", () -> Link.send(far, "x"));
      sources.register("far", Source.of(far.socket()), Interest.READ);
      assertHears("far", () -> Link.send(near, "x"));
      sources.register("server", Source.of(server.socket()), Interest.READ);
      assertHears("server", () -> keep(family.openClient()).connect(address));
    }
  }

  @Test
  @DisplayName("no flags: Socket and ServerSocket made without a channel, of IPv4 and IPv6, on one interface and on all")
  void sockets() throws Exception {
    for (Family family : Family.present()) {
      ServerSocket server = keep(new ServerSocket(0, 5, family.bind()));
      sources.register("server", Source.of(server), Interest.READ);
      Socket near = keep(new Socket());
      assertHears("server", () -> near.connect(new InetSocketAddress(family.here(), server.getLocalPort())));
      Socket far = keep(server.accept());
      sources.register("near", Source.of(near), Interest.READ);
      assertHears("near", () -> far.getOutputStream().write(1));
      sources.register("far", Source.of(far), Interest.READ);
      assertHears("far", () -> near.getOutputStream().write(1));
    }
  }

  @Test
  @DisplayName("no flags: UDP, connected or not, of IPv4, of IPv6 and of both, on one interface and on all")
  void udp() throws Exception {
    for (Family family : Family.present()) {
      DatagramChannel near = keep(family.openDatagrams()).bind(new InetSocketAddress(family.bind(), 0));
      DatagramChannel far = keep(family.openDatagrams());
      int port = ((InetSocketAddress) near.getLocalAddress()).getPort();
      far.connect(new InetSocketAddress(family.here(), port));
      sources.register("near", near, Interest.READ);
      assertHears("near", () -> far.write(ByteBuffer.allocate(1)));
      near.receive(ByteBuffer.allocate(1));
      sources.register("far", far, Interest.READ);
      assertHears("far", () -> near.send(ByteBuffer.allocate(1), far.getLocalAddress()));
      DatagramSocket socket = keep(new DatagramSocket(0, family.bind()));
      sources.register("socket", Source.of(socket), Interest.READ);
      assertHears("socket", () ->
          near.send(ByteBuffer.allocate(1), new InetSocketAddress(family.here(), socket.getLocalPort())));
    }
  }

  @Test
  @DisplayName("no flags: Unix domain, where both ends have a name; without one the message says to bind it")
  void unixDomain(@TempDir Path directory) throws Exception {
    ServerSocketChannel server = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX))
        .bind(UnixDomainSocketAddress.of(directory.resolve("server")));
    sources.register("server", server, Interest.READ);
    SocketChannel near = keep(SocketChannel.open(StandardProtocolFamily.UNIX))
        .bind(UnixDomainSocketAddress.of(directory.resolve("client")));
    assertHears("server", () -> near.connect(server.getLocalAddress()));
    SocketChannel far = keep(server.accept());
    sources.register("near", near, Interest.READ);
    assertHears("near", () -> Link.send(far, "x"));
    sources.register("far", far, Interest.READ);
    assertHears("far", () -> Link.send(near, "x"));

    SocketChannel unnamed = keep(SocketChannel.open(server.getLocalAddress()));
    SocketChannel accepted = keep(server.accept());
    for (SocketChannel one : List.of(unnamed, accepted)) {
      assertTrue(refused(Source.of(one)).contains("bind it to a path of its own first"), "the name that is missing");
    }
  }

  @Test
  @DisplayName("no flags: two Unix listeners at one path, the file of the first one deleted: refused, never the other")
  void unixPathTwice(@TempDir Path directory) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("server"));
    ServerSocketChannel first = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(address);
    Files.delete(address.getPath());
    ServerSocketChannel second = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(address);
    for (ServerSocketChannel one : List.of(first, second)) {
      assertTrue(refused(Source.of(one)).contains("both have its addresses"), "why it cannot be told");
    }
  }

  @Test
  @DisplayName("no flags: what is unbound is refused, and the message says to bind it")
  void unbound() throws Exception {
    for (Source source : List.of(
        Source.of(keep(SocketChannel.open())),
        Source.of(keep(ServerSocketChannel.open())),
        Source.of(keep(DatagramChannel.open())),
        Source.of(keep(new DatagramSocket(null))))) {
      assertTrue(refused(source).contains("bind it first"), "what else would help");
    }
  }

  @Test
  @DisplayName("no flags: a shared port of UDP: refused, or the right one where the other is registered")
  void sharedPortOfDatagrams() throws Exception {
    DatagramChannel first = shared(0);
    sources.register("first", first, Interest.READ);
    DatagramChannel second = shared(((InetSocketAddress) first.getLocalAddress()).getPort());
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

    sources.unregister("first");
    sources.unregister("second");
    for (DatagramChannel one : List.of(first, second)) {
      assertTrue(refused(Source.of(one)).contains("both have its addresses"), "why it cannot be told");
    }
  }

  private DatagramChannel shared(int port) throws Exception {
    return keep(DatagramChannel.open()).setOption(StandardSocketOptions.SO_REUSEPORT, true)
        .bind(new InetSocketAddress(HERE, port));
  }

  @Test
  @DisplayName("no flags: a raw descriptor that is registered takes no part in telling sockets apart")
  void sharedPortAndRawDescriptor() throws Exception {
    DatagramChannel first = shared(0);
    sources.register("first", first, Interest.READ);
    DatagramChannel second = shared(((InetSocketAddress) first.getLocalAddress()).getPort());
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("again", first, Interest.READ), "rule 2: one descriptor has one key").getMessage();
    int number = Integer.parseInt(message.replaceAll("\\D+(\\d+).*", "$1"));
    sources.unregister("first");
    sources.register("raw", Source.of(number), Interest.READ);
    for (DatagramChannel one : List.of(first, second)) { // the number may have been closed, and be another's now
      assertTrue(refused(Source.of(one)).contains("both have its addresses"), "why it cannot be told");
    }
  }

  @Test
  @DisplayName("no flags: a shared port of listeners: refused")
  void sharedPortOfListeners() throws Exception {
    List<ServerSocketChannel> listeners = new ArrayList<>();
    int port = 0;
    for (int i = 0; i < 2; i++) {
      ServerSocketChannel one = keep(ServerSocketChannel.open());
      one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(HERE, port));
      port = one.socket().getLocalPort();
      listeners.add(one);
    }
    for (ServerSocketChannel one : listeners) {
      assertTrue(refused(Source.of(one)).contains("both have its addresses"), "why it cannot be told");
    }
  }

  @Test
  @DisplayName("no flags: a connect that has not finished, of a channel that was bound; it comes true, or is refused")
  void pendingConnect() throws Exception {
    for (Family family : Family.present()) {
      ServerSocketChannel server = keep(family.openServer()).bind(new InetSocketAddress(family.here(), 0));
      SocketChannel client = keep(family.openClient()).bind(null);
      client.configureBlocking(false);
      client.connect(server.getLocalAddress());
      sources.register("client", client, Interest.WRITE);
      assertNext(Map.of("client", "writable"), "rule 13: the connect has finished");
      assertTrue(client.finishConnect(), "rule 13: well");
      sources.interest("client", Interest.READ);
      SocketChannel far = keep(server.accept());
      assertHears("client", () -> Link.send(far, "x"));
      server.close();

      SocketChannel refused = keep(family.openClient()).bind(null);
      refused.configureBlocking(false);
      try {
        refused.connect(new InetSocketAddress(family.here(), server.socket().getLocalPort()));
      } catch (ConnectException atOnce) {
        continue;
      }
      sources.register("refused", refused, Interest.WRITE);
      String found = next().get("refused");
      assertTrue(found.startsWith("writable"), "rule 13: the connect has finished: " + found);
      assertThrows(ConnectException.class, refused::finishConnect, "rule 13: not well");
      sources.unregister("refused");
    }
  }

  @Test
  @DisplayName("no flags: connections that the peer has reset before they are registered")
  void resetBefore() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    List<SocketChannel> accepted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      SocketChannel client = SocketChannel.open(server.getLocalAddress());
      accepted.add(keep(server.accept()));
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      client.close();
    }
    for (SocketChannel one : accepted) {
      sources.register("reset", one, Interest.READ);
      String found = next().get("reset");
      assertTrue(found.startsWith("readable"), "rule 13: the reset can be read: " + found);
      assertThrows(IOException.class, () -> one.read(ByteBuffer.allocate(1)), "rule 13: by this channel");
      sources.unregister("reset");
    }
  }

  @Test
  @DisplayName("no flags: a connection that was reset is not taken for the one that has its addresses since")
  void twin() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    SocketChannel dead = keep(SocketChannel.open());
    dead.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(Link.anyPort()); // which no program's connect shares
    dead.connect(server.getLocalAddress());
    SocketChannel peer = server.accept();
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close(); // the client does not know yet
    SocketChannel live = keep(SocketChannel.open());
    live.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(dead.getLocalAddress());
    live.connect(server.getLocalAddress());
    SocketChannel far = keep(server.accept());
    assertEquals(dead.getLocalAddress(), live.getLocalAddress(), "both have the same addresses");
    assertEquals(dead.getRemoteAddress(), live.getRemoteAddress(), "both have the same addresses");

    sources.register("dead", dead, Interest.READ);
    sources.register("live", live, Interest.READ);
    String found = next().get("dead");
    assertTrue(found.startsWith("readable"), "rule 13: the reset is seen under the right key: " + found);
    sources.unregister("dead");
    assertHears("live", () -> Link.send(far, "x"));
  }

  @Test
  @DisplayName("no flags: the options of a socket are what they were after it was looked for")
  void options() throws Exception {
    for (boolean keepAlive : new boolean[] {true, false}) {
      Link link = link();
      link.near().setOption(StandardSocketOptions.SO_KEEPALIVE, keepAlive);
      sources.register("key", link.near(), Interest.READ);
      assertEquals(keepAlive, link.near().getOption(StandardSocketOptions.SO_KEEPALIVE), "rule 5: nothing is changed");
      assertHears("key", () -> Link.send(link.far(), "x"));
    }
  }
}
