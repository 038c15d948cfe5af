package popol.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.stream.Stream;

/** The ways in which a socket of this machine can be addressed. */
enum Family {
  IP4(StandardProtocolFamily.INET, "127.0.0.1", "127.0.0.1"),
  IP4_ALL(StandardProtocolFamily.INET, "0.0.0.0", "127.0.0.1"),
  IP6(StandardProtocolFamily.INET6, "::1", "::1"),
  IP6_ALL(StandardProtocolFamily.INET6, "::", "::1"),
  /** A socket of IPv6 with an address of IPv4, which the system maps. */
  MAPPED(null, "127.0.0.1", "127.0.0.1"),
  MAPPED_ALL(null, "0.0.0.0", "127.0.0.1");

  private final ProtocolFamily family; // null for what the JDK prefers: both
  private final String bind;
  private final String here;

  Family(ProtocolFamily family, String bind, String here) {
    this.family = family;
    this.bind = bind;
    this.here = here;
  }

  /** Those that this machine has. */
  static List<Family> present() {
    return Stream.of(values()).filter(Family::isPresent).toList();
  }

  private boolean isPresent() {
    try (ServerSocketChannel server = openServer()) {
      server.bind(new InetSocketAddress(here(), 0));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** What a server is bound to. */
  InetAddress bind() throws IOException {
    return InetAddress.getByName(bind);
  }

  /** Where a client finds it. */
  InetAddress here() throws IOException {
    return InetAddress.getByName(here);
  }

  ServerSocketChannel openServer() throws IOException {
    return family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family);
  }

  SocketChannel openClient() throws IOException {
    return family == null ? SocketChannel.open() : SocketChannel.open(family);
  }

  DatagramChannel openDatagrams() throws IOException {
    return family == null ? DatagramChannel.open() : DatagramChannel.open(family);
  }
}
