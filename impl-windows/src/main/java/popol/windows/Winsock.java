package popol.windows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import popol.spi.CFunction;
import popol.spi.CallState;
import popol.spi.FailedCalls;

/**
 * The functions that popol uses of {@code ws2_32.dll}, one method for each, under its name. A result below 0 is the
 * negative of {@code WSAGetLastError}.
 */
final class Winsock {

  private static final short VERSION_2_2 = 0x202;
  private static final String LAST_ERROR = "WSAGetLastError";
  private static final CallState STATE = new CallState(LAST_ERROR);

  private static final MethodHandle POLL = link(WindowsHeaders.WSAPOLL);
  private static final MethodHandle STARTUP = linkWithError(WindowsHeaders.WSASTARTUP);
  private static final MethodHandle SEND = link(WindowsHeaders.SEND);
  private static final MethodHandle RECV = link(WindowsHeaders.RECV);
  private static final MethodHandle CLOSESOCKET = linkWithError(WindowsHeaders.CLOSESOCKET);

  static {
    try (Arena arena = Arena.ofConfined()) {
      int error = (int) STARTUP.invokeExact(
          CallState.allocate(arena), VERSION_2_2, arena.allocate(WindowsHeaders.WSADATA.byteSize(), Long.BYTES));
      if (error != 0) {
        throw new IllegalStateException("WSAStartup failed: error " + error);
      }
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  private Winsock() {}

  /** Starts Windows sockets up, if this class has not done so: by initializing it. */
  static void startUp() {}

  static int poll(MemorySegment entries, int count, int milliseconds) {
    try {
      int result = (int) POLL.invokeExact(entries, count, milliseconds);
      return result >= 0 ? result : Failed.CALLS.again(WindowsHeaders.WSAPOLL, entries, count, 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return how many bytes were sent, or -1} */
  static int send(long socket, MemorySegment buffer) {
    try {
      return (int) SEND.invokeExact(socket, buffer, (int) buffer.byteSize(), 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return how many bytes were received, 0 at the end, or -1} */
  static int recv(long socket, MemorySegment buffer) {
    try {
      return (int) RECV.invokeExact(socket, buffer, (int) buffer.byteSize(), 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static void closesocket(long socket, MemorySegment error) {
    try {
      int ignored = (int) CLOSESOCKET.invokeExact(error, socket);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return a TCP socket of IPv4, or below 0 the negative of the error} */
  static long socket(MemorySegment error) {
    try {
      return STATE.result(
          (long) Calls.SOCKET.invokeExact(error, WindowsHeaders.AF_INET, WindowsHeaders.SOCK_STREAM, 0), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int setsockopt(long socket, int level, int option, MemorySegment value, MemorySegment error) {
    try {
      return STATE.result(
          (int) Calls.SETSOCKOPT.invokeExact(error, socket, level, option, value, (int) value.byteSize()), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int bind(long socket, MemorySegment name, MemorySegment error) {
    try {
      return STATE.result((int) Calls.BIND.invokeExact(error, socket, name, (int) name.byteSize()), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int listen(long socket, int backlog, MemorySegment error) {
    try {
      return STATE.result((int) Calls.LISTEN.invokeExact(error, socket, backlog), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int connect(long socket, MemorySegment name, MemorySegment error) {
    try {
      return STATE.result((int) Calls.CONNECT.invokeExact(error, socket, name, (int) name.byteSize()), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /**
   * Accepts a connection.
   *
   * @param name takes the address of the peer
   * @param length an int, how long that is
   * @return a socket, or below 0 the negative of the error
   */
  static long accept(long socket, MemorySegment name, MemorySegment length, MemorySegment error) {
    try {
      return STATE.result((long) Calls.ACCEPT.invokeExact(error, socket, name, length), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int getsockname(long socket, MemorySegment name, MemorySegment length, MemorySegment error) {
    try {
      return STATE.result((int) Calls.GETSOCKNAME.invokeExact(error, socket, name, length), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** The exception for a call that failed. */
  static IOException failure(String call, int error) {
    return new IOException(call + " failed: " + switch (error) {
      case WindowsHeaders.WSAEMFILE -> "no sockets left (WSAEMFILE): close something";
      case WindowsHeaders.WSAENOBUFS -> "no buffer space left (WSAENOBUFS)";
      default -> "WSAGetLastError " + error;
    });
  }

  private static MethodHandle linkWithError(CFunction function) {
    return link(function, function.options(LAST_ERROR));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("ws2_32.dll", Arena.global()).findOrThrow(function.name()),
        function.type(),
        options);
  }

  /** What opens the sockets of a wake handle. */
  private static final class Calls {
    static final MethodHandle SOCKET = linkWithError(WindowsHeaders.SOCKET);
    static final MethodHandle SETSOCKOPT = linkWithError(WindowsHeaders.SETSOCKOPT);
    static final MethodHandle BIND = linkWithError(WindowsHeaders.BIND);
    static final MethodHandle LISTEN = linkWithError(WindowsHeaders.LISTEN);
    static final MethodHandle CONNECT = linkWithError(WindowsHeaders.CONNECT);
    static final MethodHandle ACCEPT = linkWithError(WindowsHeaders.ACCEPT);
    static final MethodHandle GETSOCKNAME = linkWithError(WindowsHeaders.GETSOCKNAME);
  }

  private static final class Failed {
    static final FailedCalls CALLS = new FailedCalls(LAST_ERROR, Winsock::linkWithError);
  }
}
