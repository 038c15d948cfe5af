package popol.macos;

import java.io.IOException;
import popol.spi.MixedPoller;
import popol.spi.Readiness;
import popol.spi.Watch;

/**
 * Waits by {@code poll}, and asks between slices of the wait what that cannot wait on. The facts are those of XNU
 * ({@code bsd/kern/sys_generic.c}, {@code uipc_socket.c}, {@code sys_pipe.c}):
 *
 * <ul>
 *   <li>{@code poll} calls some devices invalid, such as {@code /dev/tty}: those are asked by {@code select}.
 *   <li>An entry that wants nothing is asked for data all the same, and would report what nobody reads again and again:
 *       it is set apart while there is some.
 *   <li>A hang-up is the end of one direction, of those that were asked for: the peer has ended its stream, or nothing
 *       can be sent any more. Elsewhere it is the end of both, so each direction is asked for its own.
 *   <li>After a hang-up {@code poll} does not say that one can write, and says that there is urgent data.
 *   <li>A failed connect, and a pipe whose reader is gone, are a hang-up and not an error. SO_ERROR would tell them
 *       apart, but asking takes the error away from who connects.
 *   <li>Urgent data is not reported. A descriptor closed by another thread does not end a wait.
 * </ul>
 */
final class MacosPoller extends MixedPoller {

  private final MacosPollArray array;
  private final Select select = new Select();

  MacosPoller() {
    this(new MacosPollArray());
  }

  MacosPoller(MacosPollArray array) {
    super(array);
    this.array = array;
  }

  @Override
  protected boolean isApart(Watch watch) {
    return false;
  }

  @Override
  protected int translate(Watch watch, int found) {
    if ((found & Readiness.INVALID) != 0) {
      return select.readiness(watch.descriptor()) == Readiness.INVALID ? found : SET_APART;
    }
    int readiness = (found & Readiness.HANGUP) == 0 ? found : ended(watch.descriptor(), found);
    return readiness == Readiness.READABLE && (watch.interest() & Readiness.READABLE) == 0 ? SET_APART : readiness;
  }

  /** What one is of which a direction has ended. Where nothing can be sent it is writable: a write gives the error. */
  private int ended(long descriptor, int found) {
    int in = look(descriptor, Readiness.READABLE);
    int out = look(descriptor, Readiness.WRITABLE);
    int readiness = found & (Readiness.READABLE | Readiness.ERROR) | out & Readiness.WRITABLE;
    if ((out & Readiness.HANGUP) == 0) {
      return readiness;
    }
    return readiness | Readiness.WRITABLE | in & Readiness.HANGUP;
  }

  private int look(long descriptor, int direction) {
    try {
      return array.await(new Direction(descriptor, direction), 0);
    } catch (IOException unknown) {
      return Readiness.HANGUP;
    }
  }

  @Override
  protected int ask(Watch watch) throws IOException {
    int found = array.await(watch, 0);
    if ((found & Readiness.INVALID) != 0) {
      return select.readiness(watch.descriptor());
    }
    int readiness = translate(watch, found);
    return readiness == SET_APART ? 0 : readiness;
  }

  @Override
  public void close() {
    super.close();
    select.close();
  }

  private static final class Direction extends Watch {
    Direction(long descriptor, int direction) {
      super(descriptor, direction);
    }
  }
}
