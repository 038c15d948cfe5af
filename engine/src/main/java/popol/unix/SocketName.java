package popol.unix;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;

/** The name of a socket, one of its two ends, as the kernel writes it into memory ({@code struct sockaddr}). */
final class SocketName {

  /** Bytes for the longest name. */
  static final int SIZE = (int) UnixHeaders.Structs.SOCKADDR_STORAGE.byteSize();

  private static final int PORT = offset(UnixHeaders.Structs.SOCKADDR_IN, "sin_port"); // in sockaddr_in6 too
  private static final int INET_ADDRESS = offset(UnixHeaders.Structs.SOCKADDR_IN, "sin_addr");
  private static final int INET6_ADDRESS = offset(UnixHeaders.Structs.SOCKADDR_IN6, "sin6_addr");
  private static final int INET6_SCOPE = offset(UnixHeaders.Structs.SOCKADDR_IN6, "sin6_scope_id");
  private static final int UNIX_PATH = offset(UnixHeaders.Structs.SOCKADDR_UN, "sun_path");

  private static final int IP4 = 4; // bytes of an address
  private static final int IP6 = 16;
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}; // ::ffff:0:0/96

  private final UnixSystem system;
  private final ByteBuffer bytes; // the name comes first
  private int length;

  SocketName(UnixSystem system, ByteBuffer bytes) {
    this.system = system;
    this.bytes = bytes;
  }

  private static int offset(StructLayout struct, String member) {
    return (int) struct.byteOffset(groupElement(member));
  }

  /** Takes the name that has been written, of so many bytes. */
  void written(int count) {
    length = Math.min(count, SIZE);
  }

  private int family() {
    return system.family() == 1 ? bytes.get(1) : bytes.getShort(0);
  }

  boolean isUnix() {
    return length >= UNIX_PATH && family() == UnixHeaders.AF_UNIX;
  }

  boolean isInternet() {
    return isInternet4() || isInternet6();
  }

  private boolean isInternet4() {
    return length >= UNIX_PATH && family() == UnixHeaders.AF_INET;
  }

  private boolean isInternet6() {
    return length >= UNIX_PATH && family() == system.inet6();
  }

  int port() {
    return (bytes.get(PORT) & 0xff) << Byte.SIZE | bytes.get(PORT + 1) & 0xff;
  }

  /** Whether the socket is bound to no address of its own, but to a port of all that the machine has. */
  boolean isAny() {
    if (isInternet4()) {
      return isZero(INET_ADDRESS, IP4);
    }
    int skipped = is(INET6_ADDRESS, MAPPED) ? MAPPED.length : 0;
    return isZero(INET6_ADDRESS + skipped, IP6 - skipped);
  }

  /** Whether the socket has an address; one of four bytes can be mapped into IPv6. */
  boolean hasAddress(byte[] address) {
    if (isInternet4()) {
      return address.length == IP4 && is(INET_ADDRESS, address);
    }
    return address.length == IP4
        ? is(INET6_ADDRESS, MAPPED) && is(INET6_ADDRESS + MAPPED.length, address)
        : is(INET6_ADDRESS, address);
  }

  /** The interface that an address of IPv6 is meant on; 0 for all. */
  int scope() {
    return isInternet6() ? bytes.getInt(INET6_SCOPE) : 0;
  }

  /**
   * The path of a Unix-domain socket; empty if it has none, or a name that is no path.
   *
   * @param encoding of the path
   */
  String path(Charset encoding) {
    int end = UNIX_PATH;
    while (end < length && bytes.get(end) != 0) {
      end++;
    }
    byte[] path = new byte[end - UNIX_PATH];
    bytes.get(UNIX_PATH, path);
    return new String(path, encoding);
  }

  private boolean is(int at, byte[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if (bytes.get(at + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isZero(int at, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes.get(at + i) != 0) {
        return false;
      }
    }
    return true;
  }
}
