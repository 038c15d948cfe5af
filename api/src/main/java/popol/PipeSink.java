package popol;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A pipe of the operating system whose write end is a source. A child process has the read end as its standard input,
 * so a loop feeds the child without ever blocking:
 *
 * {@snippet :
 * PipeSink input = PipeSink.open();
 * Process child = input.start(new ProcessBuilder("sort"));
 * sources.register(key, Source.of(input), Interest.WRITE);
 * // when the key is writable:
 * input.write(buffer);
 * // when all is written; the child sees the end of its input:
 * input.close();
 * }
 *
 * <p>It needs no flag of the JVM. Its methods can be called from any thread. When the child is gone, the source has an
 * error, and a write throws.
 *
 * <p>On Windows it is a named pipe, which is asked every 10 ms while it is waited on. Its read end can be opened once,
 * and it takes nothing before somebody has opened that. After it was full, a write may return 0 although the source was
 * reported writable.
 */
@ProviderType
public interface PipeSink extends WritableByteChannel {

  /**
   * Opens a pipe through the implementation for this operating system, as {@link Sources#open()} does.
   *
   * @return a pipe, open at both ends
   * @throws IOException if the system has no descriptors left
   * @throws IllegalStateException if there is no implementation, or it may not call native code; the message says what
   *     to do
   */
  static PipeSink open() throws IOException {
    return Popol.provider().openSink();
  }

  /**
   * Starts a child whose standard input is this pipe, and closes the read end of this process. All of it is one step:
   * no other thread can close the pipe, or get the number of its read end, in between. The builder's input is
   * redirected for the start alone.
   *
   * @param builder what to start
   * @return the child
   * @throws IOException if the child cannot be started; the read end is still open then
   * @throws IllegalStateException if the read end has been closed
   */
  Process start(ProcessBuilder builder) throws IOException;

  /**
   * The read end as a file that can be opened, which {@link ProcessBuilder#redirectInput(File)} does when the child is
   * started. {@link #start} is the safer way. The name is the pipe's until the pipe is closed: after
   * {@link #closeReadEnd()} opening it fails.
   *
   * @return the file, such as {@code /dev/fd/7} or {@code \\.\pipe\popol-4711-1}
   * @throws IllegalStateException if the read end has been closed
   */
  File readEnd();

  /**
   * Closes the read end of this process, so that a write fails when the last child that has one is gone. Can be called
   * again.
   */
  void closeReadEnd();

  /**
   * Writes as much as there is room for, without blocking.
   *
   * @param source the bytes to write
   * @return the number of bytes written, 0 if the pipe is full
   * @throws IOException if the write fails; when nobody can read any more, the message says so
   * @throws java.nio.channels.ClosedChannelException if the pipe is closed
   */
  @Override
  int write(ByteBuffer source) throws IOException;

  /** Closes both ends. A registry reports the source as invalid, once. Can be called again. */
  @Override
  void close();
}
