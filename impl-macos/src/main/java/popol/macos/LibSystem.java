package popol.macos;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import popol.spi.CFunction;
import popol.spi.CallState;
import popol.spi.SocketCalls;
import popol.spi.UnixCalls;
import popol.spi.UnixHeaders;

/**
 * The C functions that popol uses of macOS, one method for each function, under its name. A result below
 * 0 is the negative of errno.
 */
final class LibSystem {

  private static final CallState STATE = new CallState(UnixCalls.ERRNO);

  private static final MethodHandle POLL = link(MacosHeaders.POLL);
  private static final MethodHandle PIPE = link(MacosHeaders.PIPE);
  private static final MethodHandle FCNTL = link(MacosHeaders.FCNTL);

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

  static int select(
      int count, MemorySegment read, MemorySegment write, MemorySegment timeout, MemorySegment errno) {
    try {
      return STATE.result(
          (int) Select.HANDLE.invokeExact(errno, count, read, write, MemorySegment.NULL, timeout), errno);
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
        result = Math.min(result, fcntl(end, MacosHeaders.F_SETFD, MacosHeaders.FD_CLOEXEC, errno));
      }
      result = Math.min(result, fcntl(both[0], MacosHeaders.F_SETFL, MacosHeaders.O_NONBLOCK, errno));
      if (result < 0) {
        unix().close(both[0], errno);
        unix().close(both[1], errno);
        throw unix().failure("fcntl", -result);
      }
      return both;
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function.name()), function.type(),
        function.options(UnixCalls.ERRNO));
  }

  private static final class Select {
    static final MethodHandle HANDLE = link(MacosHeaders.SELECT);
  }

  private static final class Sockets {
    static final SocketCalls CALLS = new SocketCalls(
        link(UnixHeaders.GETSOCKNAME),
        link(UnixHeaders.GETPEERNAME),
        link(UnixHeaders.GETSOCKOPT),
        MacosHeaders.AF_INET6,
        MacosHeaders.SOCKADDR.byteOffset(groupElement("sa_family")),
        MacosHeaders.SOL_SOCKET,
        MacosHeaders.SO_TYPE,
        MacosHeaders.SO_ACCEPTCONN,
        MacosHeaders.SO_KEEPALIVE);
  }

  private static final class Unix {
    static final UnixCalls CALLS = new UnixCalls(
        link(UnixHeaders.READ),
        link(UnixHeaders.WRITE),
        link(UnixHeaders.CLOSE),
        link(UnixHeaders.GETRLIMIT),
        MacosHeaders.EAGAIN,
        MacosHeaders.RLIMIT_NOFILE);
  }
}
