package popol;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A pipe of the operating system whose read end is a source. A child process has the write end as its standard output,
 * so one wait sees the child's output and its end beside everything else:
 *
 * {@snippet :
 * PipeSource output = PipeSource.open();
 * Process child = output.start(new ProcessBuilder("make").redirectErrorStream(true));
 * sources.register(key, Source.of(output), Interest.READ);
 * }
 *
 * <p>It needs no flag of the JVM. Its methods can be called from any thread. On Windows it is a named pipe, which is
 * asked every 10 ms while it is waited on, and whose write end can be opened once: by one child, with
 * {@code redirectErrorStream(true)} if both of its streams are to go there.
 */
@ProviderType
public interface PipeSource extends ReadableByteChannel {

  /**
   * Opens a pipe through the implementation for this operating system, as {@link Sources#open()} does.
   *
   * @return a pipe, open at both ends
   * @throws IOException if the system has no descriptors left
   * @throws IllegalStateException if there is no implementation, or it may not call native code; the message says what
   *     to do
   */
  static PipeSource open() throws IOException {
    return Popol.provider().openPipe();
  }

  /**
   * Starts a child whose standard output is this pipe, and closes the write end of this process, so that the end of the
   * stream is seen when the child ends. All of it is one step: no other thread can close the pipe, or get the number of
   * its write end, in between. The builder's output is redirected for the start alone.
   *
   * @param builder what to start; with {@code redirectErrorStream(true)} its errors come through the pipe as well
   * @return the child
   * @throws IOException if the child cannot be started; the write end is still open then
   * @throws IllegalStateException if the write end has been closed
   */
  Process start(ProcessBuilder builder) throws IOException;

  /**
   * The write end as a file that can be opened, which {@link ProcessBuilder#redirectOutput(File)} does when the child
   * is started. {@link #start} is the safer way. The name is the pipe's until the pipe is closed: after
   * {@link #closeWriteEnd()} opening it fails.
   *
   * @return the file, such as {@code /dev/fd/7} or {@code \\.\pipe\popol-4711-1}
   * @throws IllegalStateException if the write end has been closed
   */
  File writeEnd();

  /**
   * Closes the write end of this process, so that the end of the stream is seen when the last child that has one is
   * gone. Can be called again.
   */
  void closeWriteEnd();

  /**
   * Reads what is there, without blocking.
   *
   * @param target where to put the bytes
   * @return the number of bytes, 0 if nothing is there or the buffer has no room, -1 at the end of the stream
   * @throws IOException if the read fails
   * @throws java.nio.ReadOnlyBufferException if the buffer is read-only; nothing is read
   * @throws java.nio.channels.ClosedChannelException if the pipe is closed
   */
  @Override
  int read(ByteBuffer target) throws IOException;

  /** Closes both ends. A registry reports the source as invalid, once. Can be called again. */
  @Override
  void close();
}
