package popol.lookups;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A socket or pipe end that this program has opened, and what must be so again after each look-up. */
final class Opened {

  /** What kind it is, for the report. */
  final String kind;

  final Closeable owner;
  final int descriptor;
  private final Map<String, Object> options;
  private final boolean nonBlocking;
  volatile boolean isClosing; // set before anything is changed to close it
  volatile boolean isSwitched; // its mode is changed by this program itself
  volatile boolean isShared; // other threads register it too

  Opened(String kind, Closeable owner) throws IOException {
    this.kind = kind;
    this.owner = owner;
    this.descriptor = Truth.descriptor(owner);
    this.options = options();
    this.nonBlocking = Truth.isNonBlocking(descriptor);
  }

  boolean isOpen() {
    return switch (owner) {
      case Channel channel -> channel.isOpen();
      case Socket socket -> !socket.isClosed();
      case ServerSocket socket -> !socket.isClosed();
      case DatagramSocket socket -> !socket.isClosed();
      default -> throw new IllegalStateException();
    };
  }

  /**
   * What is not as it was when it was opened.
   *
   * @param alone whether no other thread looks it up
   * @return what it is, or null
   */
  String changed(boolean alone) {
    try {
      Map<String, Object> now = options();
      boolean nonBlockingNow = Truth.isNonBlocking(descriptor);
      boolean registered = owner instanceof SelectableChannel channel && channel.isRegistered();
      if (isClosing || !isOpen()) {
        return null;
      }
      if (!now.equals(options)) {
        return "options " + options + " are " + now;
      }
      if (!isSwitched && nonBlockingNow != nonBlocking) {
        return "the mode";
      }
      return alone && registered ? "still registered with a selector" : null;
    } catch (ClosedChannelException | SocketException closed) {
      return isClosing ? null : closed.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Not the sizes of buffers, which the kernel changes itself. */
  private Map<String, Object> options() throws IOException {
    Map<String, Object> options = new TreeMap<>();
    Set<SocketOption<?>> supported = switch (owner) {
      case NetworkChannel channel -> channel.supportedOptions();
      case Socket socket -> socket.supportedOptions();
      case ServerSocket socket -> socket.supportedOptions();
      case DatagramSocket socket -> socket.supportedOptions();
      default -> Set.of();
    };
    for (SocketOption<?> option : LOOKED_AT) {
      if (supported.contains(option)) {
        options.put(option.name(), value(option));
      }
    }
    return options;
  }

  private static final Set<SocketOption<?>> LOOKED_AT = Set.of(
      StandardSocketOptions.SO_KEEPALIVE,
      StandardSocketOptions.SO_LINGER,
      StandardSocketOptions.SO_REUSEADDR,
      StandardSocketOptions.SO_REUSEPORT,
      StandardSocketOptions.TCP_NODELAY,
      StandardSocketOptions.IP_TOS);

  private Object value(SocketOption<?> option) throws IOException {
    return switch (owner) {
      case NetworkChannel channel -> channel.getOption(option);
      case Socket socket -> socket.getOption(option);
      case ServerSocket socket -> socket.getOption(option);
      case DatagramSocket socket -> socket.getOption(option);
      default -> throw new IllegalStateException();
    };
  }
}
