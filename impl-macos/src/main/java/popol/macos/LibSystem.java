package popol.macos;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import popol.spi.CallState;
import popol.spi.SocketCalls;
import popol.spi.UnixCalls;

/**
 * The C functions and constants that popol uses of macOS, one method for each function, under its name. A result below
 * 0 is the negative of errno.
 */
final class LibSystem {

  // <sys/fcntl.h>
  private static final int F_SETFD = 2;
  private static final int F_SETFL = 4;
  private static final int FD_CLOEXEC = 1;
  private static final int O_NONBLOCK = 0x4;

  private static final int EAGAIN = 35; // <sys/errno.h>
  private static final int RLIMIT_NOFILE = 8; // <sys/resource.h>

  // <sys/socket.h>
  private static final int AF_INET6 = 30;
  private static final int SOL_SOCKET = 0xffff;
  private static final int SO_TYPE = 0x1008;
  private static final int SO_ACCEPTCONN = 0x2;
  private static final int SO_KEEPALIVE = 0x8;

  private static final CallState STATE = new CallState(UnixCalls.ERRNO);

  // int poll(struct pollfd *fds, nfds_t nfds, int timeout); nfds_t is unsigned int
  private static final MethodHandle POLL = link("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  // int pipe(int fildes[2])
  private static final MethodHandle PIPE = link("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  // int fcntl(int fildes, int cmd, ...): the third argument is on the stack of arm64, so it is said to be variadic
  private static final MethodHandle FCNTL = link(
      "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));

  private LibSystem() {}

  static int poll(MemorySegment array, int count, int milliseconds, MemorySegment errno) {
    try {
      return STATE.result((int) POLL.invokeExact(errno, array, count, milliseconds), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int pipe(MemorySegment ends, MemorySegment errno) {
    try {
      return STATE.result((int) PIPE.invokeExact(errno, ends), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int fcntl(int descriptor, int command, int argument, MemorySegment errno) {
    try {
      return STATE.result((int) FCNTL.invokeExact(errno, descriptor, command, argument), errno);
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

  /**
   * A pipe closed in children, its read end non-blocking; macOS has no pipe2.
   *
   * @return the read end and the write end
   */
  static int[] openPipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      MemorySegment errno = CallState.allocate(arena);
      int result = pipe(ends, errno);
      if (result < 0) {
        throw unix().failure("pipe", -result);
      }
      int[] both = ends.toArray(JAVA_INT);
      for (int end : both) {
        result = Math.min(result, fcntl(end, F_SETFD, FD_CLOEXEC, errno));
      }
      result = Math.min(result, fcntl(both[0], F_SETFL, O_NONBLOCK, errno));
      if (result < 0) {
        unix().close(both[0], errno);
        unix().close(both[1], errno);
        throw unix().failure("fcntl", -result);
      }
      return both;
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... more) {
    List<Linker.Option> options = new ArrayList<>(List.of(more));
    options.add(Linker.Option.captureCallState(UnixCalls.ERRNO));
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), descriptor, options.toArray(Linker.Option[]::new));
  }

  private static final class Sockets {
    static final SocketCalls CALLS = new SocketCalls(
        link("getsockname", SocketCalls.NAME),
        link("getpeername", SocketCalls.NAME),
        link("getsockopt", SocketCalls.OPTION),
        AF_INET6,
        true,
        SOL_SOCKET,
        SO_TYPE,
        SO_ACCEPTCONN,
        SO_KEEPALIVE);
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
