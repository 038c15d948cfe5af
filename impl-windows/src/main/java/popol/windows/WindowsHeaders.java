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
import popol.ffm.CFunction;

/**
 * What the C headers of Windows say: each field is a macro, a struct or a function, as in
 * {@link popol.unix.UnixHeaders}. The audit holds every field against the real headers. SOCKET has 64 bits, LONG, DWORD
 * and BOOL have 32.
 */
final class WindowsHeaders {

  // <winsock2.h>
  static final long INVALID_SOCKET = -1;
  static final int WSA_FLAG_OVERLAPPED = 0x1;
  static final int WSA_FLAG_NO_HANDLE_INHERIT = 0x80;
  static final int WSAEINTR = 10004;
  static final int WSAEWOULDBLOCK = 10035;
  static final int WSAEMFILE = 10024;
  static final int WSAENOTSOCK = 10038;
  static final int WSAENOBUFS = 10055;
  static final int FIONBIO = 0x8004667e;
  static final int AF_INET = 2;
  static final int SOCK_STREAM = 1;
  static final int SOL_SOCKET = 0xffff;
  static final int SO_EXCLUSIVEADDRUSE = -5;
  static final int SO_LINGER = 0x80;
  static final int SO_UPDATE_ACCEPT_CONTEXT = 0x700b;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final short POLLRDNORM = 0x100;
  static final short POLLRDBAND = 0x200;
  static final short POLLWRNORM = 0x10;
  static final short POLLERR = 0x1;
  static final short POLLHUP = 0x2;
  static final short POLLNVAL = 0x4;

  static final CFunction WSASTARTUP = CFunction.of("WSAStartup", JAVA_INT, JAVA_SHORT, ADDRESS);
  static final CFunction WSAPOLL = CFunction.of("WSAPoll", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction WSASOCKETW =
      CFunction.of("WSASocketW", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction SETSOCKOPT =
      CFunction.of("setsockopt", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  static final CFunction BIND = CFunction.of("bind", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
  static final CFunction LISTEN = CFunction.of("listen", JAVA_INT, JAVA_LONG, JAVA_INT);
  static final CFunction CONNECT = CFunction.of("connect", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
  static final CFunction GETSOCKNAME = CFunction.of("getsockname", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
  static final CFunction GETPEERNAME = CFunction.of("getpeername", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
  static final CFunction SEND = CFunction.of("send", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction RECV = CFunction.of("recv", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction IOCTLSOCKET = CFunction.of("ioctlsocket", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
  static final CFunction CLOSESOCKET = CFunction.of("closesocket", JAVA_INT, JAVA_LONG);

  // <mswsock.h>
  static final CFunction ACCEPTEX = CFunction.of(
      "AcceptEx", JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  // <windows.h>
  static final int STD_INPUT_HANDLE = -10;
  static final int FILE_TYPE_UNKNOWN = 0;
  static final int FILE_TYPE_CHAR = 2;
  static final int FILE_TYPE_PIPE = 3;
  static final int ERROR_BROKEN_PIPE = 109;
  static final int ERROR_NO_DATA = 232;
  static final int ERROR_PIPE_NOT_CONNECTED = 233;
  static final int ERROR_PIPE_CONNECTED = 535;
  static final int ERROR_PIPE_LISTENING = 536;
  static final int ERROR_OPERATION_ABORTED = 995;
  static final int ERROR_IO_PENDING = 997;
  static final int STATUS_PENDING = 0x103;
  static final int WAIT_OBJECT_0 = 0;
  static final int INFINITE = -1;
  static final int THREAD_TERMINATE = 0x1;
  static final int FILE_FLAG_OVERLAPPED = 0x40000000;
  static final int PIPE_ACCESS_INBOUND = 0x1;
  static final int PIPE_ACCESS_DUPLEX = 0x3;
  static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x80000;
  static final int PIPE_NOWAIT = 0x1;
  static final int PIPE_REJECT_REMOTE_CLIENTS = 0x8;
  static final int GENERIC_READ = 0x80000000;
  static final int GENERIC_WRITE = 0x40000000;
  static final int OPEN_EXISTING = 3;
  static final int SDDL_REVISION_1 = 1;
  static final int ENABLE_LINE_INPUT = 0x2;
  static final short KEY_EVENT = 0x1;

  static final CFunction GETSTDHANDLE = CFunction.of("GetStdHandle", ADDRESS, JAVA_INT);
  static final CFunction GETFILETYPE = CFunction.of("GetFileType", JAVA_INT, ADDRESS);
  static final CFunction PEEKNAMEDPIPE =
      CFunction.of("PeekNamedPipe", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  static final CFunction CREATENAMEDPIPEW = CFunction.of(
      "CreateNamedPipeW", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  static final CFunction CONNECTNAMEDPIPE = CFunction.of("ConnectNamedPipe", JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction DISCONNECTNAMEDPIPE = CFunction.of("DisconnectNamedPipe", JAVA_INT, ADDRESS);
  static final CFunction CREATEFILEW = CFunction.of(
      "CreateFileW", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  static final CFunction READFILE =
      CFunction.of("ReadFile", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction WRITEFILE =
      CFunction.of("WriteFile", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction CLOSEHANDLE = CFunction.of("CloseHandle", JAVA_INT, ADDRESS);
  static final CFunction GETCONSOLEMODE = CFunction.of("GetConsoleMode", JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction GETNUMBEROFCONSOLEINPUTEVENTS =
      CFunction.of("GetNumberOfConsoleInputEvents", JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction PEEKCONSOLEINPUTW =
      CFunction.of("PeekConsoleInputW", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);

  static final CFunction READCONSOLEINPUTW =
      CFunction.of("ReadConsoleInputW", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
  static final CFunction CREATEEVENTW = CFunction.of("CreateEventW", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  static final CFunction SETEVENT = CFunction.of("SetEvent", JAVA_INT, ADDRESS);
  static final CFunction WAITFORSINGLEOBJECT = CFunction.of("WaitForSingleObject", JAVA_INT, ADDRESS, JAVA_INT);
  static final CFunction WAITFORMULTIPLEOBJECTS =
      CFunction.of("WaitForMultipleObjects", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final CFunction GETCURRENTTHREADID = CFunction.of("GetCurrentThreadId", JAVA_INT);
  static final CFunction OPENTHREAD = CFunction.of("OpenThread", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  static final CFunction CANCELSYNCHRONOUSIO = CFunction.of("CancelSynchronousIo", JAVA_INT, ADDRESS);
  static final CFunction CANCELIOEX = CFunction.of("CancelIoEx", JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction GETOVERLAPPEDRESULT =
      CFunction.of("GetOverlappedResult", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  static final CFunction CREATEIOCOMPLETIONPORT =
      CFunction.of("CreateIoCompletionPort", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  static final CFunction GETQUEUEDCOMPLETIONSTATUS =
      CFunction.of("GetQueuedCompletionStatus", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  static final CFunction POSTQUEUEDCOMPLETIONSTATUS =
      CFunction.of("PostQueuedCompletionStatus", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);

  // <sddl.h>, and what frees its memory
  static final CFunction CONVERTSTRINGSECURITYDESCRIPTORTOSECURITYDESCRIPTORW = CFunction.of(
      "ConvertStringSecurityDescriptorToSecurityDescriptorW", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  static final CFunction LOCALFREE = CFunction.of("LocalFree", ADDRESS, ADDRESS);

  /** Apart, because popol needs no layout to start: it has the numbers, which a test holds against these. */
  static final class Structs {

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

    static final StructLayout SECURITY_ATTRIBUTES = structLayout(
        JAVA_INT.withName("nLength"),
        paddingLayout(4),
        JAVA_LONG.withName("lpSecurityDescriptor"),
        JAVA_INT.withName("bInheritHandle"),
        paddingLayout(4))
        .withName("SECURITY_ATTRIBUTES");

    static final StructLayout OVERLAPPED = structLayout(
        JAVA_LONG.withName("Internal"),
        JAVA_LONG.withName("InternalHigh"),
        paddingLayout(8),
        JAVA_LONG.withName("hEvent"))
        .withName("OVERLAPPED");

    private Structs() {}
  }

  private WindowsHeaders() {}
}
