package popol.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import popol.spi.CallState;
import popol.spi.OpenedPipe;
import popol.spi.Readiness;

/**
 * A pipe with a name, by which its write end is opened, once: {@code ProcessBuilder} takes a file for a child's output,
 * and no handle. Guarded by itself: nothing is read but what is known to be there, so no method holds the others up. The
 * name is new, or creating the pipe fails; by default only programs of the same user may write to it.
 */
final class NamedPipe implements OpenedPipe {

  private static final int CHUNK = 8192; // bytes read by one call
  private static final int ROOM = 65536; // for bytes that have not been read yet
  private static final AtomicInteger LATEST = new AtomicInteger();
  private static final Map<Long, NamedPipe> OPEN = new ConcurrentHashMap<>(); // by their handles

  private final Consumer<NamedPipe> onClose;
  private final String name = "\\\\.\\pipe\\popol-" + ProcessHandle.current().pid() + "-" + LATEST.incrementAndGet();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment chunk = arena.allocate(CHUNK);
  private final MemorySegment number = arena.allocate(JAVA_INT);
  private final MemorySegment error = CallState.allocate(arena);
  private final MemorySegment handle;
  private volatile boolean open = true;
  private boolean writeEndOpen = true;

  private NamedPipe(Consumer<NamedPipe> onClose) throws IOException {
    this.onClose = onClose;
    this.handle = Kernel32.createNamedPipe(name, ROOM, error);
    if (Kernel32.getFileType(handle) != WindowsHeaders.FILE_TYPE_PIPE) {
      int reason = Kernel32.error(error);
      arena.close();
      throw new IOException("CreateNamedPipe failed: GetLastError " + reason);
    }
  }

  /**
   * Opens a pipe.
   *
   * @param onClose called when it is closed
   */
  static NamedPipe open(Consumer<NamedPipe> onClose) throws IOException {
    NamedPipe pipe = new NamedPipe(onClose);
    OPEN.put(pipe.descriptor(), pipe);
    return pipe;
  }

  /** {@return the open pipe of a handle; null if it is not one} */
  static NamedPipe of(long handle) {
    return OPEN.get(handle);
  }

  @Override
  public long descriptor() {
    return handle.address();
  }

  /** {@return what it is now, in bits of {@link Readiness}} */
  synchronized int readiness() {
    if (!open) {
      return Readiness.INVALID;
    }
    if (available() > 0) {
      return Readiness.READABLE;
    }
    return isAtEnd() ? Readiness.READABLE | Readiness.HANGUP : 0;
  }

  /** How many bytes are there; below 0 if nobody has the write end open. */
  private int available() {
    return Kernel32.peekNamedPipe(handle, number) ? number.get(JAVA_INT, 0) : -1;
  }

  /** As long as {@link #closeWriteEnd} has not been called there can be a writer still. */
  private boolean isAtEnd() {
    return !writeEndOpen && available() < 0;
  }

  @Override
  public synchronized File writeEnd() {
    if (!writeEndOpen) {
      throw new IllegalStateException("the write end has been closed");
    }
    return new File(name);
  }

  @Override
  public synchronized void closeWriteEnd() {
    writeEndOpen = false;
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int available = available();
    if (available <= 0) {
      return isAtEnd() ? -1 : 0;
    }
    int most = Math.min(CHUNK, Math.min(available, target.remaining()));
    if (!Kernel32.readFile(handle, chunk, most, number, error)) {
      throw new IOException("ReadFile failed: GetLastError " + Kernel32.error(error));
    }
    int count = number.get(JAVA_INT, 0);
    target.put(chunk.asSlice(0, count).asByteBuffer());
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      writeEndOpen = false;
      OPEN.remove(descriptor());
      onClose.accept(this);
      Kernel32.closeHandle(handle);
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "PipeSource[" + name + (open ? "]" : ", closed]");
  }
}
