package popol.windows;

import java.io.IOException;
import java.util.function.Consumer;
import popol.spi.OpenedPipeSink;

/** A pipe of Windows that a child reads from. */
final class NamedPipeSink extends OpenedPipeSink {

  NamedPipeSink(Consumer<AutoCloseable> onClose) throws IOException {
    super(new OutboundPipe(), onClose);
  }
}
