package popol.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import popol.spi.CallState;
import popol.spi.SocketCalls;
import popol.spi.UnixCalls;

/**
 * The C functions and constants that popol uses of Linux, one method for each function, under its name. A result below
 * 0 is the negative of errno. What not every program needs is linked when it is first called.
 */
final class Libc {

  // <fcntl.h>; eventfd's flags have the same values
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  // <sys/epoll.h>
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;

  // <errno.h>
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EBADF = 9;
  static final int EEXIST = 17;
  private static final int EAGAIN = 11;

  private static final int RLIMIT_NOFILE = 7; // <sys/resource.h>

  // <sys/socket.h>
  private static final int AF_INET6 = 10;
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;

  private static final CallState STATE = new CallState(UnixCalls.ERRNO);

  // int poll(struct pollfd *fds, nfds_t nfds, int timeout); nfds_t is unsigned long
  private static final FunctionDescriptor POLL_TYPE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle POLL = linkPlain("poll", POLL_TYPE);
  // int eventfd(unsigned int initval, int flags)
  private static final MethodHandle EVENTFD = link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

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

  private static MethodHandle link(String name, FunctionDescriptor descriptor) {
    return linkPlain(name, descriptor, Linker.Option.captureCallState(UnixCalls.ERRNO));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle linkPlain(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** {@code int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask)}. */
  private static final class Ppoll {
    static final MethodHandle HANDLE =
        linkPlain("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
  }

  /** {@code poll} with errno. */
  private static final class PollNow {
    static final MethodHandle HANDLE = link("poll", POLL_TYPE);
  }

  /** {@code int pipe2(int pipefd[2], int flags)}. */
  private static final class Pipe2 {
    static final MethodHandle HANDLE = link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  }

  private static final class EpollCalls {
    // int epoll_create1(int flags)
    static final MethodHandle CREATE1 = link("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
    static final MethodHandle CTL =
        link("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
    static final FunctionDescriptor WAIT_TYPE =
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle WAIT = linkPlain("epoll_wait", WAIT_TYPE);
  }

  /** {@code epoll_wait} with errno. */
  private static final class EpollWaitNow {
    static final MethodHandle HANDLE = link("epoll_wait", EpollCalls.WAIT_TYPE);
  }

  private static final class Sockets {
    static final SocketCalls CALLS = new SocketCalls(
        link("getsockname", SocketCalls.NAME),
        link("getpeername", SocketCalls.NAME),
        link("getsockopt", SocketCalls.OPTION),
        AF_INET6,
        false,
        SOL_SOCKET,
        SO_TYPE,
        SO_ACCEPTCONN);
  }

  private static final class Unix {
    static final UnixCalls CALLS = new UnixCalls(
        link("read", UnixCalls.READ),
        link("write", UnixCalls.WRITE),
        link("close", UnixCalls.CLOSE),
        link("getrlimit", UnixCalls.GETRLIMIT),
        EAGAIN,
        RLIMIT_NOFILE);
  }
}
