package popol.macos;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import popol.spi.PollArray;
import popol.spi.PollFormat;
import popol.spi.Readiness;
import popol.spi.UnixHeaders;

/**
 * The array of {@code poll} on macOS, which does not look at an entry that asks for nothing ({@code
 * bsd/kern/sys_generic.c} of XNU): one that wants neither to read nor to write asks to read, so that its hang-up is seen.
 */
class MacosPollArray extends PollArray {

  MacosPollArray() {
    super(PollFormat.UNIX);
  }

  @Override
  protected int asked(int interest) {
    return (interest & (Readiness.READABLE | Readiness.WRITABLE)) == 0 ? interest | Readiness.READABLE : interest;
  }

  @Override
  protected int poll(MemorySegment pointer, int count, long nanos) throws IOException {
    int result = LibSystem.poll(pointer, count, milliseconds(nanos));
    if (result >= 0) {
      return result;
    }
    if (result == -UnixHeaders.EINTR) {
      return 0;
    }
    throw result == -UnixHeaders.EINVAL ? LibSystem.unix().tooMany(count) : LibSystem.unix().failure("poll", -result);
  }
}
