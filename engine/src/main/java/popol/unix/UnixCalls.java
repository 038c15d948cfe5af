package popol.unix;

import popol.ffm.NativeFunction;
import popol.ffm.NativeMemory;

/**
 * The C functions that are the same on Linux and macOS, one method for each function, under its name. A result below 0
 * is the negative of {@code errno}. Pointers are addresses. {@code read} and {@code write}, which are called over
 * and over, are called once more where they fail, to be told why.
 */
public final class UnixCalls {

  private static final NativeFunction READ = NativeFunction.of(UnixHeaders.READ);
  private static final NativeFunction WRITE = NativeFunction.of(UnixHeaders.WRITE);
  private static final NativeFunction CLOSE = NativeFunction.of(UnixHeaders.CLOSE);
  private static final NativeFunction GETRLIMIT = NativeFunction.of(UnixHeaders.GETRLIMIT);
  private static final NativeFunction GETSOCKNAME = NativeFunction.of(UnixHeaders.GETSOCKNAME);
  private static final NativeFunction GETPEERNAME = NativeFunction.of(UnixHeaders.GETPEERNAME);
  private static final NativeFunction GETSOCKOPT = NativeFunction.of(UnixHeaders.GETSOCKOPT);

  private UnixCalls() {}

  /** Links the functions, so that none is linked for the first time where no class can be loaded any more. */
  public static void link() {}

  /**
   * Reads.
   *
   * @param memory what to make the call with
   * @param descriptor the file descriptor
   * @param buffer where to put the bytes
   * @param count how many at most
   * @return the number of bytes, 0 at the end, or below 0 the negative of errno
   */
  public static int read(NativeMemory memory, int descriptor, long buffer, int count) {
    int result = READ.plain(descriptor, buffer, count, 0);
    return result >= 0 ? result : (int) READ.call(memory, descriptor, buffer, count);
  }

  /**
   * Writes.
   *
   * @param memory what to make the call with
   * @param descriptor the file descriptor
   * @param buffer the bytes
   * @param count how many at most
   * @return the number of bytes, or below 0 the negative of errno
   */
  public static int write(NativeMemory memory, int descriptor, long buffer, int count) {
    int result = WRITE.plain(descriptor, buffer, count, 0);
    return result >= 0 ? result : (int) WRITE.call(memory, descriptor, buffer, count);
  }

  /**
   * Closes a descriptor. Whatever the call returns, the descriptor is gone.
   *
   * @param descriptor the file descriptor
   */
  public static void close(int descriptor) {
    CLOSE.call(NativeMemory.none(), descriptor);
  }

  static int getrlimit(NativeMemory memory, int resource, long limits) {
    return (int) GETRLIMIT.call(memory, resource, limits);
  }

  static int getsockname(NativeMemory memory, int descriptor, long name, long length) {
    return (int) GETSOCKNAME.call(memory, descriptor, name, length);
  }

  static int getpeername(NativeMemory memory, int descriptor, long name, long length) {
    return (int) GETPEERNAME.call(memory, descriptor, name, length);
  }

  static int getsockopt(NativeMemory memory, int descriptor, int level, int option, long value, long length) {
    return (int) GETSOCKOPT.call(memory, descriptor, level, option, value, length);
  }
}
