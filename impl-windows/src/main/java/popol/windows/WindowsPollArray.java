package popol.windows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import popol.spi.PollArray;
import popol.spi.PollFormat;

/**
 * The array of {@code WSAPoll}.
 *
 * <p>READ asks for POLLRDNORM and PRIORITY for POLLRDBAND: POLLIN is both of them, and POLLPRI is refused.
 */
final class WindowsPollArray extends PollArray {

  private static final PollFormat FORMAT = new PollFormat(
      WindowsHeaders.WSAPOLLFD,
      WindowsHeaders.POLLRDNORM,
      WindowsHeaders.POLLWRNORM,
      WindowsHeaders.POLLRDBAND,
      WindowsHeaders.POLLERR,
      WindowsHeaders.POLLHUP,
      WindowsHeaders.POLLNVAL);

  WindowsPollArray() {
    super(FORMAT);
  }

  /**
   * An invalid socket beside valid ones is marked, but neither counted nor a reason to return: so look first, count
   * what is marked, and only then wait.
   */
  @Override
  protected int poll(MemorySegment pointer, int count, long nanos) throws IOException {
    int found = call(pointer, count, 0);
    return found > 0 || nanos == 0 ? found : call(pointer, count, milliseconds(nanos));
  }

  private int call(MemorySegment pointer, int count, int milliseconds) throws IOException {
    int result = Winsock.poll(pointer, count, milliseconds);
    if (result < 0 && result != -WindowsHeaders.WSAEINTR && result != -WindowsHeaders.WSAENOTSOCK) {
      throw Winsock.failure("WSAPoll", -result);
    }
    return marked(pointer, count);
  }
}
