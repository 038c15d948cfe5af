package popol.windows;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.StructLayout;
import popol.spi.CFunction;

/**
 * What the C headers of Windows say: each field is a macro, a struct or a function, as {@link popol.spi.UnixHeaders}
 * has it; the audit holds every field against them. SOCKET has 64 bits, LONG, DWORD and BOOL have 32.
 */
final class WindowsHeaders {

  // <winsock2.h>
  static final long INVALID_SOCKET = -1;
  static final int WSAEINTR = 10004;
  static final int WSAEMFILE = 10024;
  static final int WSAENOTSOCK = 10038;
  static final int WSAENOBUFS = 10055;
  static final int AF_INET = 2;
  static final int SOCK_STREAM = 1;
  static final int SOL_SOCKET = 0xffff;
  static final int SO_EXCLUSIVEADDRUSE = -5;
  static final int SO_LINGER = 0x80;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final short POLLRDNORM = 0x100;
  static final short POLLRDBAND = 0x200;
  static final short POLLWRNORM = 0x10;
  static final short POLLERR = 0x1;
  static final short POLLHUP = 0x2;
  static final short POLLNVAL = 0x4;

  static final StructLayout WSADATA = structLayout(paddingLayout(408)).withName("WSADATA");
  static final StructLayout SOCKADDR_IN = structLayout(
          JAVA_SHORT.withName("sin_family"),
          JAVA_SHORT.withName("sin_port"),
          sequenceLayout(4, JAVA_BYTE).withName("sin_addr"),
          paddingLayout(8))
      .withName("struct sockaddr_in");
  static final StructLayout LINGER = structLayout(JAVA_SHORT.withName("l_onoff"), JAVA_SHORT.withName("l_linger"))
      .withName("struct linger");
  static final StructLayout WSAPOLLFD = structLayout(
          JAVA_LONG.withName("fd"),
          JAVA_SHORT.withName("events"),
          JAVA_SHORT.withName("revents"),
          paddingLayout(4))
      .withName("WSAPOLLFD");

  static final CFunction WSASTARTUP = CFunction.of("WSAStartup", JAVA_INT, JAVA_SHORT, ADDRESS);
  static final CFunction WSAPOLL = CFunction.of("WSAPoll", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction SOCKET = CFunction.of("socket", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);
  static final CFunction SETSOCKOPT =
      CFunction.of("setsockopt", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  static final CFunction BIND = CFunction.of("bind", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
  static final CFunction LISTEN = CFunction.of("listen", JAVA_INT, JAVA_LONG, JAVA_INT);
  static final CFunction CONNECT = CFunction.of("connect", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
  static final CFunction ACCEPT = CFunction.of("accept", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
  static final CFunction GETSOCKNAME = CFunction.of("getsockname", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
  static final CFunction SEND = CFunction.of("send", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction RECV = CFunction.of("recv", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction CLOSESOCKET = CFunction.of("closesocket", JAVA_INT, JAVA_LONG);

  // <windows.h>
  static final int STD_INPUT_HANDLE = -10;
  static final int FILE_TYPE_UNKNOWN = 0;
  static final int FILE_TYPE_CHAR = 2;
  static final int FILE_TYPE_PIPE = 3;
  static final int ERROR_BROKEN_PIPE = 109;
  static final int ERROR_PIPE_NOT_CONNECTED = 233;
  static final int PIPE_ACCESS_INBOUND = 0x1;
  static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x80000;
  static final int PIPE_REJECT_REMOTE_CLIENTS = 0x8;
  static final int ENABLE_LINE_INPUT = 0x2;
  static final short KEY_EVENT = 0x1;

  static final StructLayout INPUT_RECORD = structLayout(
          JAVA_SHORT.withName("EventType"),
          paddingLayout(2),
          JAVA_INT.withName("Event.KeyEvent.bKeyDown"),
          JAVA_SHORT,
          JAVA_SHORT,
          JAVA_SHORT,
          JAVA_SHORT.withName("Event.KeyEvent.uChar.UnicodeChar"),
          JAVA_INT)
      .withName("INPUT_RECORD");

  static final CFunction GETSTDHANDLE = CFunction.of("GetStdHandle", ADDRESS, JAVA_INT);
  static final CFunction GETFILETYPE = CFunction.of("GetFileType", JAVA_INT, ADDRESS);
  static final CFunction PEEKNAMEDPIPE =
      CFunction.of("PeekNamedPipe", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  static final CFunction CREATENAMEDPIPEW = CFunction.of(
      "CreateNamedPipeW", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  static final CFunction READFILE =
      CFunction.of("ReadFile", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction CLOSEHANDLE = CFunction.of("CloseHandle", JAVA_INT, ADDRESS);
  static final CFunction GETCONSOLEMODE = CFunction.of("GetConsoleMode", JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction GETNUMBEROFCONSOLEINPUTEVENTS =
      CFunction.of("GetNumberOfConsoleInputEvents", JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction PEEKCONSOLEINPUTW =
      CFunction.of("PeekConsoleInputW", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);

  private WindowsHeaders() {}
}
