package popol.unix;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An Internet address and port, as Java tells them of one end of a socket.
 *
 * @param port the port
 * @param address 4 or 16 bytes; null where Java knows no address, or names none of the machine's in particular
 * @param scope the interface that an address of IPv6 is meant on; 0 for all
 */
record Endpoint(int port, byte @Nullable [] address, int scope) {

  static Endpoint of(InetSocketAddress end) {
    InetAddress address = end.getAddress();
    if (address == null || address.isAnyLocalAddress()) {
      return new Endpoint(end.getPort(), null, 0);
    }
    return new Endpoint(end.getPort(), address.getAddress(),
        address instanceof Inet6Address six ? six.getScopeId() : 0);
  }

  /**
   * Whether the kernel can mean the same. A socket that is bound to no address has one as soon as it connects, and may
   * lose it; and the kernel keeps the scope of some addresses only.
   */
  boolean mayBe(SocketName name) {
    return name.isInternet()
        && name.port() == port
        && (address == null || name.isAny() || name.hasAddress(address) && mayBeScope(name.scope()));
  }

  private boolean mayBeScope(int other) {
    return scope == 0 || other == 0 || scope == other;
  }
}
