package popol.spi;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.IntSupplier;

/**
 * The option SO_KEEPALIVE of a TCP connection, by which it is told from another one with the same addresses: it is
 * changed through Java for a moment, and a descriptor that shows both the change and its end is that of the connection.
 * Of all options it is the one whose change has no effect on what is sent or received meanwhile.
 */
final class KeepAlive {

  private interface Getter {
    boolean get() throws IOException;
  }

  private interface Setter {
    void set(boolean value) throws IOException;
  }

  private final Getter getter;
  private final Setter setter;

  private KeepAlive(Getter getter, Setter setter) {
    this.getter = getter;
    this.setter = setter;
  }

  /** That of a connection, or null if the owner cannot be one. */
  static KeepAlive of(Object owner) {
    if (owner instanceof SocketChannel channel) {
      return new KeepAlive(
          () -> channel.getOption(StandardSocketOptions.SO_KEEPALIVE),
          value -> channel.setOption(StandardSocketOptions.SO_KEEPALIVE, value));
    }
    return owner instanceof Socket socket ? new KeepAlive(socket::getKeepAlive, socket::setKeepAlive) : null;
  }

  /**
   * Whether a descriptor is this connection's.
   *
   * @param shown what the descriptor shows now: 0 for off, below 0 if it is no socket any more
   */
  boolean isOf(IntSupplier shown) throws IOException {
    boolean before = getter.get();
    boolean changed;
    setter.set(!before);
    try {
      changed = is(!before, shown);
    } finally {
      setter.set(before);
    }
    return changed && is(before, shown);
  }

  private static boolean is(boolean expected, IntSupplier shown) {
    int value = shown.getAsInt();
    return value >= 0 && (value != 0) == expected;
  }
}
