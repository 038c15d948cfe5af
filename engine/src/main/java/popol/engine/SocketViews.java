package popol.engine;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Tells sockets with a descriptor of their own from objects that stand for another socket: a channel's view, which is
 * that channel, and users' classes and layers, whose closing is not that of the socket below.
 */
final class SocketViews {

  private SocketViews() {}

  /** Whether an object is a channel or the channel's own socket, and not one that only gives the channel away. */
  static boolean isOf(SelectableChannel channel, Object owner) {
    if (owner == channel) {
      return true;
    }
    try {
      if (channel instanceof SocketChannel one) {
        return owner == one.socket();
      }
      if (channel instanceof ServerSocketChannel one) {
        return owner == one.socket();
      }
      return channel instanceof DatagramChannel one && owner == one.socket();
    } catch (UnsupportedOperationException unixDomain) {
      return false; // such a channel has no socket
    }
  }

  /** Whether an object's class is the JDK's. */
  static boolean isJdk(Object object) {
    return object.getClass().getModule() == Object.class.getModule();
  }

  /**
   * Why what an object tells of itself may be about another socket.
   *
   * @return the reason and what would help, or null if the object is a channel of the JDK's own, or a socket that has a
   *     descriptor of its own for sure
   */
  static @Nullable String doubt(Object owner) {
    if (owner instanceof SelectableChannel) {
      return null;
    }
    if (owner instanceof SSLSocket || !isJdk(owner)) {
      return owner.getClass().getName()
          + " may stand for a socket below it: register that one, whose closing popol sees";
    }
    return hasFactory(owner) ? "the program has installed a factory for sockets, and this may be one of its own" : null;
  }

  /** By the only public method that tells: it refuses a second factory, and null instead of none changes nothing. */
  @SuppressWarnings("deprecation")
  private static boolean hasFactory(Object owner) {
    try {
      if (owner instanceof Socket) {
        Socket.setSocketImplFactory(null);
      } else if (owner instanceof ServerSocket) {
        ServerSocket.setSocketFactory(null);
      } else if (owner instanceof DatagramSocket) {
        DatagramSocket.setDatagramSocketImplFactory(null);
      }
      return false;
    } catch (SocketException installed) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e); // only declared
    }
  }
}
