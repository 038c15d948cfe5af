package popol.windows;

import java.lang.foreign.SymbolLookup;
import popol.ffm.NativeFunction;
import popol.ffm.NativeLibrary;
import popol.ffm.NativeMemory;

/**
 * The functions of {@code ws2_32.dll} that popol uses, one method for each, under its name. A result below 0 is the
 * negative of {@code WSAGetLastError}. Pointers are addresses. What is called in every wait is called once more where
 * it fails, to be told why: WSAPoll without time.
 */
final class Winsock {

  static final int WSADATA_SIZE = 408;

  private static final int VERSION_2_2 = 0x202;

  private static final SymbolLookup LIBRARY = NativeLibrary.load("ws2_32.dll");

  private static final NativeFunction WSASTARTUP = NativeFunction.of(LIBRARY, WindowsHeaders.WSASTARTUP);
  private static final NativeFunction WSAPOLL = NativeFunction.of(LIBRARY, WindowsHeaders.WSAPOLL);
  private static final NativeFunction WSASOCKETW = NativeFunction.of(LIBRARY, WindowsHeaders.WSASOCKETW);
  private static final NativeFunction SETSOCKOPT = NativeFunction.of(LIBRARY, WindowsHeaders.SETSOCKOPT);
  private static final NativeFunction BIND = NativeFunction.of(LIBRARY, WindowsHeaders.BIND);
  private static final NativeFunction LISTEN = NativeFunction.of(LIBRARY, WindowsHeaders.LISTEN);
  private static final NativeFunction CONNECT = NativeFunction.of(LIBRARY, WindowsHeaders.CONNECT);
  private static final NativeFunction GETSOCKNAME = NativeFunction.of(LIBRARY, WindowsHeaders.GETSOCKNAME);
  private static final NativeFunction GETPEERNAME = NativeFunction.of(LIBRARY, WindowsHeaders.GETPEERNAME);
  private static final NativeFunction SEND = NativeFunction.of(LIBRARY, WindowsHeaders.SEND);
  private static final NativeFunction RECV = NativeFunction.of(LIBRARY, WindowsHeaders.RECV);
  private static final NativeFunction IOCTLSOCKET = NativeFunction.of(LIBRARY, WindowsHeaders.IOCTLSOCKET);
  private static final NativeFunction CLOSESOCKET = NativeFunction.of(LIBRARY, WindowsHeaders.CLOSESOCKET);

  private static boolean started; // guarded by this class

  private Winsock() {}

  /**
   * Starts Windows sockets up, once. A method and not an initializer, so that a failure is told each time.
   *
   * @throws IllegalStateException if Windows refuses it
   */
  static synchronized void startUp() {
    if (started) {
      return;
    }
    NativeMemory memory = NativeMemory.allocate(WSADATA_SIZE);
    try {
      long error = WSASTARTUP.raw(memory, VERSION_2_2, memory.address(), 0, 0, 0, 0);
      if (error != 0) {
        throw new IllegalStateException("Windows sockets do not start: WSAStartup failed: error " + error);
      }
      started = true;
    } finally {
      memory.free();
    }
  }

  static int wsaPoll(NativeMemory memory, long entries, int count, int milliseconds) {
    int result = WSAPOLL.plain(entries, count, milliseconds, 0);
    return result >= 0 ? result : (int) WSAPOLL.call(memory, entries, count, 0);
  }

  /** {@return a TCP socket of IPv4 that children do not inherit, or below 0 the negative of the error} */
  static long wsaSocket(NativeMemory memory) {
    return WSASOCKETW.call(memory, WindowsHeaders.AF_INET, WindowsHeaders.SOCK_STREAM, 0, 0, 0,
        WindowsHeaders.WSA_FLAG_OVERLAPPED | WindowsHeaders.WSA_FLAG_NO_HANDLE_INHERIT);
  }

  static int setsockopt(NativeMemory memory, long socket, int level, int option, long value, int length) {
    return (int) SETSOCKOPT.call(memory, socket, level, option, value, length);
  }

  static int bind(NativeMemory memory, long socket, long name, int length) {
    return (int) BIND.call(memory, socket, name, length);
  }

  static int listen(NativeMemory memory, long socket, int backlog) {
    return (int) LISTEN.call(memory, socket, backlog);
  }

  static int connect(NativeMemory memory, long socket, long name, int length) {
    return (int) CONNECT.call(memory, socket, name, length);
  }

  static int getsockname(NativeMemory memory, long socket, long name, long length) {
    return (int) GETSOCKNAME.call(memory, socket, name, length);
  }

  static int getpeername(NativeMemory memory, long socket, long name, long length) {
    return (int) GETPEERNAME.call(memory, socket, name, length);
  }

  static int send(NativeMemory memory, long socket, long bytes, int count) {
    int result = SEND.plain(socket, bytes, count, 0);
    return result >= 0 ? result : (int) SEND.call(memory, socket, bytes, count, 0);
  }

  /** {@return how many bytes were received, 0 at the end, or below 0 the negative of the error} */
  static int recv(NativeMemory memory, long socket, long bytes, int count) {
    int result = RECV.plain(socket, bytes, count, 0);
    return result >= 0 ? result : (int) RECV.call(memory, socket, bytes, count, 0);
  }

  /**
   * Sets a socket's mode.
   *
   * @param command FIONBIO
   * @param argument the address of an int: not 0 for the non-blocking mode
   */
  static int ioctlsocket(NativeMemory memory, long socket, int command, long argument) {
    return (int) IOCTLSOCKET.call(memory, socket, command, argument);
  }

  /** Closes a socket. Whatever the call returns, the socket is gone. */
  static void closesocket(long socket) {
    CLOSESOCKET.call(NativeMemory.none(), socket);
  }
}
