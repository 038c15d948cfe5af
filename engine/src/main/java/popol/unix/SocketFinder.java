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
import java.util.function.LongFunction;

/**
 * Finds the descriptor of a socket by its addresses among those of this process, for a JVM that was started without the
 * flags. The socket is open and its descriptor is among them, so if exactly one has its type and addresses, that is the
 * one, whatever other threads open and close meanwhile. Of TCP connections more than one can: one that was reset has
 * lost its addresses to the kernel, but not to Java. These are told apart by their {@link KeepAlive}.
 */
final class SocketFinder {

  private static final int NAME_SIZE = (int) UnixHeaders.Structs.SOCKADDR_STORAGE.byteSize();
  private static final int GAP = 64; // closed numbers in a row after which a look is taken at what there is

  private final SocketCalls calls;
  private final Object owner;
  private final KeepAlive keepAlive; // null if it is no TCP connection
  private final Endpoint local;
  private final Endpoint remote; // null if it is to have none
  private final int type;
  private final boolean listening;
  private final boolean pending; // a connect that has not finished has no peer yet

  private SocketFinder(SocketCalls calls, Object owner, int type, boolean listening, SocketAddress local, SocketAddress remote,
      boolean pending) throws NotFoundException {
    this.calls = calls;
    this.owner = owner;
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
    this.keepAlive = this.local.isInternet() ? KeepAlive.of(owner) : null;
  }

  /**
   * Finds a socket.
   *
   * @param registered the owner of an open source that a descriptor is registered for, or null
   * @param first the descriptor at which to look first
   * @throws NotFoundException if it is no socket, or not exactly one descriptor has its addresses
   */
  static int find(SocketCalls calls, Object owner, LongFunction<Object> registered, int first)
      throws NotFoundException {
    try {
      return of(calls, owner).find(registered, first);
    } catch (IOException e) {
      throw new NotFoundException("it cannot be asked for its addresses: " + e.getMessage());
    }
  }

  private static SocketFinder of(SocketCalls calls, Object owner) throws IOException, NotFoundException {
    if (owner instanceof SocketChannel channel) {
      return new SocketFinder(calls, owner, UnixHeaders.SOCK_STREAM, false, channel.getLocalAddress(),
          channel.getRemoteAddress(), !channel.isConnected());
    }
    if (owner instanceof Socket socket) {
      return new SocketFinder(calls, owner, UnixHeaders.SOCK_STREAM, false,
          socket.isBound() ? socket.getLocalSocketAddress() : null, socket.getRemoteSocketAddress(),
          !socket.isConnected());
    }
    if (owner instanceof DatagramChannel channel) {
      return datagrams(calls, owner, channel.getLocalAddress(), channel.getRemoteAddress());
    }
    if (owner instanceof DatagramSocket socket) {
      return datagrams(calls, owner, socket.getLocalSocketAddress(), socket.getRemoteSocketAddress());
    }
    if (owner instanceof ServerSocketChannel channel) {
      return listener(calls, owner, ((NetworkChannel) channel).getLocalAddress());
    }
    if (owner instanceof ServerSocket socket) {
      return listener(calls, owner, socket.getLocalSocketAddress());
    }
    throw new NotFoundException("only sockets can be found by their addresses; a pipe of popol's own needs no flag");
  }

  private static SocketFinder datagrams(SocketCalls calls, Object owner, SocketAddress local, SocketAddress remote)
      throws NotFoundException {
    return new SocketFinder(calls, owner, UnixHeaders.SOCK_DGRAM, false, local, remote, false);
  }

  private static SocketFinder listener(SocketCalls calls, Object owner, SocketAddress local) throws NotFoundException {
    return new SocketFinder(calls, owner, UnixHeaders.SOCK_STREAM, true, local, null, false);
  }

  private int find(LongFunction<Object> registered, int first) throws IOException, NotFoundException {
    try (Arena arena = Arena.ofConfined()) {
      Look look = new Look(arena);
      int found = -1;
      if (keepAlive != null) { // the first one that has it is the only one
        found = from(first, look, registered);
        if (found < 0 && first > 0) {
          found = from(0, look, registered);
        }
      }
      if (found < 0) {
        found = only(look, registered);
      }
      if (found < 0) {
        throw new NotFoundException("no descriptor of this process has its addresses");
      }
      return found;
    }
  }

  /** Descriptors are the lowest free numbers, so counting up finds one without asking for all that there are. */
  private int from(int first, Look look, LongFunction<Object> registered) throws IOException {
    int gap = 0;
    for (int number = first; gap < GAP; number++) {
      Object other = registered.apply(number);
      if (isKnown(other)) {
        if (Owner.isSame(other, owner)) {
          return number;
        }
        gap = 0;
      } else if (isIt(look, number)) {
        return number;
      } else {
        gap = look.isOpen ? 0 : gap + 1;
      }
    }
    return -1;
  }

  private int only(Look look, LongFunction<Object> registered) throws IOException, NotFoundException {
    String[] numbers = new File("/dev/fd").list();
    if (numbers == null) {
      throw new NotFoundException("/dev/fd cannot be read");
    }
    int found = -1;
    int second = -1;
    for (String name : numbers) {
      int number = Integer.parseInt(name);
      Object other = registered.apply(number);
      if (isKnown(other)) {
        if (Owner.isSame(other, owner)) {
          return number;
        }
      } else if (isIt(look, number)) {
        second = found;
        found = number;
      }
    }
    if (second >= 0) {
      throw new NotFoundException("the descriptors " + second + " and " + found + " both have its addresses");
    }
    return found;
  }

  /** Whether it is sure whose descriptor this is. A raw one may have been closed, and its number be another's. */
  private static boolean isKnown(Object other) {
    return other != null && !(other instanceof Long);
  }

  /** Looks twice, because the number may go to another socket in the middle of a look. */
  private boolean isIt(Look look, int number) throws IOException {
    return look.at(number)
        && (keepAlive == null || keepAlive.isOf(() -> look.option(number, calls.keepAlive())))
        && look.at(number);
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
      length = arena.allocate(ValueLayout.JAVA_INT);
      value = arena.allocate(ValueLayout.JAVA_INT);
      errno = CallState.allocate(arena);
    }

    boolean at(int number) {
      length.set(ValueLayout.JAVA_INT, 0, NAME_SIZE);
      int result = calls.getsockname(number, name, length, errno);
      isOpen = result != -UnixHeaders.EBADF;
      return result == 0
          && local.matches(calls, name, length.get(ValueLayout.JAVA_INT, 0), pending)
          && option(number, calls.type()) == type
          && (type != UnixHeaders.SOCK_STREAM || isAsListening(number))
          && hasRemote(number);
    }

    private boolean isAsListening(int number) {
      int value = option(number, calls.listening());
      return value >= 0 && (value != 0) == listening;
    }

    /** The value of an option, or below 0. */
    int option(int number, int option) {
      return calls.getsockopt(number, option, value, length, errno);
    }

    private boolean hasRemote(int number) {
      length.set(ValueLayout.JAVA_INT, 0, NAME_SIZE);
      int result = calls.getpeername(number, name, length, errno);
      if (result != 0) {
        return result != -UnixHeaders.EBADF && (remote == null || keepAlive != null); // not yet connected, or reset
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
