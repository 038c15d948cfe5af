package popol;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A pipe of the operating system. Its read end is a source; its write end can be given to a child process, whose output
 * and whose end are then seen in the same wait as everything else:
 *
 * {@snippet :
 * PipeSource output = PipeSource.open();
 * Process child = new ProcessBuilder("make").redirectErrorStream(true)
 *     .redirectOutput(output.writeEnd()).start();
 * output.closeWriteEnd();                        // so that the end is seen when the child ends
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
   * The write end as a file that can be opened, which is what {@link ProcessBuilder#redirectOutput(File)} does when the
   * child is started. It cannot be opened any more once {@link #closeWriteEnd()} has been called.
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
   * @throws java.nio.channels.ClosedChannelException if the pipe is closed
   */
  @Override
  int read(ByteBuffer target) throws IOException;

  /** Closes both ends. A registry reports the source as invalid, once. Can be called again. */
  @Override
  void close();
}
