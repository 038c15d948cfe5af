package popol.engine;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** What the objects that sources are made of tell in public: whether they are open, and whether two are one socket. */
final class Owners {

  private Owners() {}

  /**
   * Whether the owner still has its descriptor. Of a raw descriptor only the kernel knows. Asked for a few sources in
   * each wait, so the most frequent kinds come first; a chain and not a switch, which would have to be linked at
   * start-up.
   */
  static boolean isOpen(Object owner) {
    if (owner instanceof AbstractInterruptibleChannel channel) {
      return channel.isOpen();
    }
    if (owner instanceof Long) {
      return true;
    }
    try {
      return saysThatItIsOpen(owner);
    } catch (RuntimeException e) {
      return true; // a user's class that fails must not cost the others their events
    }
  }

  private static boolean saysThatItIsOpen(Object owner) {
    if (owner instanceof Channel channel) {
      return channel.isOpen();
    }
    if (owner instanceof FileDescriptor descriptor) {
      return descriptor.valid();
    }
    if (owner instanceof Socket socket) {
      return !socket.isClosed() && (socket.getClass() == Socket.class || !isReleased(socket));
    }
    if (owner instanceof ServerSocket socket) {
      return !socket.isClosed();
    }
    return !((DatagramSocket) owner).isClosed();
  }

  /**
   * Whether a socket has closed its descriptor already and does not say so yet. An {@code SSLSocket} of the JDK closes
   * its descriptor first, and calls itself closed after that; asked for an option, it looks at the descriptor's state.
   */
  private static boolean isReleased(Socket socket) {
    if (!(socket instanceof SSLSocket)) {
      return false;
    }
    try {
      int ignored = socket.getSoTimeout();
      return false;
    } catch (SocketException closed) {
      return true;
    }
  }

  /** Whether only the kernel knows if the owner's descriptor is open. */
  static boolean isRaw(Object owner) {
    return owner instanceof Long || owner instanceof FileDescriptor;
  }

  /** The channel that an owner is, or says that it is a view of; null if there is none. */
  static @Nullable SelectableChannel channel(Object owner) {
    if (owner instanceof SelectableChannel channel) {
      return channel;
    }
    if (owner instanceof Socket socket) {
      return socket.getChannel();
    }
    if (owner instanceof ServerSocket socket) {
      return socket.getChannel();
    }
    return owner instanceof DatagramSocket socket ? socket.getChannel() : null;
  }
}
