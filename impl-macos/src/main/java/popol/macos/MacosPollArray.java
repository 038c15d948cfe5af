package popol.macos;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.PollArray;
import popol.spi.Readiness;
import popol.unix.UnixHeaders;

/**
 * The array of {@code poll} on macOS, which does not look at an entry that asks for nothing ({@code
 * bsd/kern/sys_generic.c} of XNU). So a watch that wants neither to read nor to write asks to read, and its hang-up is
 * seen. A watch that wants to hear of the peer's end asks to read too, because there is no flag for that.
 */
class MacosPollArray extends PollArray {

  private static final int NO_RDHUP = 0;

  MacosPollArray() {
    super(UnixHeaders.pollFormat(NO_RDHUP));
  }

  @Override
  protected int asked(int interest) {
    boolean asksNothing = (interest & (Readiness.READABLE | Readiness.WRITABLE)) == 0;
    return asksNothing || (interest & Readiness.READ_CLOSED) != 0 ? interest | Readiness.READABLE : interest;
  }

  @Override
  public String mechanism() {
    return "poll";
  }

  @Override
  protected int poll(NativeMemory memory, long entries, int count, long nanos) throws IOException {
    int result = LibSystem.poll(memory, entries, count, milliseconds(nanos));
    if (result >= 0) {
      return result;
    }
    if (result == -UnixHeaders.EINTR) {
      return 0;
    }
    throw result == -UnixHeaders.EINVAL ? LibSystem.SYSTEM.tooMany(count) : LibSystem.SYSTEM.failure("poll", -result);
  }
}
