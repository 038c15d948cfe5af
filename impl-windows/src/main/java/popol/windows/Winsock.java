package popol.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import popol.spi.CallState;

/**
 * The functions and constants that popol uses of {@code ws2_32.dll}, one method for each function, under its name. A
 * result below 0 is the negative of {@code WSAGetLastError}. SOCKET has 64 bits, ULONG and INT have 32.
 */
final class Winsock {

  static final long INVALID_SOCKET = -1; // ~0

  // <winerror.h>
  static final int WSAEINTR = 10004;
  static final int WSAENOTSOCK = 10038;
  private static final int WSAEMFILE = 10024;
  private static final int WSAENOBUFS = 10055;

  // <winsock2.h>
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCKADDR_IN_SIZE = 16;
  private static final int VERSION_2_2 = 0x202;
  private static final int WSADATA_SIZE = 408;

  private static final String LAST_ERROR = "WSAGetLastError";
  private static final CallState STATE = new CallState(LAST_ERROR);

  // INT WSAPoll(LPWSAPOLLFD fdArray, ULONG fds, INT timeout)
  private static final MethodHandle POLL = link("WSAPoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  // int WSAStartup(WORD wVersionRequired, LPWSADATA lpWSAData)
  private static final MethodHandle STARTUP = link("WSAStartup", FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, ADDRESS));
  // SOCKET socket(int af, int type, int protocol)
  private static final MethodHandle SOCKET =
      link("socket", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
  // int bind(SOCKET s, const struct sockaddr *name, int namelen), and connect alike
  private static final FunctionDescriptor NAME = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
  private static final MethodHandle BIND = link("bind", NAME);
  private static final MethodHandle CONNECT = link("connect", NAME);
  // int getsockname(SOCKET s, struct sockaddr *name, int *namelen)
  private static final MethodHandle GETSOCKNAME =
      link("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
  // int send(SOCKET s, const char *buf, int len, int flags), and recv alike
  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle SEND = link("send", TRANSFER);
  private static final MethodHandle RECV = link("recv", TRANSFER);
  // int closesocket(SOCKET s)
  private static final MethodHandle CLOSESOCKET = link("closesocket", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

  static {
    try (Arena arena = Arena.ofConfined()) {
      int error = (int) STARTUP.invokeExact(
          CallState.allocate(arena), (short) VERSION_2_2, arena.allocate(WSADATA_SIZE, Long.BYTES));
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

  /** A datagram socket on 127.0.0.1, connected to itself. */
  static long openLoopback() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = CallState.allocate(arena);
      long socket = STATE.result((long) SOCKET.invokeExact(error, AF_INET, SOCK_DGRAM, 0), error);
      if (socket < 0) {
        throw failure("socket", (int) -socket);
      }
      // struct sockaddr_in: family at 0, port at 2 (0: any), address at 4, in network order
      MemorySegment name = arena.allocate(SOCKADDR_IN_SIZE, Long.BYTES);
      name.set(JAVA_SHORT, 0, (short) AF_INET);
      MemorySegment.copy(new byte[] {127, 0, 0, 1}, 0, name, JAVA_BYTE, 4, 4);
      MemorySegment size = arena.allocateFrom(JAVA_INT, SOCKADDR_IN_SIZE);
      int result = STATE.result((int) BIND.invokeExact(error, socket, name, SOCKADDR_IN_SIZE), error);
      if (result == 0) {
        result = STATE.result((int) GETSOCKNAME.invokeExact(error, socket, name, size), error);
      }
      if (result == 0) {
        result = STATE.result((int) CONNECT.invokeExact(error, socket, name, SOCKADDR_IN_SIZE), error);
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

  /** The exception for a call that failed. */
  static IOException failure(String call, int error) {
    return new IOException(call + " failed: " + switch (error) {
      case WSAEMFILE -> "no sockets left (WSAEMFILE): close something";
      case WSAENOBUFS -> "no buffer space left (WSAENOBUFS)";
      default -> "WSAGetLastError " + error;
    });
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("ws2_32.dll", Arena.global()).findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState(LAST_ERROR));
  }
}
