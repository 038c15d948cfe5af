package popol.spi;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/** One address of a socket as Java tells it, to be compared with what the kernel tells of a descriptor. */
final class Endpoint {

  private static final long PORT = offset(UnixHeaders.Structs.SOCKADDR_IN, "sin_port"); // in sockaddr_in6 too
  private static final long INET_ADDRESS = offset(UnixHeaders.Structs.SOCKADDR_IN, "sin_addr");
  private static final long INET6_ADDRESS = offset(UnixHeaders.Structs.SOCKADDR_IN6, "sin6_addr");
  private static final long INET6_SCOPE = offset(UnixHeaders.Structs.SOCKADDR_IN6, "sin6_scope_id");
  private static final long UNIX_PATH = offset(UnixHeaders.Structs.SOCKADDR_UN, "sun_path");

  private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}; // ::ffff:0:0/96

  private final byte[] address; // 4 or 16 bytes, or a path
  private final int port; // below 0 for a path
  private final int scope;
  private final boolean any;

  private Endpoint(byte[] address, int port, int scope, boolean any) {
    this.address = address;
    this.port = port;
    this.scope = scope;
    this.any = any;
  }

  /** The endpoint of an address, or null if it tells no socket from another. */
  static Endpoint of(SocketAddress socketAddress) {
    if (socketAddress instanceof InetSocketAddress inet && !inet.isUnresolved() && inet.getPort() != 0) {
      InetAddress address = inet.getAddress();
      int scope = address instanceof Inet6Address six ? six.getScopeId() : 0;
      return new Endpoint(address.getAddress(), inet.getPort(), scope, address.isAnyLocalAddress());
    }
    if (socketAddress instanceof UnixDomainSocketAddress unix && !unix.getPath().toString().isEmpty()) {
      Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      return new Endpoint(unix.getPath().toString().getBytes(encoding), -1, 0, false);
    }
    return null;
  }

  /** Whether it is an address of TCP or UDP, and no path. */
  boolean isInternet() {
    return port >= 0;
  }

  /**
   * Whether the kernel means the same.
   *
   * @param widened whether an unspecific address of ours goes with any of the kernel's: a socket bound to no interface
   *     has one once it connects
   */
  boolean matches(SocketCalls calls, MemorySegment name, int length, boolean widened) {
    int family = calls.family(name);
    if (family == UnixHeaders.AF_UNIX) {
      return port < 0 && matchesPath(name, length);
    }
    if (family != UnixHeaders.AF_INET && family != calls.inet6()
        || port != Short.toUnsignedInt(name.get(NETWORK_SHORT, PORT))) {
      return false;
    }
    boolean six = family == calls.inet6();
    if (any) {
      return widened || isZero(name, six ? INET6_ADDRESS : INET_ADDRESS, six ? 16 : 4);
    }
    if (address.length == 4) {
      return six
          ? is(name, INET6_ADDRESS, MAPPED) && is(name, INET6_ADDRESS + MAPPED.length, address)
          : is(name, INET_ADDRESS, address);
    }
    return six && is(name, INET6_ADDRESS, address)
        && (scope == 0 || scope == name.get(JAVA_INT_UNALIGNED, INET6_SCOPE));
  }

  private boolean matchesPath(MemorySegment name, int length) {
    long end = UNIX_PATH + address.length;
    return length >= end && is(name, UNIX_PATH, address) && (length == end || name.get(JAVA_BYTE, end) == 0);
  }

  private static long offset(StructLayout struct, String member) {
    return struct.byteOffset(groupElement(member));
  }

  private static boolean is(MemorySegment name, long offset, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (name.get(JAVA_BYTE, offset + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(MemorySegment name, long offset, int count) {
    for (int i = 0; i < count; i++) {
      if (name.get(JAVA_BYTE, offset + i) != 0) {
        return false;
      }
    }
    return true;
  }
}
