package popol.spi;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import popol.PipeSink;

/** A pipe that a child reads from. */
public abstract class OpenedPipeSink extends OpenedPipe implements PipeSink {

  /**
   * A pipe that is open at both ends.
   *
   * @param pipe what the system supplies, which is this pipe's from now on
   * @param onClose called with this pipe once it is closed
   */
  protected OpenedPipeSink(SystemPipe pipe, Consumer<AutoCloseable> onClose) {
    super(pipe, "read end", onClose);
  }

  @Override
  public final Process start(ProcessBuilder builder) throws IOException {
    Objects.requireNonNull(builder, "builder is null");
    synchronized (pipe) {
      Redirect before = builder.redirectInput();
      builder.redirectInput(readEnd());
      try {
        return launch(builder);
      } finally {
        builder.redirectInput(before);
      }
    }
  }

  @Override
  public final File readEnd() {
    return childEnd();
  }

  @Override
  public final void closeReadEnd() {
    closeChildEnd();
  }

  @Override
  public final int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source is null");
    synchronized (pipe) {
      requireOpen();
      int total = 0;
      boolean full = false;
      while (source.hasRemaining() && !full) {
        int count = Math.min(pipe.buffer().capacity(), source.remaining());
        pipe.buffer().put(0, source, source.position(), count);
        int written;
        try {
          written = pipe.write(count);
        } catch (IOException e) {
          if (total == 0) {
            throw e;
          }
          return total; // the next write throws it again
        }
        source.position(source.position() + written);
        total += written;
        full = written < count;
      }
      return total;
    }
  }

  @Override
  public final String toString() {
    return text("PipeSink");
  }
}
