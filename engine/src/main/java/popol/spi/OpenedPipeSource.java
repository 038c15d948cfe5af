package popol.spi;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import java.util.function.Consumer;
import popol.PipeSource;

/** A pipe that a child writes to. */
public abstract class OpenedPipeSource extends OpenedPipe implements PipeSource {

  /**
   * A pipe that is open at both ends.
   *
   * @param pipe what the system supplies, which is this pipe's from now on
   * @param onClose called with this pipe once it is closed
   */
  protected OpenedPipeSource(SystemPipe pipe, Consumer<AutoCloseable> onClose) {
    super(pipe, "write end", onClose);
  }

  @Override
  public final Process start(ProcessBuilder builder) throws IOException {
    Objects.requireNonNull(builder, "builder is null");
    synchronized (pipe) {
      Redirect before = builder.redirectOutput();
      builder.redirectOutput(writeEnd());
      try {
        return launch(builder);
      } finally {
        builder.redirectOutput(before);
      }
    }
  }

  @Override
  public final File writeEnd() {
    return childEnd();
  }

  @Override
  public final void closeWriteEnd() {
    closeChildEnd();
  }

  @Override
  public final int read(ByteBuffer target) throws IOException {
    Objects.requireNonNull(target, "target is null");
    synchronized (pipe) {
      requireOpen();
      if (target.isReadOnly()) {
        throw new ReadOnlyBufferException();
      }
      if (!target.hasRemaining()) {
        return 0;
      }
      int at = target.position();
      target.put(at, target.get(at)); // memory that cannot be written to throws now, and not when the bytes are read
      int count = pipe.read(Math.min(pipe.buffer().capacity(), target.remaining()));
      if (count > 0) {
        target.put(at, pipe.buffer(), 0, count);
        target.position(at + count);
      }
      return count;
    }
  }

  @Override
  public final String toString() {
    return text("PipeSource");
  }
}
