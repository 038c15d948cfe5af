package popol.examples.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a node listens, and whom it asks first.
 *
 * @param listen the address to listen on, and to dial from; port 0 is any free one
 * @param known nodes that it always tries again
 */
record Config(InetSocketAddress listen, List<InetSocketAddress> known) {

  /**
   * Reads addresses as they are typed.
   *
   * @param listen {@code PORT}, which is one of the loopback interface, or {@code HOST:PORT}
   * @param known another node in the same form, or null
   * @throws IllegalArgumentException if one is no address
   */
  static Config parse(String listen, String known) {
    return new Config(address(listen), known == null ? List.of() : List.of(address(known)));
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    InetSocketAddress address;
    try {
      int port = Integer.parseInt(text.substring(colon + 1).strip());
      address = colon < 0
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
          : new InetSocketAddress(text.substring(0, colon), port);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not PORT or HOST:PORT, with a port of 0 to 65535: " + text, e);
    }
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("unknown host: " + text);
    }
    return address;
  }
}
