package popol.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import popol.spi.CallState;
import popol.spi.OpenedPipe;
import popol.spi.Readiness;

/**
 * A pipe with a name, by which its write end is opened, once: {@code ProcessBuilder} takes a file for a child's output,
 * and no handle. Nothing is read but what is known to be there. The name is new, or creating the pipe fails; by default only programs of the same user may write to it.
 */
final class NamedPipe extends OpenedPipe {

  private static final int ROOM = 65536; // for bytes that have not been read yet
  private static final AtomicInteger LATEST = new AtomicInteger();
  private static final Map<Long, NamedPipe> OPEN = new ConcurrentHashMap<>(); // by their handles

  private final String name;
  private final MemorySegment handle;
  private final MemorySegment number = arena().allocate(JAVA_INT);
  private final MemorySegment error = CallState.allocate(arena());

  private NamedPipe(String name, MemorySegment handle, Consumer<? super OpenedPipe> onClose) {
    super(onClose);
    this.name = name;
    this.handle = handle;
  }

  /**
   * Opens a pipe.
   *
   * @param onClose called when it is closed
   */
  static NamedPipe open(Consumer<? super OpenedPipe> onClose) throws IOException {
    String name = "\\\\.\\pipe\\popol-" + ProcessHandle.current().pid() + "-" + LATEST.incrementAndGet();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = CallState.allocate(arena);
      MemorySegment handle = Kernel32.createNamedPipe(name, ROOM, error);
      if (Kernel32.getFileType(handle) != WindowsHeaders.FILE_TYPE_PIPE) {
        throw new IOException("CreateNamedPipe failed: GetLastError " + Kernel32.error(error));
      }
      NamedPipe pipe = new NamedPipe(name, handle, onClose);
      OPEN.put(pipe.descriptor(), pipe);
      return pipe;
    }
  }

  /** {@return the open pipe of a handle; null if it is not one} */
  static NamedPipe of(long handle) {
    return OPEN.get(handle);
  }

  @Override
  public long descriptor() {
    return handle.address();
  }

  @Override
  protected File file() {
    return new File(name);
  }

  /** {@return what it is now, in bits of {@link Readiness}} */
  synchronized int readiness() {
    if (!isOpen()) {
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
    return !hasWriteEnd() && available() < 0;
  }

  @Override
  protected int read(MemorySegment bytes, int most) throws IOException {
    int available = available();
    if (available <= 0) {
      return isAtEnd() ? -1 : 0;
    }
    if (!Kernel32.readFile(handle, bytes, Math.min(most, available), number, error)) {
      throw new IOException("ReadFile failed: GetLastError " + Kernel32.error(error));
    }
    return number.get(JAVA_INT, 0);
  }

  /** Whoever has been given it has a handle of his own. */
  @Override
  protected void endWriting() {}

  @Override
  protected void endReading() {
    OPEN.remove(descriptor());
    Kernel32.closeHandle(handle);
  }

  @Override
  public String toString() {
    return "PipeSource[" + name + (isOpen() ? "]" : ", closed]");
  }
}
