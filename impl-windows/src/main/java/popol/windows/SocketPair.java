package popol.windows;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;

/**
 * Two sockets on the loopback address, connected to each other: Windows has no {@code socketpair}. A listener of a
 * moment lets them find each other, which nobody else can take part in: its port is exclusive, and a connection counts
 * only if it comes from the address of the other socket.
 *
 * @param reader receives what is sent to the writer
 * @param writer sends at once, however small it is
 */
record SocketPair(long reader, long writer) {

  private static final int STRANGERS = 16; // that may come before ours; the listener has room for no more
  private static final int PATIENCE = 10_000; // milliseconds; the connection is there already

  static SocketPair open() throws IOException {
    try (Opening opening = new Opening()) {
      return opening.open();
    }
  }

  /** The sockets while not all of them are connected, and the memory for that. */
  private static final class Opening implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment error = CallState.allocate(arena);
    private final MemorySegment name = arena.allocate(WindowsHeaders.SOCKADDR_IN);
    private final MemorySegment peer = arena.allocate(WindowsHeaders.SOCKADDR_IN);
    private final MemorySegment length = arena.allocate(JAVA_INT);
    private final MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
    private long listener = WindowsHeaders.INVALID_SOCKET;
    private long writer = WindowsHeaders.INVALID_SOCKET;
    private long reader = WindowsHeaders.INVALID_SOCKET;

    SocketPair open() throws IOException {
      listener = socket();
      require("setsockopt", Winsock.setsockopt(
          listener, WindowsHeaders.SOL_SOCKET, WindowsHeaders.SO_EXCLUSIVEADDRUSE, on, error));
      bindToLoopback(listener);
      require("listen", Winsock.listen(listener, STRANGERS, error));
      getsockname(listener, peer);
      writer = socket();
      bindToLoopback(writer);
      require("connect", Winsock.connect(writer, peer, error));
      getsockname(writer, name);
      reader = accept();
      require("setsockopt", Winsock.setsockopt(
          writer, WindowsHeaders.IPPROTO_TCP, WindowsHeaders.TCP_NODELAY, on, error));
      leaveNothing(writer);
      leaveNothing(reader);
      SocketPair pair = new SocketPair(reader, writer);
      reader = WindowsHeaders.INVALID_SOCKET;
      writer = WindowsHeaders.INVALID_SOCKET;
      return pair;
    }

    private long socket() throws IOException {
      return require("socket", Winsock.socket(error));
    }

    /** To a port that the system chooses. */
    private void bindToLoopback(long socket) throws IOException {
      name.fill((byte) 0);
      name.set(JAVA_SHORT, offset("sin_family"), (short) WindowsHeaders.AF_INET);
      MemorySegment.copy(new byte[] {127, 0, 0, 1}, 0, name, JAVA_BYTE, offset("sin_addr"), 4);
      require("bind", Winsock.bind(socket, name, error));
    }

    private void getsockname(long socket, MemorySegment into) throws IOException {
      length.set(JAVA_INT, 0, (int) into.byteSize());
      require("getsockname", Winsock.getsockname(socket, into, length, error));
    }

    /** The connection that comes from the address in {@code name}; others are closed. */
    private long accept() throws IOException {
      for (int i = 0; i <= STRANGERS; i++) {
        awaitConnection();
        length.set(JAVA_INT, 0, (int) peer.byteSize());
        long accepted = require("accept", Winsock.accept(listener, peer, length, error));
        if (isAtSameAddress()) {
          return accepted;
        }
        Winsock.closesocket(accepted, error);
      }
      throw new IOException("other programs take the connections to popol's own port on 127.0.0.1");
    }

    private void awaitConnection() throws IOException {
      MemorySegment entry = arena.allocate(WindowsHeaders.WSAPOLLFD);
      entry.set(JAVA_LONG, WindowsHeaders.WSAPOLLFD.byteOffset(groupElement("fd")), listener);
      entry.set(JAVA_SHORT, WindowsHeaders.WSAPOLLFD.byteOffset(groupElement("events")), WindowsHeaders.POLLRDNORM);
      if (Winsock.poll(entry, 1, PATIENCE) <= 0) {
        throw new IOException("a connection of 127.0.0.1 to itself does not come: does a firewall forbid it?");
      }
    }

    private boolean isAtSameAddress() {
      return peer.get(JAVA_SHORT, offset("sin_port")) == name.get(JAVA_SHORT, offset("sin_port"))
          && peer.get(JAVA_INT, offset("sin_addr")) == name.get(JAVA_INT, offset("sin_addr"));
    }

    /** Without this a closed connection keeps its port for minutes. */
    private void leaveNothing(long socket) throws IOException {
      MemorySegment linger = arena.allocate(WindowsHeaders.LINGER);
      linger.set(JAVA_SHORT, 0, (short) 1);
      require("setsockopt", Winsock.setsockopt(
          socket, WindowsHeaders.SOL_SOCKET, WindowsHeaders.SO_LINGER, linger, error));
    }

    private static long offset(String member) {
      return WindowsHeaders.SOCKADDR_IN.byteOffset(groupElement(member));
    }

    private static long require(String call, long result) throws IOException {
      if (result < 0) {
        throw Winsock.failure(call, (int) -result);
      }
      return result;
    }

    @Override
    public void close() {
      for (long socket : new long[] {listener, writer, reader}) {
        if (socket != WindowsHeaders.INVALID_SOCKET) {
          Winsock.closesocket(socket, error);
        }
      }
      arena.close();
    }
  }
}
