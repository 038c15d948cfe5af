package popol.spi;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What an operating system supplies of a pipe: popol's own end, which never blocks, and the end of a child, which is
 * opened by its name. {@link OpenedPipe} calls the methods one at a time, and none but {@link #descriptor} once the
 * pipe is closed.
 */
public interface SystemPipe extends AutoCloseable {

  /** {@return the descriptor of popol's end, which is waited on} */
  long descriptor();

  /** {@return the name that the child's end is opened by; it is no other file's until the pipe is closed} */
  File childEnd();

  /** {@return the memory that {@link #read} fills from its beginning, and {@link #write} takes from there} */
  ByteBuffer buffer();

  /**
   * Reads into the buffer.
   *
   * @param most the number of bytes to read at most, above 0
   * @return the number of bytes, 0 if there are none now, -1 at the end
   * @throws IOException if the call fails
   */
  int read(int most) throws IOException;

  /**
   * Writes from the buffer.
   *
   * @param count the number of bytes to write, above 0
   * @return the number of bytes written, below the count if the pipe is full
   * @throws IOException if the call fails; the message says so where nobody can read any more
   */
  int write(int count) throws IOException;

  /**
   * Closes the child's end of this process, so that its name cannot be opened any more. Called once at most. Throws
   * nothing and allocates nothing.
   */
  void closeChildEnd();

  /**
   * Called after a child was not started, which may have opened and closed the child's end: makes it one that can be
   * opened.
   */
  default void restoreChildEnd() {}

  /** Frees all that the pipe holds. Called once, last. Throws nothing and allocates nothing. */
  @Override
  void close();
}
