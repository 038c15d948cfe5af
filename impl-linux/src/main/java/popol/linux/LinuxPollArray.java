package popol.linux;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import popol.spi.CFunction;
import popol.spi.CallState;
import popol.spi.PollArray;
import popol.spi.PollFormat;
import popol.spi.UnixHeaders;

/** The array of {@code poll} on Linux, and of {@code ppoll} where a fraction of a millisecond matters. */
final class LinuxPollArray extends PollArray {

  private static final long MILLISECOND = 1_000_000;

  /** Up to this time a fraction of a millisecond is worth the dearer call: above it, it is less than one per cent. */
  private static final long EXACT_BELOW = 100 * MILLISECOND;

  private static final long NANOSECONDS = LinuxHeaders.TIMESPEC.byteOffset(groupElement("tv_nsec"));

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = CallState.allocate(arena);
  private final MemorySegment timespec = arena.allocate(LinuxHeaders.TIMESPEC);
  private final MemorySegment pointer = CFunction.pointer(timespec);

  LinuxPollArray() {
    super(PollFormat.UNIX);
  }

  @Override
  protected int poll(MemorySegment entries, int count, long nanos) throws IOException {
    int result;
    if (isFine(nanos)) {
      timespec.set(ValueLayout.JAVA_LONG, NANOSECONDS, nanos);
      result = Libc.ppoll(entries, count, pointer);
    } else {
      result = Libc.poll(entries, count, milliseconds(nanos));
    }
    if (result < 0) {
      result = Libc.pollNow(entries, count, errno);
    }
    if (result >= 0) {
      return result;
    }
    if (result == -UnixHeaders.EINTR) {
      return 0;
    }
    throw result == -UnixHeaders.EINVAL ? Libc.unix().tooMany(count) : Libc.unix().failure("poll", -result);
  }

  /** Whether a timeout has a fraction of a millisecond that matters. */
  static boolean isFine(long nanos) {
    return 0 < nanos && nanos < EXACT_BELOW && nanos % MILLISECOND != 0;
  }

  @Override
  public void close() {
    super.close();
    arena.close();
  }
}
