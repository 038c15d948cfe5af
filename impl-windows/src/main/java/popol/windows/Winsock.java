package popol.windows;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import popol.spi.CFunction;
import popol.spi.CallState;

/**
 * The functions that popol uses of {@code ws2_32.dll}, one method for each, under its name. A result below 0 is the
 * negative of {@code WSAGetLastError}.
 */
final class Winsock {

  private static final short VERSION_2_2 = 0x202;
  private static final String LAST_ERROR = "WSAGetLastError";
  private static final CallState STATE = new CallState(LAST_ERROR);

  private static final MethodHandle POLL = link(WindowsHeaders.WSAPOLL);
  private static final MethodHandle STARTUP = link(WindowsHeaders.WSASTARTUP);
  private static final MethodHandle SOCKET = link(WindowsHeaders.SOCKET);
  private static final MethodHandle IOCTLSOCKET = link(WindowsHeaders.IOCTLSOCKET);
  private static final MethodHandle BIND = link(WindowsHeaders.BIND);
  private static final MethodHandle CONNECT = link(WindowsHeaders.CONNECT);
  private static final MethodHandle GETSOCKNAME = link(WindowsHeaders.GETSOCKNAME);
  private static final MethodHandle SEND = link(WindowsHeaders.SEND);
  private static final MethodHandle RECV = link(WindowsHeaders.RECV);
  private static final MethodHandle CLOSESOCKET = link(WindowsHeaders.CLOSESOCKET);

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

  static int poll(MemorySegment array, int count, int milliseconds, MemorySegment error) {
    try {
      return STATE.result((int) POLL.invokeExact(error, array, count, milliseconds), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int send(long socket, MemorySegment buffer, MemorySegment error) {
    try {
      return STATE.result((int) SEND.invokeExact(error, socket, buffer, (int) buffer.byteSize(), 0), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int recv(long socket, MemorySegment buffer, MemorySegment error) {
    try {
      return STATE.result((int) RECV.invokeExact(error, socket, buffer, (int) buffer.byteSize(), 0), error);
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

  /** A datagram socket on 127.0.0.1, connected to itself, that does not block. */
  static long openLoopback() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = CallState.allocate(arena);
      long socket = STATE.result(
          (long) SOCKET.invokeExact(error, WindowsHeaders.AF_INET, WindowsHeaders.SOCK_DGRAM, 0), error);
      if (socket < 0) {
        throw failure("socket", (int) -socket);
      }
      int size = (int) WindowsHeaders.SOCKADDR_IN.byteSize();
      MemorySegment name = arena.allocate(WindowsHeaders.SOCKADDR_IN); // the port is 0: any
      name.set(JAVA_SHORT, offset("sin_family"), (short) WindowsHeaders.AF_INET);
      MemorySegment.copy(new byte[] {127, 0, 0, 1}, 0, name, JAVA_BYTE, offset("sin_addr"), 4);
      MemorySegment length = arena.allocateFrom(JAVA_INT, size);
      MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
      int result = STATE.result((int) BIND.invokeExact(error, socket, name, size), error);
      if (result == 0) {
        result = STATE.result((int) GETSOCKNAME.invokeExact(error, socket, name, length), error);
      }
      if (result == 0) {
        result = STATE.result((int) CONNECT.invokeExact(error, socket, name, size), error);
      }
      if (result == 0) {
        result = STATE.result((int) IOCTLSOCKET.invokeExact(error, socket, WindowsHeaders.FIONBIO, on), error);
      }
      if (result < 0) {
        closesocket(socket, error);
        throw failure("a loopback socket", -result);
      }
      return socket;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  private static long offset(String member) {
    return WindowsHeaders.SOCKADDR_IN.byteOffset(groupElement(member));
  }

  /** The exception for a call that failed. */
  static IOException failure(String call, int error) {
    return new IOException(call + " failed: " + switch (error) {
      case WindowsHeaders.WSAEMFILE -> "no sockets left (WSAEMFILE): close something";
      case WindowsHeaders.WSAENOBUFS -> "no buffer space left (WSAENOBUFS)";
      default -> "WSAGetLastError " + error;
    });
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function) {
    return Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("ws2_32.dll", Arena.global()).findOrThrow(function.name()),
        function.type(),
        function.options(LAST_ERROR));
  }
}
