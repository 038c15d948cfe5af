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
import popol.spi.FailedCalls;
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
  private static final MethodHandle PIPE = linkWithErrno(MacosHeaders.PIPE);
  private static final MethodHandle FCNTL = linkWithErrno(MacosHeaders.FCNTL);

  private LibSystem() {}

  static int poll(MemorySegment entries, int count, int milliseconds) {
    try {
      int result = (int) POLL.invokeExact(entries, count, milliseconds);
      return result >= 0 ? result : Failed.CALLS.again(MacosHeaders.POLL, entries, count, 0);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@code read} from a pipe that has as much: it cannot fail, so errno is left alone. */
  static void readWake(int descriptor, MemorySegment buffer) {
    try {
      long ignored = (long) Wake.READ.invokeExact(descriptor, buffer, buffer.byteSize());
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@code write} to a pipe that has room: as {@link #readWake}. */
  static void writeWake(int descriptor, MemorySegment buffer) {
    try {
      long ignored = (long) Wake.WRITE.invokeExact(descriptor, buffer, buffer.byteSize());
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

  /** Below 0 it failed; why does not matter. */
  static int select(int count, MemorySegment read, MemorySegment write, MemorySegment timeout) {
    try {
      return (int) Select.HANDLE.invokeExact(count, read, write, MemorySegment.NULL, timeout);
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

  private static MethodHandle linkWithErrno(CFunction function) {
    return link(function, function.options(UnixCalls.ERRNO));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function.name()), function.type(), options);
  }

  private static final class Failed {
    static final FailedCalls CALLS = new FailedCalls(UnixCalls.ERRNO, LibSystem::linkWithErrno);
  }

  private static final class Wake {
    static final MethodHandle READ = link(UnixHeaders.READ);
    static final MethodHandle WRITE = link(UnixHeaders.WRITE);
  }

  private static final class Select {
    static final MethodHandle HANDLE = link(MacosHeaders.SELECT);
  }

  private static final class Sockets {
    static final SocketCalls CALLS = new SocketCalls(
        linkWithErrno(UnixHeaders.GETSOCKNAME),
        linkWithErrno(UnixHeaders.GETPEERNAME),
        linkWithErrno(UnixHeaders.GETSOCKOPT),
        MacosHeaders.AF_INET6,
        MacosHeaders.SOCKADDR.byteOffset(groupElement("sa_family")),
        MacosHeaders.SOL_SOCKET,
        MacosHeaders.SO_TYPE,
        MacosHeaders.SO_ACCEPTCONN,
        MacosHeaders.SO_KEEPALIVE);
  }

  private static final class Unix {
    static final UnixCalls CALLS = new UnixCalls(
        linkWithErrno(UnixHeaders.READ),
        linkWithErrno(UnixHeaders.WRITE),
        linkWithErrno(UnixHeaders.CLOSE),
        linkWithErrno(UnixHeaders.GETRLIMIT),
        MacosHeaders.EAGAIN,
        MacosHeaders.RLIMIT_NOFILE);
  }
}
