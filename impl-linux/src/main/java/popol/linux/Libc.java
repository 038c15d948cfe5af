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
 * The C functions that popol uses of Linux, one method for each function, under its name. A result below 0 is the
 * negative of errno. What not every program needs is linked when it is first called.
 */
final class Libc {

  private static final CallState STATE = new CallState(UnixCalls.ERRNO);

  private static final MethodHandle POLL = linkPlain(LinuxHeaders.POLL);
  private static final MethodHandle EVENTFD = link(LinuxHeaders.EVENTFD);

  private Libc() {}

  /**
   * Below 0 it failed; {@link #pollNow} tells why. The platform slices the memory for errno on each call that captures
   * it, which is garbage wherever the compiler does not see through, so the calls that wait do not capture it.
   */
  static int poll(MemorySegment array, long count, int milliseconds) {
    try {
      return (int) POLL.invokeExact(array, count, milliseconds);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** As {@link #poll}. */
  static int ppoll(MemorySegment array, long count, MemorySegment timespec) {
    try {
      return (int) Ppoll.HANDLE.invokeExact(array, count, timespec, MemorySegment.NULL);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@code poll} without waiting: after one that failed, it fails for the same reason, unless that was a signal. */
  static int pollNow(MemorySegment array, long count, MemorySegment errno) {
    try {
      return STATE.result((int) PollNow.HANDLE.invokeExact(errno, array, count, 0), errno);
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

  /** Cannot fail where the counter is not 0: so errno, which is garbage for each wake, is left alone. */
  static void eventfd_read(int eventfd, MemorySegment value) {
    try {
      int ignored = (int) EventFdCalls.READ.invokeExact(eventfd, value);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** Cannot fail where the counter is small: as {@link #eventfd_read}. */
  static void eventfd_write(int eventfd, long value) {
    try {
      int ignored = (int) EventFdCalls.WRITE.invokeExact(eventfd, value);
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

  static int epoll_create1(int flags, MemorySegment errno) {
    try {
      return STATE.result((int) EpollCalls.CREATE1.invokeExact(errno, flags), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int epoll_ctl(int epoll, int operation, int descriptor, MemorySegment event, MemorySegment errno) {
    try {
      return STATE.result((int) EpollCalls.CTL.invokeExact(errno, epoll, operation, descriptor, event), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** As {@link #poll}; {@link #epollWaitNow} tells why it failed. */
  static int epoll_wait(int epoll, MemorySegment events, int count, int milliseconds) {
    try {
      return (int) EpollCalls.WAIT.invokeExact(epoll, events, count, milliseconds);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** As {@link #pollNow}. */
  static int epollWaitNow(int epoll, MemorySegment events, int count, MemorySegment errno) {
    try {
      return STATE.result((int) EpollWaitNow.HANDLE.invokeExact(errno, epoll, events, count, 0), errno);
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

  private static MethodHandle link(CFunction function) {
    return linkPlain(function, function.options(UnixCalls.ERRNO));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle linkPlain(CFunction function, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function.name()), function.type(), options);
  }

  private static final class Ppoll {
    static final MethodHandle HANDLE = linkPlain(LinuxHeaders.PPOLL);
  }

  /** {@code poll} with errno. */
  private static final class PollNow {
    static final MethodHandle HANDLE = link(LinuxHeaders.POLL);
  }

  private static final class EventFdCalls {
    static final MethodHandle READ = linkPlain(LinuxHeaders.EVENTFD_READ);
    static final MethodHandle WRITE = linkPlain(LinuxHeaders.EVENTFD_WRITE);
  }

  private static final class Pipe2 {
    static final MethodHandle HANDLE = link(LinuxHeaders.PIPE2);
  }

  private static final class EpollCalls {
    static final MethodHandle CREATE1 = link(LinuxHeaders.EPOLL_CREATE1);
    static final MethodHandle CTL = link(LinuxHeaders.EPOLL_CTL);
    static final MethodHandle WAIT = linkPlain(LinuxHeaders.EPOLL_WAIT);
  }

  /** {@code epoll_wait} with errno. */
  private static final class EpollWaitNow {
    static final MethodHandle HANDLE = link(LinuxHeaders.EPOLL_WAIT);
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
        LinuxHeaders.SO_ACCEPTCONN,
        LinuxHeaders.SO_KEEPALIVE);
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
