package popol.windows;

import java.io.IOException;
import popol.spi.Readiness;
import popol.spi.SlicedPoller;

/**
 * A pipe that popol writes to. It is asked while it is full, or nobody wants to write. A call that goes on until there
 * is room is a write: if the pipe were closed before its end, its bytes would be lost.
 *
 * <p>Windows does not say how much room there is: the number it has counts the bytes that a read waits for as taken. So
 * a pipe that was full is not writable when it is asked for the first time after that, and writable again the second
 * time. A write then says whether there is room.
 */
final class OutboundPipe extends NamedPipe {

  private boolean full; // whether the last write found no room, and the pipe has not been asked since

  /** A pipe to write to is one to read from as well, because else it does not tell whether the child has left. */
  OutboundPipe() throws IOException {
    super(WindowsHeaders.PIPE_ACCESS_DUPLEX, WindowsHeaders.GENERIC_READ, WindowsHeaders.PIPE_NOWAIT);
  }

  @Override
  SlicedPoller.Question question(Runnable endWait) {
    return watch -> readiness();
  }

  @Override
  int look() {
    int available = available();
    if (available < 0) {
      return isLeft(available) ? Readiness.ERROR : 0;
    }
    boolean wasFull = full;
    full = false;
    return wasFull ? 0 : Readiness.WRITABLE;
  }

  @Override
  public int read(int most) {
    throw new UnsupportedOperationException("popol writes to this pipe");
  }

  @Override
  public int write(int count) throws IOException {
    if (PipeCalls.writeFile(memory, handle, at(0), count, at(COUNT))) {
      full = count() < count;
      return count();
    }
    int error = memory.errorNumber();
    if (error == WindowsHeaders.ERROR_PIPE_LISTENING) { // nobody has opened the child's end yet
      return 0;
    }
    if (error == WindowsHeaders.ERROR_NO_DATA || error == WindowsHeaders.ERROR_BROKEN_PIPE) {
      throw new IOException("WriteFile failed: nobody can read from the pipe any more (GetLastError " + error + ")");
    }
    throw failure("WriteFile");
  }

  @Override
  void listen() {
    PipeCalls.connectNamedPipe(memory, handle, 0);
  }
}
