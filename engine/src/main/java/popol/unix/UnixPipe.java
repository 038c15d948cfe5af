package popol.unix;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import popol.ffm.NativeMemory;
import popol.spi.SystemPipe;

/**
 * The descriptors of a pipe. A child opens its end as {@code /dev/fd/N}, so the number N stays taken until the pipe is
 * closed. Once the child's end is closed, N is the number of a file that cannot be opened by this name:
 *
 * <ul>
 *   <li>Linux opens what N is a link to, with access rights of its own choice. An eventfd has nothing that could be
 *       opened (ENXIO), also for root. Opening either end of the pipe would give the child's end again.
 *   <li>macOS duplicates N, if N was opened for the same access; else it says EACCES. popol's own end has the other
 *       access, so it does without another file.
 * </ul>
 */
final class UnixPipe implements SystemPipe {

  private static final int CHUNK = 8192; // bytes read or written by one call

  private final UnixSystem system;
  private final PipeCalls calls;
  private final NativeMemory memory;
  private final int ownEnd;
  private int childEnd; // -1 once its number has been given up
  private int standIn; // -1 if popol's own end is used instead, or the stand-in has got the number of the child's end

  /**
   * Opens a pipe.
   *
   * @param system for errors
   * @param calls the system's calls
   * @param own the index of popol's own end, one of {@link PipeCalls}
   * @throws IOException if the system has no room for it
   */
  UnixPipe(UnixSystem system, PipeCalls calls, int own) throws IOException {
    UnixCalls.link(); // closing may happen when no class can be loaded any more
    this.system = system;
    this.calls = calls;
    memory = NativeMemory.allocate(CHUNK);
    for (int i = 0; i <= PipeCalls.STAND_IN; i++) {
      memory.bytes().putInt(i * Integer.BYTES, -1);
    }
    boolean opened = false;
    try {
      calls.open(memory, own);
      opened = true;
    } finally {
      ownEnd = descriptor(own);
      childEnd = descriptor(PipeCalls.WRITE_END - own);
      standIn = descriptor(PipeCalls.STAND_IN);
      if (!opened) {
        close();
      }
    }
  }

  private int descriptor(int index) {
    return memory.bytes().getInt(index * Integer.BYTES);
  }

  @Override
  public long descriptor() {
    return ownEnd;
  }

  @Override
  public File childEnd() {
    return new File("/dev/fd/" + childEnd);
  }

  @Override
  public ByteBuffer buffer() {
    return memory.bytes();
  }

  @Override
  public int read(int most) throws IOException {
    int count = UnixCalls.read(memory, ownEnd, memory.address(), most);
    if (count > 0) {
      return count;
    }
    if (count == 0) {
      return -1;
    }
    if (-count == system.wouldBlock()) {
      return 0;
    }
    throw system.failure("read", -count);
  }

  @Override
  public int write(int count) throws IOException {
    int written = UnixCalls.write(memory, ownEnd, memory.address(), count);
    if (written >= 0) {
      return written;
    }
    if (-written == system.wouldBlock()) {
      return 0;
    }
    if (-written == UnixHeaders.EPIPE) { // the JVM has a handler for SIGPIPE, which does nothing
      throw new IOException("write failed: nobody can read from the pipe any more (EPIPE)");
    }
    throw system.failure("write", -written);
  }

  /**
   * Fails only if RLIMIT_NOFILE has been lowered to the number or below, in which case closing is enough: the number is
   * not given to anybody.
   */
  @Override
  public void closeChildEnd() {
    if (calls.replace(memory, standIn >= 0 ? standIn : ownEnd, childEnd) < 0) {
      close(childEnd);
      childEnd = -1;
    }
    close(standIn);
    standIn = -1;
  }

  @Override
  public void close() {
    close(standIn);
    close(childEnd);
    close(ownEnd);
    memory.free();
  }

  private static void close(int descriptor) {
    if (descriptor >= 0) {
      UnixCalls.close(descriptor);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + ownEnd;
  }
}
