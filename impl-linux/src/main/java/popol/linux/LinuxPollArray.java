package popol.linux;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import popol.spi.CFunction;
import popol.spi.PollArray;
import popol.spi.PollFormat;
import popol.spi.UnixHeaders;

/** The array of {@code poll} on Linux, and of {@code ppoll} where a fraction of a millisecond matters. */
final class LinuxPollArray extends PollArray {

  private static final long MILLISECOND = 1_000_000;

  /** Up to this time a fraction of a millisecond is worth the dearer call: above it, it is less than one per cent. */
  private static final long EXACT_BELOW = 100 * MILLISECOND;

  private Timespec timespec; // made when it is first wanted

  LinuxPollArray() {
    super(PollFormat.UNIX);
  }

  @Override
  protected int poll(MemorySegment pointer, int count, long nanos) throws IOException {
    int result = isFine(nanos)
        ? Libc.ppoll(pointer, count, timespec(nanos))
        : Libc.poll(pointer, count, milliseconds(nanos));
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

  private MemorySegment timespec(long nanos) {
    if (timespec == null) {
      timespec = new Timespec();
    }
    return timespec.set(nanos);
  }

  @Override
  public void close() {
    super.close();
    if (timespec != null) {
      timespec.close();
    }
  }

  /** A time below a second, for {@code ppoll}. */
  private static final class Timespec {

    private static final long NANOSECONDS = LinuxHeaders.Structs.TIMESPEC.byteOffset(groupElement("tv_nsec"));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment time = arena.allocate(LinuxHeaders.Structs.TIMESPEC);
    private final MemorySegment pointer = CFunction.pointer(time);

    MemorySegment set(long nanos) {
      time.set(ValueLayout.JAVA_LONG, NANOSECONDS, nanos);
      return pointer;
    }

    void close() {
      arena.close();
    }
  }
}
