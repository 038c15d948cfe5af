package popol.unix;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import popol.spi.DescriptorFinder.NotFoundException;

/**
 * What Java tells of a socket that is looked for. It was true when the object was asked, and can be older than what the
 * kernel knows: a peer resets a connection, another thread connects or disconnects a socket.
 *
 * @param kind what it is
 * @param local what it is bound to
 * @param remote what it is connected to, if that tells it from others; else null
 * @param shared whether other sockets can be bound to the same port
 */
record Sought(Kind kind, SocketAddress local, @Nullable SocketAddress remote, boolean shared) {

  /** What can be looked for. */
  enum Kind { LISTENER, CONNECTION, DATAGRAMS }

  /**
   * Asks a socket.
   *
   * @param owner a channel of the JDK's own, or a socket with a descriptor of its own
   * @throws NotFoundException if nothing tells it from others
   */
  static Sought of(Object owner) throws IOException, NotFoundException {
    if (owner instanceof SocketChannel channel) {
      return connection(channel.getLocalAddress(), channel.getRemoteAddress());
    }
    if (owner instanceof Socket socket) {
      return connection(
          socket.isBound() ? socket.getLocalSocketAddress() : null,
          isToldByPeer(socket) ? socket.getRemoteSocketAddress() : null);
    }
    if (owner instanceof ServerSocketChannel channel) {
      return new Sought(Kind.LISTENER, known(channel.getLocalAddress()), null, false);
    }
    if (owner instanceof ServerSocket socket) {
      return new Sought(Kind.LISTENER, known(socket.getLocalSocketAddress()), null, false);
    }
    if (owner instanceof DatagramChannel channel) {
      return new Sought(Kind.DATAGRAMS, known(channel.getLocalAddress()), null,
          channel.getOption(StandardSocketOptions.SO_REUSEADDR) || channel.getOption(StandardSocketOptions.SO_REUSEPORT));
    }
    if (owner instanceof DatagramSocket socket) {
      return new Sought(Kind.DATAGRAMS, known(socket.getLocalSocketAddress()), null,
          socket.getReuseAddress() || socket.getOption(StandardSocketOptions.SO_REUSEPORT));
    }
    throw new NotFoundException("only sockets can be found by their addresses");
  }

  /** The path that one is connected to tells nothing: it can be a link, and another socket's since. */
  private static Sought connection(@Nullable SocketAddress local, @Nullable SocketAddress remote)
      throws NotFoundException {
    return new Sought(Kind.CONNECTION, known(local), remote instanceof InetSocketAddress ? remote : null, false);
  }

  /**
   * Whether a socket's remote address is what the kernel has as its peer. That of a connection through a SOCKS proxy is
   * not, and the socket does not tell that it is one. But an accepted connection is none, and has the option
   * SO_REUSEADDR from its listener, where other connections have it only if they are given it.
   */
  private static boolean isToldByPeer(Socket socket) throws IOException {
    return socket.isConnected() && socket.getReuseAddress();
  }

  private static SocketAddress known(@Nullable SocketAddress local) throws NotFoundException {
    if (local == null || local instanceof InetSocketAddress internet && internet.getPort() <= 0) {
      throw new NotFoundException("it has no address yet to be found by: bind or connect it first");
    }
    return local;
  }

  boolean isPath() {
    return local instanceof UnixDomainSocketAddress;
  }
}
