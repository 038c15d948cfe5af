package popol.spi;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import popol.PipeSource;

/** A pipe that an implementation bundle has opened. Guarded by itself: nothing blocks, so no method holds others up. */
public abstract class OpenedPipe implements PipeSource {

  private static final int CHUNK = 8192; // bytes read by one call

  private final Consumer<? super OpenedPipe> onClose;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment chunk = arena.allocate(CHUNK);
  private volatile boolean open = true;
  private boolean writeEndOpen = true;

  /**
   * A pipe that is open at both ends.
   *
   * @param onClose called once it is closed
   */
  protected OpenedPipe(Consumer<? super OpenedPipe> onClose) {
    this.onClose = onClose;
  }

  /** {@return the descriptor of the read end} */
  public abstract long descriptor();

  /** {@return what a child opens the write end by} */
  protected abstract File file();

  /**
   * Reads without blocking.
   *
   * @param bytes where to
   * @param most how many at most, above 0
   * @return how many, 0 if there are none now, -1 at the end
   * @throws IOException if the call fails
   */
  protected abstract int read(MemorySegment bytes, int most) throws IOException;

  /** Closes the write end. Called once. */
  protected abstract void endWriting();

  /** Closes the read end. Called once, last. */
  protected abstract void endReading();

  /** {@return where to allocate what lives as long as the pipe is open} */
  protected final Arena arena() {
    return arena;
  }

  /** {@return whether the write end is open; to be asked with this pipe locked} */
  protected final boolean hasWriteEnd() {
    return writeEndOpen;
  }

  @Override
  public final synchronized File writeEnd() {
    if (!writeEndOpen) {
      throw new IllegalStateException("the write end has been closed");
    }
    return file();
  }

  @Override
  public final synchronized void closeWriteEnd() {
    if (writeEndOpen) {
      writeEndOpen = false;
      endWriting();
    }
  }

  @Override
  public final synchronized int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int count = read(chunk, Math.min(CHUNK, target.remaining()));
    if (count > 0) {
      target.put(chunk.asSlice(0, count).asByteBuffer());
    }
    return count;
  }

  @Override
  public final boolean isOpen() {
    return open;
  }

  @Override
  public final synchronized void close() {
    if (open) {
      open = false;
      closeWriteEnd();
      endReading();
      arena.close();
      onClose.accept(this);
    }
  }
}
