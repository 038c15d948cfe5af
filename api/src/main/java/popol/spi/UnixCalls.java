package popol.spi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C functions and error numbers that are the same on all Unix systems, one method for each function, under its
 * name. A result below 0 is the negative of errno. The bundle links, because it is the one with native access; a record
 * in a static final field, so that its handles are constants to the compiler.
 *
 * @param read a handle of {@link #READ}, errno captured like in all
 * @param write a handle of {@link #WRITE}
 * @param close a handle of {@link #CLOSE}
 * @param getrlimit a handle of {@link #GETRLIMIT}
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

  /** {@code ssize_t read(int fd, void *buf, size_t count)}. */
  public static final FunctionDescriptor READ = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  /** {@code ssize_t write(int fd, const void *buf, size_t count)}. */
  public static final FunctionDescriptor WRITE = READ;

  /** {@code int close(int fd)}. */
  public static final FunctionDescriptor CLOSE = FunctionDescriptor.of(JAVA_INT, JAVA_INT);

  /** {@code int getrlimit(int resource, struct rlimit *rlim)}; {@code rlim_t} has 64 bits, rlim_cur is at 0. */
  public static final FunctionDescriptor GETRLIMIT = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);

  /** The name of the state that every handle captures. */
  public static final String ERRNO = "errno";

  /** A signal came. */
  public static final int EINTR = 4;

  private static final int ENOMEM = 12;

  /** For {@code poll}: more entries than descriptors are allowed. */
  public static final int EINVAL = 22;

  private static final int ENFILE = 23;
  private static final int EMFILE = 24;

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
      case EMFILE -> "this process has no descriptors left, RLIMIT_NOFILE is " + limit()
          + " (EMFILE): raise it with ulimit -n, or close something";
      case ENFILE -> "the system has no descriptors left (ENFILE)";
      case ENOMEM -> "the kernel has no memory left (ENOMEM)";
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
      MemorySegment limits = arena.allocate(JAVA_LONG, 2); // rlim_cur, rlim_max
      int result = (int) getrlimit.invokeExact(CallState.allocate(arena), descriptorLimit, limits);
      return result == 0 ? Long.toUnsignedString(limits.get(JAVA_LONG, 0)) : "unknown";
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }
}
