package popol.spi;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A pipe of a Unix system, whose read end does not block. */
public final class NativePipe extends OpenedPipe {

  private final UnixCalls calls;
  private final int readEnd;
  private final int writeEnd;
  private final MemorySegment errno = CallState.allocate(arena());

  /**
   * A pipe over two descriptors, which it owns from now on.
   *
   * @param popol what opened it
   * @param calls the system's calls
   * @param readEnd the descriptor of the read end, non-blocking
   * @param writeEnd the descriptor of the write end
   */
  public NativePipe(AbstractPopol popol, UnixCalls calls, int readEnd, int writeEnd) {
    super(popol::forget);
    this.calls = calls;
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  @Override
  public long descriptor() {
    return readEnd;
  }

  @Override
  protected File file() {
    return new File("/dev/fd/" + writeEnd);
  }

  @Override
  protected int read(MemorySegment bytes, int most) throws IOException {
    long count = calls.read(readEnd, bytes.asSlice(0, most), errno);
    if (count > 0) {
      return (int) count;
    }
    if (count == 0) {
      return -1;
    }
    if (-count == calls.wouldBlock()) {
      return 0;
    }
    throw calls.failure("read", (int) -count);
  }

  @Override
  protected void endWriting() {
    calls.close(writeEnd, errno);
  }

  @Override
  protected void endReading() {
    calls.close(readEnd, errno);
  }

  @Override
  public String toString() {
    return "PipeSource[descriptor " + readEnd + (isOpen() ? "]" : ", closed]");
  }
}
