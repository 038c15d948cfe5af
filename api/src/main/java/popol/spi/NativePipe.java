package popol.spi;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** A pipe of a Unix system. Guarded by itself: the read end does not block, so no method holds the others up. */
public final class NativePipe implements OpenedPipe {

  private static final int CHUNK = 8192; // bytes read by one call

  private final AbstractPopol popol;
  private final UnixCalls calls;
  private final int readEnd;
  private final int writeEnd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment chunk = arena.allocate(CHUNK);
  private final MemorySegment errno = CallState.allocate(arena);
  private volatile boolean open = true;
  private boolean writeEndOpen = true;

  /**
   * A pipe over two descriptors, which it owns from now on.
   *
   * @param popol what opened it
   * @param calls the system's calls
   * @param readEnd the descriptor of the read end, non-blocking
   * @param writeEnd the descriptor of the write end
   */
  public NativePipe(AbstractPopol popol, UnixCalls calls, int readEnd, int writeEnd) {
    this.popol = popol;
    this.calls = calls;
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  @Override
  public long descriptor() {
    return readEnd;
  }

  @Override
  public synchronized File writeEnd() {
    if (!writeEndOpen) {
      throw new IllegalStateException("the write end has been closed");
    }
    return new File("/dev/fd/" + writeEnd);
  }

  @Override
  public synchronized void closeWriteEnd() {
    if (writeEndOpen) {
      writeEndOpen = false;
      calls.close(writeEnd, errno);
    }
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int most = Math.min(CHUNK, target.remaining());
    long count = calls.read(readEnd, chunk.asSlice(0, most), errno);
    if (count > 0) {
      target.put(chunk.asSlice(0, count).asByteBuffer());
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
  public boolean isOpen() {
    return open;
  }

  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      closeWriteEnd();
      calls.close(readEnd, errno);
      arena.close();
      popol.forget(this);
    }
  }

  @Override
  public String toString() {
    return "PipeSource[descriptor " + readEnd + (open ? "]" : ", closed]");
  }
}
