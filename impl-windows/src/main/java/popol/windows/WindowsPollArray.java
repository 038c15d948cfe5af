package popol.windows;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.PollArray;
import popol.spi.PollFormat;

/**
 * The array of {@code WSAPoll}.
 *
 * <p>READ asks for POLLRDNORM, and PRIORITY for POLLRDBAND: POLLIN is both of them, and POLLPRI is refused.
 */
final class WindowsPollArray extends PollArray {

  /** {@code WSAPOLLFD}. There is no flag for a peer that has closed its output: that is a POLLHUP. */
  static final PollFormat FORMAT = new PollFormat(
      16,
      true,
      8,
      10,
      WindowsHeaders.POLLRDNORM,
      WindowsHeaders.POLLWRNORM,
      WindowsHeaders.POLLRDBAND,
      0,
      WindowsHeaders.POLLERR,
      WindowsHeaders.POLLHUP,
      WindowsHeaders.POLLNVAL);

  WindowsPollArray() {
    super(FORMAT);
  }

  /**
   * WSAPoll marks an invalid socket beside valid ones, but neither counts it nor returns because of it. So this looks
   * first, counts the marks itself, and only then waits.
   */
  @Override
  public String mechanism() {
    return "WSAPoll";
  }

  @Override
  protected int poll(NativeMemory memory, long entries, int count, long nanos) throws IOException {
    int found = call(memory, entries, count, 0);
    return found > 0 || nanos == 0 ? found : call(memory, entries, count, milliseconds(nanos));
  }

  private int call(NativeMemory memory, long entries, int count, int milliseconds) throws IOException {
    int result = Winsock.wsaPoll(memory, entries, count, milliseconds);
    if (result < 0 && result != -WindowsHeaders.WSAEINTR && result != -WindowsHeaders.WSAENOTSOCK) {
      throw WindowsErrors.failure("WSAPoll", -result);
    }
    return marked(entries, count);
  }
}
