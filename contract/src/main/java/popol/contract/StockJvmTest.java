package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/** Sockets in a JVM without flags, in blocking mode: each is found by its addresses, or refused. */
@PosixOnly
class StockJvmTest extends StockTest {

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
      assertHears("socket",
          () -> near.send(ByteBuffer.allocate(1), new InetSocketAddress(family.here(), socket.getLocalPort())));
    }
  }

  @Test
  @DisplayName("no flags: a UDP socket that is connected to the wildcard, which the system takes for this machine")
  void wildcardPeer() throws Exception {
    for (Family family : Family.present()) {
      if (!family.bind().isAnyLocalAddress()) {
        continue;
      }
      DatagramChannel near = keep(family.openDatagrams()).bind(new InetSocketAddress(family.bind(), 0));
      DatagramChannel far = keep(family.openDatagrams());
      far.connect(near.getLocalAddress());
      sources.register("far", far, Interest.READ);
      far.write(ByteBuffer.allocate(1));
      assertHears("far", () -> near.send(ByteBuffer.allocate(1), near.receive(ByteBuffer.allocate(1))));
    }
  }

  @Test
  @DisplayName("no flags: a MulticastSocket, which lets others have its port")
  void multicast() throws Exception {
    MulticastSocket near = keep(new MulticastSocket(0));
    sources.register("near", Source.of(near), Interest.READ);
    DatagramChannel far = keep(DatagramChannel.open());
    assertHears("near",
        () -> far.send(ByteBuffer.allocate(1), new InetSocketAddress(Family.IP4.here(), near.getLocalPort())));
  }

  @Test
  @DisplayName("no flags: Unix domain, the names of which are no others'")
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

    keep(SocketChannel.open(server.getLocalAddress()));
    SocketChannel accepted = keep(server.accept());
    sources.register("accepted", accepted, Interest.WRITE); // popol knows already whose the other one's is
    assertNow(Map.of("accepted", "writable"), "rule 13: there is room");
  }

  @Test
  @DisplayName("no flags: what is unbound is refused in blocking mode, and the message says to bind it")
  void unbound() throws Exception {
    for (Source source : List.of(
        Source.of(keep(SocketChannel.open())),
        Source.of(keep(ServerSocketChannel.open())),
        Source.of(keep(DatagramChannel.open())),
        Source.of(keep(new DatagramSocket(null))))) {
      assertRefused(source, "bind or connect it first");
    }
  }

  @Test
  @DisplayName("no flags: the options and the mode of a socket are what they were after it was looked for")
  void options() throws Exception {
    for (boolean keepAlive : new boolean[] {true, false}) {
      Link link = link();
      SocketChannel near = link.near();
      near.configureBlocking(true);
      near.setOption(StandardSocketOptions.SO_KEEPALIVE, keepAlive);
      sources.register("key", near, Interest.READ);
      assertEquals(keepAlive, near.getOption(StandardSocketOptions.SO_KEEPALIVE), "rule 5: nothing is changed");
      assertEquals(true, near.isBlocking(), "rule 5: nothing is changed");
      assertHears("key", () -> Link.send(link.far(), "x"));
    }
  }
}
