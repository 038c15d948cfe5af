package popol.linux;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import popol.spi.CFunction;
import popol.spi.CallState;
import popol.spi.SocketCalls;
import popol.spi.UnixCalls;
import popol.spi.UnixHeaders;

/**
 * The C functions that popol uses of Linux, one method for each function, under its name. A result below
 * 0 is the negative of errno. What not every program needs is linked when it is first called.
 */
final class Libc {

  private static final CallState STATE = new CallState(UnixCalls.ERRNO);

  private static final MethodHandle POLL = link(LinuxHeaders.POLL);
  private static final MethodHandle EVENTFD = link(LinuxHeaders.EVENTFD);

  private Libc() {}

  static int poll(MemorySegment array, long count, int milliseconds, MemorySegment errno) {
    try {
      return STATE.result((int) POLL.invokeExact(errno, array, count, milliseconds), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int ppoll(MemorySegment array, long count, MemorySegment timespec, MemorySegment errno) {
    try {
      return STATE.result((int) Ppoll.HANDLE.invokeExact(errno, array, count, timespec, MemorySegment.NULL), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int eventfd(int value, int flags, MemorySegment errno) {
    try {
      return STATE.result((int) EVENTFD.invokeExact(errno, value, flags), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int pipe2(MemorySegment ends, int flags, MemorySegment errno) {
    try {
      return STATE.result((int) Pipe2.HANDLE.invokeExact(errno, ends, flags), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static UnixCalls unix() {
    return Unix.CALLS;
  }

  static SocketCalls sockets() {
    return Sockets.CALLS;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function.name()), function.type(),
        function.options(UnixCalls.ERRNO));
  }

  private static final class Ppoll {
    static final MethodHandle HANDLE = link(LinuxHeaders.PPOLL);
  }

  private static final class Pipe2 {
    static final MethodHandle HANDLE = link(LinuxHeaders.PIPE2);
  }

  private static final class Sockets {
    static final SocketCalls CALLS = new SocketCalls(
        link(UnixHeaders.GETSOCKNAME),
        link(UnixHeaders.GETPEERNAME),
        link(UnixHeaders.GETSOCKOPT),
        LinuxHeaders.AF_INET6,
        LinuxHeaders.SOCKADDR.byteOffset(groupElement("sa_family")),
        LinuxHeaders.SOL_SOCKET,
        LinuxHeaders.SO_TYPE,
        LinuxHeaders.SO_ACCEPTCONN);
  }

  private static final class Unix {
    static final UnixCalls CALLS = new UnixCalls(
        link(UnixHeaders.READ),
        link(UnixHeaders.WRITE),
        link(UnixHeaders.CLOSE),
        link(UnixHeaders.GETRLIMIT),
        LinuxHeaders.EAGAIN,
        LinuxHeaders.RLIMIT_NOFILE);
  }
}
