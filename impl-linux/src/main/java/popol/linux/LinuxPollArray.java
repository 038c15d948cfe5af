package popol.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.ffm.NativeMemory;
import popol.spi.PollArray;
import popol.spi.PollFormat;
import popol.unix.UnixHeaders;

/** The array of {@code poll} on Linux, and of {@code ppoll} where a fraction of a millisecond matters. */
final class LinuxPollArray extends PollArray {

  static final PollFormat FORMAT = UnixHeaders.pollFormat(LinuxHeaders.POLLRDHUP);

  private static final long MILLISECOND = 1_000_000;

  /**
   * Up to this time a fraction of a millisecond is worth the more expensive call: above it, it is below one per cent.
   */
  private static final long EXACT_BELOW = 100 * MILLISECOND;

  private static final int TIMESPEC_SIZE = 16; // tv_sec and tv_nsec, held against the headers by a test
  private static final int NANOSECONDS = 8; // offset of tv_nsec

  private @Nullable NativeMemory timespec; // null until it is needed

  LinuxPollArray() {
    super(FORMAT);
  }

  @Override
  protected int poll(NativeMemory memory, long entries, int count, long nanos) throws IOException {
    int result = isFine(nanos)
        ? Libc.ppoll(memory, entries, count, timespec(nanos))
        : Libc.poll(memory, entries, count, milliseconds(nanos));
    if (result >= 0) {
      return result;
    }
    if (result == -UnixHeaders.EINTR) {
      return 0;
    }
    if (result != -UnixHeaders.EINVAL) {
      throw Libc.SYSTEM.failure("poll", -result);
    }
    if (nanos != 0 || count == 1) {
      throw Libc.SYSTEM.tooMany(count);
    }
    // RLIMIT_NOFILE has been lowered below the number of entries: a look can be made in two.
    int half = count / 2;
    return poll(memory, entries, half, 0) + poll(memory, entries + half * (long) FORMAT.size(), count - half, 0);
  }

  /** Whether a timeout has a fraction of a millisecond that matters. */
  static boolean isFine(long nanos) {
    return 0 < nanos && nanos < EXACT_BELOW && nanos % MILLISECOND != 0;
  }

  /** A time below a second, for {@code ppoll}. */
  private long timespec(long nanos) {
    if (timespec == null) {
      timespec = NativeMemory.allocate(TIMESPEC_SIZE);
    }
    timespec.bytes().putLong(NANOSECONDS, nanos);
    return timespec.address();
  }

  @Override
  public void close() {
    super.close();
    if (timespec != null) {
      timespec.free();
    }
  }
}
