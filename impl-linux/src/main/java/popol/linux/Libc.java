package popol.linux;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import popol.spi.CFunction;
import popol.spi.CallState;
import popol.spi.FailedCalls;
import popol.spi.SocketCalls;
import popol.spi.UnixCalls;
import popol.spi.UnixHeaders;

/**
 * The C functions that popol uses of Linux, one method for each function, under its name. A result below 0 is the
 * negative of errno, of which {@link FailedCalls} is asked. What not every program needs is linked when it is first
 * called.
 */
final class Libc {

  private static final MethodHandle POLL = link(LinuxHeaders.POLL);
  private static final MethodHandle EVENTFD = link(LinuxHeaders.EVENTFD);

  private Libc() {}

  static int poll(MemorySegment entries, long count, int milliseconds) {
    try {
      int result = (int) POLL.invokeExact(entries, count, milliseconds);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.POLL, entries, count, 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int ppoll(MemorySegment entries, long count, MemorySegment timespec) {
    try {
      int result = (int) Ppoll.HANDLE.invokeExact(entries, count, timespec, MemorySegment.NULL);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.POLL, entries, count, 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int eventfd(int value, int flags) {
    try {
      int result = (int) EVENTFD.invokeExact(value, flags);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.EVENTFD, value, flags);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** Cannot fail where the counter is not 0. */
  static void eventfd_read(int eventfd, MemorySegment value) {
    try {
      int ignored = (int) EventFdCalls.READ.invokeExact(eventfd, value);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** Cannot fail where the counter is small. */
  static void eventfd_write(int eventfd, long value) {
    try {
      int ignored = (int) EventFdCalls.WRITE.invokeExact(eventfd, value);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int epoll_create1(int flags) {
    try {
      int result = (int) EpollCalls.CREATE1.invokeExact(flags);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.EPOLL_CREATE1, flags);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int epoll_ctl(int epoll, int operation, int descriptor, MemorySegment event) {
    try {
      int result = (int) EpollCalls.CTL.invokeExact(epoll, operation, descriptor, event);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.EPOLL_CTL, epoll, operation, descriptor, event);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int epoll_wait(int epoll, MemorySegment events, int count, int milliseconds) {
    try {
      int result = (int) EpollCalls.WAIT.invokeExact(epoll, events, count, milliseconds);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.EPOLL_WAIT, epoll, events, count, 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int pipe2(MemorySegment ends, int flags) {
    try {
      int result = (int) Pipe2.HANDLE.invokeExact(ends, flags);
      return result >= 0 ? result : Failed.CALLS.again(LinuxHeaders.PIPE2, ends, flags);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** Whatever it returns, the descriptor is gone. */
  static void close(int descriptor) {
    try {
      int ignored = (int) Close.HANDLE.invokeExact(descriptor);
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

  private static MethodHandle linkWithErrno(CFunction function) {
    return link(function, function.options(UnixCalls.ERRNO));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function.name()), function.type(), options);
  }

  private static final class Ppoll {
    static final MethodHandle HANDLE = link(LinuxHeaders.PPOLL);
  }

  private static final class EventFdCalls {
    static final MethodHandle READ = link(LinuxHeaders.EVENTFD_READ);
    static final MethodHandle WRITE = link(LinuxHeaders.EVENTFD_WRITE);
  }

  private static final class EpollCalls {
    static final MethodHandle CREATE1 = link(LinuxHeaders.EPOLL_CREATE1);
    static final MethodHandle CTL = link(LinuxHeaders.EPOLL_CTL);
    static final MethodHandle WAIT = link(LinuxHeaders.EPOLL_WAIT);
  }

  private static final class Pipe2 {
    static final MethodHandle HANDLE = link(LinuxHeaders.PIPE2);
  }

  private static final class Close {
    static final MethodHandle HANDLE = link(UnixHeaders.CLOSE);
  }

  private static final class Failed {
    static final FailedCalls CALLS = new FailedCalls(UnixCalls.ERRNO, Libc::linkWithErrno);
  }

  private static final class Sockets {
    static final SocketCalls CALLS = new SocketCalls(
        linkWithErrno(UnixHeaders.GETSOCKNAME),
        linkWithErrno(UnixHeaders.GETPEERNAME),
        linkWithErrno(UnixHeaders.GETSOCKOPT),
        LinuxHeaders.AF_INET6,
        LinuxHeaders.Structs.SOCKADDR.byteOffset(groupElement("sa_family")),
        LinuxHeaders.SOL_SOCKET,
        LinuxHeaders.SO_TYPE,
        LinuxHeaders.SO_ACCEPTCONN,
        LinuxHeaders.SO_KEEPALIVE);
  }

  private static final class Unix {
    static final UnixCalls CALLS = new UnixCalls(
        linkWithErrno(UnixHeaders.READ),
        linkWithErrno(UnixHeaders.WRITE),
        linkWithErrno(UnixHeaders.CLOSE),
        linkWithErrno(UnixHeaders.GETRLIMIT),
        LinuxHeaders.EAGAIN,
        LinuxHeaders.RLIMIT_NOFILE);
  }
}
