package popol.macos;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;
import popol.spi.WakeHandle;

/** A pipe that is readable while a byte is in it: macOS has no eventfd. */
final class WakePipe implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = CallState.allocate(arena);
  private final MemorySegment bytes = arena.allocate(1);
  private final int readEnd;
  private final int writeEnd;

  WakePipe() throws IOException {
    int[] ends;
    try {
      ends = LibSystem.openPipe();
    } catch (IOException e) {
      arena.close();
      throw e;
    }
    readEnd = ends[0];
    writeEnd = ends[1];
  }

  @Override
  public long descriptor() {
    return readEnd;
  }

  /** Does not block: the engine sets the handle once before it is reset. */
  @Override
  public void set() {
    LibSystem.writeWake(writeEnd, bytes);
  }

  @Override
  public void reset() {
    LibSystem.readWake(readEnd, bytes);
  }

  @Override
  public void close() {
    LibSystem.unix().close(writeEnd, errno);
    LibSystem.unix().close(readEnd, errno);
    arena.close();
  }
}
