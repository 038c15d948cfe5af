package popol.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import popol.spi.PollArray;
import popol.spi.PollFormat;

/**
 * The array of {@code poll} on Linux ({@code <poll.h>}):
 *
 * <pre>
 * struct pollfd {      // 8 bytes
 *   int   fd;          // at 0
 *   short events;      // at 4
 *   short revents;     // at 6
 * };
 * </pre>
 */
final class LinuxPollArray extends PollArray {

  private static final PollFormat FORMAT =
      new PollFormat(8, false, 4, 6, Libc.POLLIN, Libc.POLLOUT, Libc.POLLPRI, Libc.POLLERR, Libc.POLLHUP, Libc.POLLNVAL);

  private static final long MILLISECOND = 1_000_000;

  /** Up to this time a fraction of a millisecond is worth the dearer call: above it, it is less than one per cent. */
  private static final long EXACT_BELOW = 100 * MILLISECOND;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = Libc.newErrno(arena);
  private final MemorySegment timespec = arena.allocate(2 * Long.BYTES, Long.BYTES); // tv_sec, tv_nsec

  LinuxPollArray() {
    super(FORMAT);
  }

  @Override
  protected int poll(MemorySegment array, int count, long nanos) throws IOException {
    int result;
    if (0 < nanos && nanos < EXACT_BELOW && nanos % MILLISECOND != 0) {
      timespec.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos);
      result = Libc.ppoll(array, count, timespec);
    } else {
      result = Libc.poll(array, count, milliseconds(nanos));
    }
    if (result < 0) {
      result = Libc.pollNow(array, count, errno);
    }
    if (result >= 0) {
      return result;
    }
    if (result == -Libc.EINTR) {
      return 0;
    }
    throw result == -Libc.EINVAL ? Libc.tooMany(count) : Libc.failure("poll", -result);
  }

  /** Rounded up, so that the wait is not early; the engine comes again where an int is too small. */
  private static int milliseconds(long nanos) {
    return nanos < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(nanos, MILLISECOND));
  }

  @Override
  public void close() {
    super.close();
    arena.close();
  }
}
