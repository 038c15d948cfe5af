package popol.spi;

import java.lang.foreign.MemorySegment;

/**
 * The calls on file descriptors that Unix systems share, one method for each C function. A result below 0 is the
 * negative of {@code errno}.
 */
public interface FileCalls {

  /**
   * {@code ssize_t read(int fd, void *buf, size_t count)}.
   *
   * @param descriptor the file descriptor
   * @param buffer native memory, read into from its start
   * @param errno where errno is captured
   * @return the number of bytes, 0 at the end, or below 0 the negative of errno
   */
  long read(int descriptor, MemorySegment buffer, MemorySegment errno);

  /**
   * {@code ssize_t write(int fd, const void *buf, size_t count)}.
   *
   * @param descriptor the file descriptor
   * @param buffer native memory, written from its start to its end
   * @param errno where errno is captured
   * @return the number of bytes, or below 0 the negative of errno
   */
  long write(int descriptor, MemorySegment buffer, MemorySegment errno);

  /**
   * {@code int close(int fd)}; what it returns is of no use, the descriptor is gone in any case.
   *
   * @param descriptor the file descriptor
   */
  void close(int descriptor);

  /** {@return the errno that means that a call would block} */
  int wouldBlock();
}
