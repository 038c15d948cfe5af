package popol.unix;

import java.io.IOException;
import java.util.function.Consumer;
import popol.spi.OpenedPipeSink;

/** A pipe of a Unix system that a child reads from. */
public final class UnixPipeSink extends OpenedPipeSink {

  /**
   * Opens a pipe.
   *
   * @param system for errors
   * @param calls the system's calls
   * @param onClose called with this pipe once it is closed
   * @throws IOException if the system has no descriptors left
   */
  public UnixPipeSink(UnixSystem system, PipeCalls calls, Consumer<AutoCloseable> onClose) throws IOException {
    super(new UnixPipe(system, calls, PipeCalls.WRITE_END), onClose);
  }
}
