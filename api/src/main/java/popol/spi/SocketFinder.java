package popol.spi;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.LongPredicate;

/**
 * Finds the descriptor of a socket by its addresses among those of this process, for a JVM that was started without the
 * flags. The socket is open and its descriptor is among them, so if exactly one has its type and addresses, that is the
 * one, whatever other threads open and close meanwhile. A connected TCP socket has its two addresses alone: the first
 * that has them will do.
 */
final class SocketFinder {

  private static final int NAME_SIZE = (int) UnixHeaders.SOCKADDR_STORAGE.byteSize();
  private static final int GAP = 64; // closed numbers in a row after which a look is taken at what there is

  private final SocketCalls calls;
  private final Endpoint local;
  private final Endpoint remote; // null if it is to have none
  private final int type;
  private final boolean listening;
  private final boolean pending; // a connect that has not finished has no peer yet

  private SocketFinder(SocketCalls calls, int type, boolean listening, SocketAddress local, SocketAddress remote,
      boolean pending) throws NotFoundException {
    this.calls = calls;
    this.type = type;
    this.listening = listening;
    this.pending = pending;
    this.local = Endpoint.of(local);
    this.remote = remote == null ? null : Endpoint.of(remote);
    if (this.local == null || remote != null && this.remote == null) {
      throw new NotFoundException(local == null || this.local == null && remote == null
          ? "it has no address to be found by: bind it first"
          : "an end of it has no name: bind it to a path of its own first");
    }
  }

  /**
   * Finds a socket.
   *
   * @param registered whether a descriptor belongs to another open source, and so is not looked at
   * @throws NotFoundException if it is no socket, or not exactly one descriptor has its addresses
   */
  static int find(SocketCalls calls, Object owner, LongPredicate registered) throws NotFoundException {
    try {
      return of(calls, owner).find(registered);
    } catch (IOException e) {
      throw new NotFoundException("its addresses cannot be had: " + e.getMessage());
    }
  }

  private static SocketFinder of(SocketCalls calls, Object owner) throws IOException, NotFoundException {
    if (owner instanceof SocketChannel channel) {
      return new SocketFinder(calls, UnixHeaders.SOCK_STREAM, false, channel.getLocalAddress(),
          channel.getRemoteAddress(), !channel.isConnected());
    }
    if (owner instanceof Socket socket) {
      return new SocketFinder(calls, UnixHeaders.SOCK_STREAM, false,
          socket.isBound() ? socket.getLocalSocketAddress() : null, socket.getRemoteSocketAddress(),
          !socket.isConnected());
    }
    if (owner instanceof DatagramChannel channel) {
      return datagrams(calls, channel.getLocalAddress(), channel.getRemoteAddress());
    }
    if (owner instanceof DatagramSocket socket) {
      return datagrams(calls, socket.getLocalSocketAddress(), socket.getRemoteSocketAddress());
    }
    if (owner instanceof ServerSocketChannel channel) {
      return listener(calls, ((NetworkChannel) channel).getLocalAddress());
    }
    if (owner instanceof ServerSocket socket) {
      return listener(calls, socket.getLocalSocketAddress());
    }
    throw new NotFoundException("only sockets can be found by their addresses; a pipe of popol's own needs no flag");
  }

  private static SocketFinder datagrams(SocketCalls calls, SocketAddress local, SocketAddress remote)
      throws NotFoundException {
    return new SocketFinder(calls, UnixHeaders.SOCK_DGRAM, false, local, remote, false);
  }

  private static SocketFinder listener(SocketCalls calls, SocketAddress local) throws NotFoundException {
    return new SocketFinder(calls, UnixHeaders.SOCK_STREAM, true, local, null, false);
  }

  private int find(LongPredicate registered) throws NotFoundException {
    try (Arena arena = Arena.ofConfined()) {
      Look look = new Look(arena);
      int found = isUnique() ? first(look, registered) : -1;
      if (found < 0) {
        found = only(look, registered);
      }
      if (found < 0) {
        found = only(look, number -> false); // so that one registered under another key is named
      }
      if (found < 0) {
        throw new NotFoundException("no descriptor of this process has its addresses");
      }
      return found;
    }
  }

  /** Whether no two sockets can have these addresses. */
  private boolean isUnique() {
    return type == UnixHeaders.SOCK_STREAM && remote != null && !pending && local.isSpecific();
  }

  /** Descriptors are the lowest free numbers, so counting up finds one without asking for all that there are. */
  private int first(Look look, LongPredicate registered) {
    int gap = 0;
    for (int number = 0; gap < GAP; number++) {
      if (registered.test(number)) {
        gap = 0;
      } else if (look.at(number)) {
        return number;
      } else {
        gap = look.isOpen ? 0 : gap + 1;
      }
    }
    return -1;
  }

  private int only(Look look, LongPredicate registered) throws NotFoundException {
    String[] numbers = new File("/dev/fd").list();
    if (numbers == null) {
      throw new NotFoundException("/dev/fd cannot be read");
    }
    int found = -1;
    for (String name : numbers) {
      int number = Integer.parseInt(name);
      if (!registered.test(number) && look.at(number)) {
        if (found >= 0) {
          throw new NotFoundException("the descriptors " + found + " and " + number + " both have its addresses");
        }
        found = number;
      }
    }
    return found;
  }

  /** Looks at one descriptor after another. */
  private final class Look {

    private final MemorySegment name;
    private final MemorySegment length;
    private final MemorySegment value;
    private final MemorySegment errno;
    boolean isOpen; // what was looked at last

    Look(Arena arena) {
      name = arena.allocate(NAME_SIZE, Long.BYTES);
      length = arena.allocate(UnixHeaders.SOCKLEN_T);
      value = arena.allocate(ValueLayout.JAVA_INT);
      errno = CallState.allocate(arena);
    }

    boolean at(int number) {
      length.set(ValueLayout.JAVA_INT, 0, NAME_SIZE);
      int result = calls.getsockname(number, name, length, errno);
      isOpen = result != -UnixHeaders.EBADF;
      return result == 0
          && local.matches(calls, name, length.get(ValueLayout.JAVA_INT, 0), pending)
          && calls.getsockopt(number, calls.type(), value, length, errno) == type
          && (type != UnixHeaders.SOCK_STREAM
              || (calls.getsockopt(number, calls.listening(), value, length, errno) != 0) == listening)
          && hasRemote(number);
    }

    private boolean hasRemote(int number) {
      length.set(ValueLayout.JAVA_INT, 0, NAME_SIZE);
      if (calls.getpeername(number, name, length, errno) != 0) {
        return remote == null || pending;
      }
      return remote != null && remote.matches(calls, name, length.get(ValueLayout.JAVA_INT, 0), false);
    }
  }

  /** Says why a socket was not found. */
  static final class NotFoundException extends Exception {

    private static final long serialVersionUID = 1;

    NotFoundException(String reason) {
      super(reason);
    }
  }
}
