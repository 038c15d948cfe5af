package popol.unix;

import java.io.IOException;
import java.util.function.Consumer;
import popol.spi.OpenedPipeSource;

/** A pipe of a Unix system that a child writes to. */
public final class UnixPipeSource extends OpenedPipeSource {

  /**
   * Opens a pipe.
   *
   * @param system for errors
   * @param calls the system's calls
   * @param onClose called with this pipe once it is closed
   * @throws IOException if the system has no descriptors left
   */
  public UnixPipeSource(UnixSystem system, PipeCalls calls, Consumer<AutoCloseable> onClose) throws IOException {
    super(new UnixPipe(system, calls, PipeCalls.READ_END), onClose);
  }
}
