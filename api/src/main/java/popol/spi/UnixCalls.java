package popol.spi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C functions and error numbers that are the same on all Unix systems, one method for each function, under its
 * name. A result below 0 is the negative of errno. The bundle links, because it is the one with native access; a record
 * in a static final field, so that its handles are constants to the compiler.
 *
 * @param read a handle of {@link UnixHeaders#READ}, errno captured like in all
 * @param write a handle of {@link UnixHeaders#WRITE}
 * @param close a handle of {@link UnixHeaders#CLOSE}
 * @param getrlimit a handle of {@link UnixHeaders#GETRLIMIT}
 * @param wouldBlock the value of EAGAIN
 * @param descriptorLimit the value of RLIMIT_NOFILE
 */
public record UnixCalls(
    MethodHandle read,
    MethodHandle write,
    MethodHandle close,
    MethodHandle getrlimit,
    int wouldBlock,
    int descriptorLimit) {

  /** The name of the state that every handle captures. */
  public static final String ERRNO = "errno";

  private static final CallState STATE = new CallState(ERRNO);

  /**
   * Reads into memory.
   *
   * @param descriptor the file descriptor
   * @param buffer native memory, read into from its start to its end at most
   * @param errno memory of {@link CallState}
   * @return the number of bytes, 0 at the end, or below 0 the negative of errno
   */
  public long read(int descriptor, MemorySegment buffer, MemorySegment errno) {
    try {
      return STATE.result((long) read.invokeExact(errno, descriptor, buffer, buffer.byteSize()), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /**
   * Writes memory.
   *
   * @param descriptor the file descriptor
   * @param buffer native memory, written from its start to its end
   * @param errno memory of {@link CallState}
   * @return the number of bytes, or below 0 the negative of errno
   */
  public long write(int descriptor, MemorySegment buffer, MemorySegment errno) {
    try {
      return STATE.result((long) write.invokeExact(errno, descriptor, buffer, buffer.byteSize()), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /**
   * Closes a descriptor; whatever the call returns, the descriptor is gone.
   *
   * @param descriptor the file descriptor
   * @param errno memory of {@link CallState}
   */
  public void close(int descriptor, MemorySegment errno) {
    try {
      int ignored = (int) close.invokeExact(errno, descriptor);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /**
   * The exception for a call that failed.
   *
   * @param call the name of the function
   * @param errno why
   * @return the exception to throw, whose message says what to do
   */
  public IOException failure(String call, int errno) {
    return new IOException(call + " failed: " + switch (errno) {
      case UnixHeaders.EMFILE -> "this process has no descriptors left, RLIMIT_NOFILE is " + limit()
          + " (EMFILE): raise it with ulimit -n, or close something";
      case UnixHeaders.ENFILE -> "the system has no descriptors left (ENFILE)";
      case UnixHeaders.ENOMEM -> "the kernel has no memory left (ENOMEM)";
      default -> "errno " + errno;
    });
  }

  /**
   * The exception for more entries than {@code poll} takes.
   *
   * @param count how many
   * @return the exception to throw, whose message says what to do
   */
  public IOException tooMany(int count) {
    return new IOException("poll failed: " + count + " entries, popol's own one included, are more than RLIMIT_NOFILE,"
        + " which is " + limit() + " (EINVAL): raise it with ulimit -n, or unregister some");
  }

  private String limit() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(UnixHeaders.Structs.RLIMIT); // rlim_cur is the first
      int result = (int) getrlimit.invokeExact(CallState.allocate(arena), descriptorLimit, limits);
      return result == 0 ? Long.toUnsignedString(limits.get(JAVA_LONG, 0)) : "unknown";
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }
}
