package popol.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.ffm.NativeMemory;
import popol.spi.PollArray;
import popol.spi.PollFormat;
import popol.unix.UnixHeaders;

/** The array of {@code poll} on Linux, and of {@code ppoll} where a timeout has a fraction of a millisecond. */
final class LinuxPollArray extends PollArray {

  static final PollFormat FORMAT = UnixHeaders.pollFormat(LinuxHeaders.POLLRDHUP);

  private static final long MILLISECOND = 1_000_000;

  private static final long SECOND = 1000 * MILLISECOND;

  private static final int TIMESPEC_SIZE = 16; // tv_sec and tv_nsec, held against the headers by a test
  private static final int NANOSECONDS = 8; // offset of tv_nsec

  private @Nullable NativeMemory timespec; // null until it is needed

  LinuxPollArray() {
    super(FORMAT);
  }

  @Override
  public String mechanism() {
    return "ppoll";
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

  /** Whether a timeout has a fraction of a millisecond. */
  static boolean isFine(long nanos) {
    return nanos > 0 && nanos % MILLISECOND != 0;
  }

  private long timespec(long nanos) {
    if (timespec == null) {
      timespec = NativeMemory.allocate(TIMESPEC_SIZE);
    }
    timespec.bytes().putLong(0, nanos / SECOND).putLong(NANOSECONDS, nanos % SECOND);
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
