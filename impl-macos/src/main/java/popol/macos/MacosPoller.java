package popol.macos;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.spi.Readiness;
import popol.spi.SlicedPoller;
import popol.spi.Watch;

/**
 * Waits by {@code poll}, and asks between slices of the wait for what {@code poll} cannot wait on. The facts are those
 * of XNU ({@code bsd/kern/sys_generic.c}, {@code uipc_socket.c}, {@code sys_pipe.c}):
 *
 * <ul>
 *   <li>{@code poll} calls some devices invalid, such as {@code /dev/tty}: {@code select} is asked about them.
 *   <li>A watch that wants nothing asks for data all the same. While there is data that nobody wants to read, or the
 *       peer has ended its stream and nobody wants to hear of it, the watch is asked and not waited for.
 *   <li>A hang-up is the end of one direction, of those that were asked for: the peer has ended its stream, or nothing
 *       can be sent any more. Elsewhere it is the end of both, so each direction is asked for its own.
 *   <li>After a hang-up {@code poll} does not say that one can write, and says that there is urgent data.
 *   <li>A failed connect, and a pipe whose reader is gone, are a hang-up and not an error. SO_ERROR would tell them
 *       apart, but asking takes the error away from who connects.
 *   <li>Urgent data is not reported. A descriptor closed by another thread does not end a wait.
 * </ul>
 */
final class MacosPoller extends SlicedPoller {

  private final MacosPollArray array;
  private @Nullable Select select; // null until poll has called a descriptor invalid

  private MacosPoller(MacosPollArray array) {
    super(array);
    this.array = array;
  }

  /**
   * Opens a poller.
   *
   * @param array an empty array, which is the poller's from now on
   */
  static MacosPoller open(MacosPollArray array) {
    try {
      return new MacosPoller(array);
    } catch (Throwable t) {
      array.close();
      throw t;
    }
  }

  /** None: whether {@code poll} takes a descriptor is found by the first wait. */
  @Override
  protected @Nullable Question question(Watch watch) {
    return null;
  }

  @Override
  protected int translate(Watch watch, int found) {
    if ((found & Readiness.INVALID) != 0) {
      return askSelect(watch.descriptor());
    }
    return (found & Readiness.HANGUP) == 0 ? found : ended(watch.descriptor(), found);
  }

  private int askSelect(long descriptor) {
    if (select == null) {
      select = new Select();
    }
    return select.readiness(descriptor);
  }

  /**
   * What a descriptor is of which a direction has ended. Where nothing can be sent it is writable: a write gives the
   * error.
   */
  private int ended(long descriptor, int found) {
    int in = look(descriptor, Readiness.READABLE);
    int out = look(descriptor, Readiness.WRITABLE);
    int readiness = found & (Readiness.READABLE | Readiness.ERROR) | out & Readiness.WRITABLE;
    if ((in & Readiness.HANGUP) != 0) {
      readiness |= Readiness.READ_CLOSED;
    }
    if ((out & Readiness.HANGUP) != 0) {
      readiness |= Readiness.WRITABLE | in & Readiness.HANGUP;
    }
    return readiness;
  }

  private int look(long descriptor, int direction) {
    try {
      return array.await(new Watch(descriptor, direction), 0);
    } catch (IOException unknown) {
      return Readiness.HANGUP;
    }
  }

  @Override
  public void close() {
    super.close();
    if (select != null) {
      select.close();
    }
  }
}
