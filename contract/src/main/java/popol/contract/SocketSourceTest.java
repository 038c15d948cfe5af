package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Event;
import popol.Interest;
import popol.Source;

/** Rule 13 for the sockets of every address family, and rule 5 for code that goes on to block on them. */
class SocketSourceTest extends ContractTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  @DisplayName("rule 13: TCP of IPv4: the channels of a listener, of a client and of an accepted connection")
  void tcp4() throws Exception {
    streams(StandardProtocolFamily.INET, new InetSocketAddress(here4(), 0));
  }

  @Test
  @DisplayName("rule 13: TCP of IPv6: the channels of a listener, of a client and of an accepted connection")
  void tcp6() throws Exception {
    streams(StandardProtocolFamily.INET6, new InetSocketAddress(here6(), 0));
  }

  @Test
  @DisplayName("rule 13: Unix domain: the channels of a listener, of a client and of an accepted connection")
  void unixDomain(@TempDir Path directory) throws Exception {
    assumeTrue(Emulation.hasUnixDomain(), "this emulator has no sockets of the Unix domain");
    streams(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(directory.resolve("socket")));
  }

  private void streams(ProtocolFamily family, SocketAddress address) throws Exception {
    ServerSocketChannel server = keep(Link.openServer(family)).bind(address);
    SocketChannel far = keep(SocketChannel.open(family));
    sources.register("server", server, Interest.READ);
    assertNow(NOTHING, "rule 13: nobody has connected");
    far.connect(server.getLocalAddress());
    assertNext(Map.of("server", "readable"), "rule 13: a connection waits");
    SocketChannel near = keep(server.accept());
    sources.register("near", near, Interest.READ);
    sources.register("far", far, Interest.READ_WRITE);
    assertNow(Map.of("far", "writable"), "rule 13: there is room, and no data");
    Link.send(far, "x");
    assertEquals(Map.of("far", "writable", "near", "readable"), next(), "rule 13: data for the accepted one");
    assertEquals("x", Link.receive(near), "rule 13: what was sent");
    Link.send(near, "y");
    sources.disable("far", Interest.WRITE);
    assertNext(Map.of("far", "readable"), "rule 13: data for the client");
    assertEquals("y", Link.receive(far), "rule 13: what was sent");
    assertTrue(server.isBlocking() && near.isBlocking() && far.isBlocking(), "rule 5: all of them still block");
  }

  @Test
  @DisplayName("rule 13: UDP of IPv4 and of IPv6: channels, connected or not")
  void udp() throws Exception {
    datagrams(StandardProtocolFamily.INET, here4());
    datagrams(StandardProtocolFamily.INET6, here6());
  }

  private void datagrams(ProtocolFamily family, InetAddress here) throws Exception {
    DatagramChannel near = keep(DatagramChannel.open(family)).bind(new InetSocketAddress(here, 0));
    DatagramChannel far = keep(DatagramChannel.open(family));
    far.connect(near.getLocalAddress());
    sources.register("near " + family, near, Interest.READ);
    sources.register("far " + family, far, Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was sent");
    Link.send(far, "x");
    assertNext(Map.of("near " + family, "readable"), "rule 13: a datagram");
    assertNotNull(near.receive(ByteBuffer.allocate(1)), "rule 13: it can be received");
    near.send(ByteBuffer.allocate(1), far.getLocalAddress());
    assertNext(Map.of("far " + family, "readable"), "rule 13: a datagram for the connected one");
    assertEquals(1, far.read(ByteBuffer.allocate(1)), "rule 13: it can be read");
    assertTrue(near.isBlocking() && far.isBlocking(), "rule 5: both still block");
  }

  @Test
  @DisplayName("rule 5: code that reads whole lines of blocking sockets can go on doing so, with one thread")
  void threadPerConnection() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    sources.register("server", Source.of(server), Interest.READ);
    for (int i = 0; i < 3; i++) {
      Socket client = keep(new Socket(HERE, server.getLocalPort()));
      client.getOutputStream().write(("I am " + i + "\n").getBytes());
    }
    int answered = 0;
    while (answered < 3) {
      for (Event<String> event : sources.poll(SOON)) {
        if (event.source().owner() instanceof Socket socket) {
          BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream()));
          assertTrue(lines.readLine().startsWith("I am "), "rule 13: a line, read by blocking code");
          answered++;
          sources.unregister(event.key());
        } else {
          Socket accepted = keep(server.accept());
          sources.register("peer " + accepted.getPort(), Source.of(accepted), Interest.READ);
        }
      }
    }
  }

  @Test
  @DisplayName("rule 5: sockets of java.net still block, and still time out, while they are watched")
  void stillBlock() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    Socket socket = keep(new Socket(HERE, server.getLocalPort()));
    DatagramSocket datagrams = keep(new DatagramSocket(0, HERE));
    sources.register("socket", Source.of(socket), Interest.READ);
    sources.register("datagrams", Source.of(datagrams), Interest.READ);
    keep(server.accept());
    sources.register("server", Source.of(server), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing is there");
    socket.setSoTimeout(20);
    server.setSoTimeout(20);
    datagrams.setSoTimeout(20);
    String rule = "rule 5: the wait of the socket itself times out";
    assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read(), rule);
    assertThrows(SocketTimeoutException.class, server::accept, rule);
    assertThrows(SocketTimeoutException.class, () -> datagrams.receive(new DatagramPacket(new byte[1], 1)), rule);
    assertNow(NOTHING, "rule 13: still nothing is there");
  }

  private static InetAddress here4() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static InetAddress here6() throws IOException {
    InetAddress here = InetAddress.getByName("::1");
    try (ServerSocket probe = new ServerSocket(0, 1, here)) {
      assertTrue(!(probe.getInetAddress() instanceof Inet4Address), "an address of IPv6");
      return here;
    } catch (SocketException e) {
      return abort("this machine has no IPv6");
    }
  }
}
