package popol.macos;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;
import popol.spi.PollArray;
import popol.spi.PollFormat;
import popol.spi.UnixHeaders;

/**
 * The array of {@code poll} on macOS.
 *
 * <p>Where it differs from Linux ({@code bsd/kern/sys_generic.c} of XNU): an entry that asks for nothing is not looked
 * at, so a source of {@code Interest.NONE} does not report its hang-up; a failed connect and a pipe whose reader is gone
 * are a hang-up and not an error; urgent data is never reported.
 */
final class MacosPollArray extends PollArray {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = CallState.allocate(arena);

  MacosPollArray() {
    super(PollFormat.UNIX);
  }

  @Override
  protected int poll(MemorySegment array, int count, long nanos) throws IOException {
    int result = LibSystem.poll(array, count, milliseconds(nanos), errno);
    if (result >= 0) {
      return result;
    }
    if (result == -UnixHeaders.EINTR) {
      return 0;
    }
    throw result == -UnixHeaders.EINVAL ? LibSystem.unix().tooMany(count) : LibSystem.unix().failure("poll", -result);
  }

  @Override
  public void close() {
    super.close();
    arena.close();
  }
}
