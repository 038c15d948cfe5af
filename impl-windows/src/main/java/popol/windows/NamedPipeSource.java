package popol.windows;

import java.io.IOException;
import java.util.function.Consumer;
import popol.spi.OpenedPipeSource;

/** A pipe of Windows that a child writes to. */
final class NamedPipeSource extends OpenedPipeSource {

  NamedPipeSource(Consumer<AutoCloseable> onClose) throws IOException {
    super(new InboundPipe(), onClose);
  }
}
