package popol.unix;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
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
    return new Sought(kind(owner), local(owner), remote(owner), isShared(owner));
  }

  private static Kind kind(Object owner) throws NotFoundException {
    if (owner instanceof SocketChannel || owner instanceof Socket) {
      return Kind.CONNECTION;
    }
    if (owner instanceof ServerSocketChannel || owner instanceof ServerSocket) {
      return Kind.LISTENER;
    }
    if (owner instanceof DatagramChannel || owner instanceof DatagramSocket) {
      return Kind.DATAGRAMS;
    }
    throw new NotFoundException("only sockets can be found by their addresses");
  }

  /**
   * Asks a socket what it is bound to.
   *
   * @param owner as for {@link #of}
   * @throws NotFoundException if it is bound to nothing
   */
  static SocketAddress local(Object owner) throws IOException, NotFoundException {
    SocketAddress local = null;
    if (owner instanceof NetworkChannel channel) {
      local = channel.getLocalAddress();
    } else if (owner instanceof Socket socket && socket.isBound()) {
      local = socket.getLocalSocketAddress();
    } else if (owner instanceof ServerSocket socket) {
      local = socket.getLocalSocketAddress();
    } else if (owner instanceof DatagramSocket socket) {
      local = socket.getLocalSocketAddress();
    }
    if (local == null || local instanceof InetSocketAddress internet && internet.getPort() <= 0) {
      throw new NotFoundException("it has no address yet to be found by: bind or connect it first");
    }
    return local;
  }

  /** Not a path, which can be a link, and another socket's since. */
  private static @Nullable SocketAddress remote(Object owner) throws IOException {
    if (owner instanceof SocketChannel channel) {
      return channel.getRemoteAddress() instanceof InetSocketAddress internet ? internet : null;
    }
    return owner instanceof Socket socket && socket.isConnected() && DirectSockets.contains(socket)
        ? socket.getRemoteSocketAddress()
        : null;
  }

  private static boolean isShared(Object owner) throws IOException {
    if (owner instanceof DatagramChannel channel) {
      return channel.getOption(StandardSocketOptions.SO_REUSEADDR)
          || channel.getOption(StandardSocketOptions.SO_REUSEPORT);
    }
    return owner instanceof DatagramSocket socket
        && (socket.getReuseAddress() || socket.getOption(StandardSocketOptions.SO_REUSEPORT));
  }
}
