package popol.unix;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that a socket can have: all that fit what Java tells of it, and all that may have fitted when Java
 * was told. The socket is open while they are gone through, so its own is always among them; if it is alone, it is
 * certain.
 *
 * <p>What is not asked for, because it can change or is not what Java tells:
 *
 * <ul>
 *   <li>The peer of a connection, where there is none any more. A connection that was reset, or that both sides have
 *       ended, keeps its local address only (Linux), or no address at all (macOS).
 *   <li>The peer of datagrams, which another thread can change. While one of two sockets that share a port is
 *       disconnected, it can be without a port for a moment (connect(2), {@code DatagramChannelImpl.repairSocket}).
 *   <li>The address beside a port, where the socket has none in particular, or may get one by connecting.
 *   <li>The path that a Unix-domain socket is connected to.
 * </ul>
 */
final class Candidates {

  /** The encodings of paths that the JDK uses, for reading and for writing ({@code UnixDomainSockets}). */
  private static final Charset READ = Charset.defaultCharset();
  private static final Charset WRITTEN = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private static final int SHOWN = 5; // in a message

  private final Sought sought;
  private final SocketLook look;
  private final @Nullable Endpoint local; // null for a path
  private final @Nullable Endpoint remote; // null if the peer does not tell
  private final StringJoiner names = new StringJoiner(", ");
  private int one = -1; // the last one with the peer that is sought, or with none
  private int count; // how many there are of these
  private int other = -1; // the last one with another peer
  private int others;

  Candidates(Sought sought, SocketLook look) {
    this.sought = sought;
    this.look = look;
    this.local = sought.local() instanceof InetSocketAddress address ? Endpoint.of(address) : null;
    this.remote = sought.remote() instanceof InetSocketAddress address ? Endpoint.of(address) : null;
  }

  /** Takes a descriptor in, if it can be the socket's. */
  void look(int descriptor) {
    int result = look.getsockname(descriptor);
    if (result == -UnixHeaders.EBADF || result == 0 && !isBound()) {
      return;
    }
    if (result == 0 && remote != null && look.getpeername(descriptor) == 0 && !remote.mayBe(look.name)) {
      other = descriptor;
      others++;
    } else if (isKind(descriptor)) {
      one = descriptor;
      if (++count <= SHOWN) {
        names.add(Integer.toString(descriptor));
      }
    }
  }

  /** Whether the name that was got can be what the socket is bound to. */
  private boolean isBound() {
    if (local == null) {
      return look.name.isUnix() && (isPath(READ) || isPath(WRITTEN));
    }
    return sought.shared()
        ? look.name.isInternet() && (look.name.port() == local.port() || look.name.port() == 0)
        : local.mayBe(look.name);
  }

  private boolean isPath(Charset encoding) {
    try {
      return UnixDomainSocketAddress.of(look.name.path(encoding)).equals(sought.local());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private boolean isKind(int descriptor) {
    return switch (sought.kind()) {
      case LISTENER -> look.isListening(descriptor) && look.type(descriptor) == UnixHeaders.SOCK_STREAM;
      case CONNECTION -> look.type(descriptor) == UnixHeaders.SOCK_STREAM && !look.isListening(descriptor);
      case DATAGRAMS -> look.type(descriptor) == UnixHeaders.SOCK_DGRAM;
    };
  }

  /** The only one, or below 0. Of connections with one local address the peer tells which it is. */
  int only() {
    if (count == 1) {
      return one;
    }
    return count == 0 && others == 1 && isKind(other) ? other : -1;
  }

  /** Whether they are for a socket that is bound to this, as it was before. */
  boolean areOf(SocketAddress local) {
    return sought.local().equals(local);
  }

  boolean areNone() {
    return count == 0;
  }

  /** Why there is not one, and what would help. */
  String reason() {
    if (areNone()) {
      return "no descriptor of this process has its addresses";
    }
    String which =
        "it may be any of the descriptors " + names + (count > SHOWN ? " and " + (count - SHOWN) + " more" : "");
    if (sought.local() instanceof UnixDomainSocketAddress name) {
      return which + (name.getPath().toString().isEmpty()
          ? ", which have no name either: bind it to a path of its own before it connects"
          : ", which have its path: give each one of its own");
    }
    if (sought.kind() != Sought.Kind.CONNECTION) {
      return which + ", which share its port: give each one of its own";
    }
    return which + (remote == null
        ? ", which have its local address, and it may lead through a proxy: bind each to a port of its own"
        : ", some of which have lost their connection: close those first");
  }
}
