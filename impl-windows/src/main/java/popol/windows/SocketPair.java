package popol.windows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import popol.ffm.NativeMemory;

/**
 * Two sockets on the loopback address, connected to each other: Windows has no {@code socketpair}. They find each other
 * by a listener that exists for a moment. Both are in non-blocking mode. No other program can take part: the listener's
 * port is exclusive, and a connection counts only if it comes from the address of the other socket. Children do not
 * inherit the sockets.
 *
 * @param reader receives what is sent to the writer
 * @param writer sends at once, however small it is
 */
record SocketPair(long reader, long writer) implements AutoCloseable {

  /** {@code struct sockaddr_in}: its size, and where its members are. */
  static final int NAME_SIZE = 16;

  static final int FAMILY = 0;
  static final int PORT = 2;
  static final int ADDRESS = 4;

  /** What {@code AcceptEx} needs for an address: more than the name, by as much as Windows says. */
  static final int ROOM = NAME_SIZE + 16;

  /** {@code struct linger}: its size; its first member says whether the second counts. */
  static final int LINGER_SIZE = 4;

  private static final int STRANGERS = 16; // that may come first; the listener's queue has no room for more
  private static final int PATIENCE = 10_000; // milliseconds; the connection is there already

  static SocketPair open() throws IOException {
    try (Opening opening = new Opening()) {
      return opening.open();
    }
  }

  @Override
  public void close() {
    Winsock.closesocket(writer);
    Winsock.closesocket(reader);
  }

  /** The sockets while not all of them are connected, and the memory for that. */
  private static final class Opening implements AutoCloseable {

    private static final int LOOPBACK = 0x7f000001; // 127.0.0.1

    // Offsets in the memory.
    private static final int ACCEPT = 0; // an OVERLAPPED
    private static final int LISTENER = ACCEPT + Kernel32.OVERLAPPED_SIZE; // a SOCKET
    private static final int NAME = LISTENER + Long.BYTES; // of the writer
    private static final int PEER = NAME + NAME_SIZE; // the listener's, later that of who connected
    private static final int LENGTH = PEER + NAME_SIZE; // an int: of a name, or how many bytes came
    private static final int ON = LENGTH + Integer.BYTES; // an int: 1
    private static final int LINGER = ON + Integer.BYTES;
    private static final int ADDRESSES = LINGER + LINGER_SIZE; // both, as AcceptEx says them

    private final NativeMemory memory = NativeMemory.allocate(ADDRESSES + 2 * ROOM);
    private final ByteBuffer bytes = memory.bytes();
    private long accepted; // an event: a connection was accepted; 0 until there is one
    private long listener = WindowsHeaders.INVALID_SOCKET;
    private long writer = WindowsHeaders.INVALID_SOCKET;
    private long reader = WindowsHeaders.INVALID_SOCKET;

    SocketPair open() throws IOException {
      bytes.putInt(ON, 1);
      listener = socket();
      setOption(listener, WindowsHeaders.SOL_SOCKET, WindowsHeaders.SO_EXCLUSIVEADDRUSE, ON, Integer.BYTES);
      bindToLoopback(listener);
      require("listen", Winsock.listen(memory, listener, STRANGERS));
      getsockname(listener, PEER);
      writer = socket();
      bindToLoopback(writer);
      require("connect", Winsock.connect(memory, writer, at(PEER), NAME_SIZE));
      getsockname(writer, NAME);
      accept();
      setOption(writer, WindowsHeaders.IPPROTO_TCP, WindowsHeaders.TCP_NODELAY, ON, Integer.BYTES);
      for (long socket : new long[] {writer, reader}) {
        leaveNothing(socket);
        require("ioctlsocket", Winsock.ioctlsocket(memory, socket, WindowsHeaders.FIONBIO, at(ON)));
      }
      SocketPair pair = new SocketPair(reader, writer);
      reader = WindowsHeaders.INVALID_SOCKET;
      writer = WindowsHeaders.INVALID_SOCKET;
      return pair;
    }

    private long socket() throws IOException {
      return require("WSASocket", Winsock.wsaSocket(memory));
    }

    /** Binds to a port that the system chooses. */
    private void bindToLoopback(long socket) throws IOException {
      bytes.putShort(NAME + FAMILY, (short) WindowsHeaders.AF_INET);
      bytes.putShort(NAME + PORT, (short) 0);
      bytes.duplicate().order(ByteOrder.BIG_ENDIAN).putInt(NAME + ADDRESS, LOOPBACK);
      require("bind", Winsock.bind(memory, socket, at(NAME), NAME_SIZE));
    }

    private void getsockname(long socket, int name) throws IOException {
      bytes.putInt(LENGTH, NAME_SIZE);
      require("getsockname", Winsock.getsockname(memory, socket, at(name), at(LENGTH)));
    }

    /**
     * Accepts the connection of the writer, and closes others. By {@code AcceptEx}, which takes a socket that children
     * do not inherit: {@code accept} makes one that they inherit until that is changed.
     */
    private void accept() throws IOException {
      accepted = Kernel32.createEvent(memory, false);
      if (accepted == 0) {
        throw WindowsErrors.failure("CreateEvent", memory.errorNumber());
      }
      bytes.putLong(ACCEPT + Kernel32.EVENT, accepted);
      bytes.putLong(LISTENER, listener);
      for (int i = 0; i <= STRANGERS; i++) {
        reader = socket();
        if (awaitConnection() && isFromWriter()) {
          return;
        }
        Winsock.closesocket(reader);
        reader = WindowsHeaders.INVALID_SOCKET;
      }
      throw new IOException("other programs take the connections to popol's own port on 127.0.0.1");
    }

    /** Returns false if one came and has gone again. The memory is the system's until the call is over. */
    private boolean awaitConnection() throws IOException {
      if (!Mswsock.acceptEx(memory, listener, reader, at(ADDRESSES), ROOM, at(LENGTH), at(ACCEPT))
          && memory.errorNumber() != WindowsHeaders.ERROR_IO_PENDING) {
        throw WindowsErrors.failure("AcceptEx", memory.errorNumber());
      }
      boolean came = Kernel32.waitForSingleObject(memory, accepted, PATIENCE) == WindowsHeaders.WAIT_OBJECT_0;
      if (!came) {
        Kernel32.cancelIoEx(memory, listener, at(ACCEPT));
      }
      boolean succeeded = Kernel32.getOverlappedResult(memory, listener, at(ACCEPT), at(LENGTH));
      if (!came) {
        throw new IOException("a connection of 127.0.0.1 to itself does not come: does a firewall forbid it?");
      }
      return succeeded;
    }

    /** A socket that AcceptEx has connected has no names until it is told which listener it comes from. */
    private boolean isFromWriter() throws IOException {
      setOption(reader, WindowsHeaders.SOL_SOCKET, WindowsHeaders.SO_UPDATE_ACCEPT_CONTEXT, LISTENER, Long.BYTES);
      bytes.putInt(LENGTH, NAME_SIZE);
      return Winsock.getpeername(memory, reader, at(PEER), at(LENGTH)) >= 0
          && bytes.getShort(PEER + PORT) == bytes.getShort(NAME + PORT)
          && bytes.getInt(PEER + ADDRESS) == bytes.getInt(NAME + ADDRESS);
    }

    /** Without this a closed connection keeps its port for minutes. */
    private void leaveNothing(long socket) throws IOException {
      bytes.putShort(LINGER, (short) 1);
      setOption(socket, WindowsHeaders.SOL_SOCKET, WindowsHeaders.SO_LINGER, LINGER, LINGER_SIZE);
    }

    private void setOption(long socket, int level, int option, int value, int length) throws IOException {
      require("setsockopt", Winsock.setsockopt(memory, socket, level, option, at(value), length));
    }

    private long at(int offset) {
      return memory.address() + offset;
    }

    private static long require(String call, long result) throws IOException {
      if (result < 0) {
        throw WindowsErrors.failure(call, (int) -result);
      }
      return result;
    }

    @Override
    public void close() {
      for (long socket : new long[] {listener, writer, reader}) {
        if (socket != WindowsHeaders.INVALID_SOCKET) {
          Winsock.closesocket(socket);
        }
      }
      if (accepted != 0) {
        Kernel32.closeHandle(accepted);
      }
      memory.free();
    }
  }
}
