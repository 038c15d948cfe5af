package popol.macos;

import java.io.IOException;
import popol.spi.MixedPoller;
import popol.spi.Readiness;
import popol.spi.Watch;

/**
 * Waits by {@code poll}, and asks between slices of the wait what that cannot wait on. The facts are those of XNU
 * ({@code bsd/kern/sys_generic.c}):
 *
 * <ul>
 *   <li>{@code poll} calls some devices invalid, such as {@code /dev/tty}: those are asked by {@code select}.
 *   <li>An entry that wants nothing is asked for data all the same, and would report what nobody reads again and again:
 *       it is set apart while there is some.
 *   <li>After a hang-up {@code poll} does not say that one can write, which is so for a peer that has only ended its own
 *       stream, and for a connect that has failed, whose error a write gives: {@code select} is asked for that.
 *   <li>A failed connect, and a pipe whose reader is gone, are a hang-up and not an error, and the end of a peer's stream
 *       is a hang-up too. SO_ERROR would tell them apart, but asking takes the error away from who connects.
 *   <li>Urgent data is not reported. A descriptor closed by another thread does not end a wait.
 * </ul>
 */
final class MacosPoller extends MixedPoller {

  private final MacosPollArray array;
  private final Select select = new Select();

  MacosPoller() {
    this(new MacosPollArray());
  }

  private MacosPoller(MacosPollArray array) {
    super(array);
    this.array = array;
  }

  @Override
  protected boolean isApart(Watch watch) {
    return false;
  }

  @Override
  protected int translate(Watch watch, int found) {
    int interest = watch.interest();
    if ((found & Readiness.INVALID) != 0) {
      return select.readiness(watch.descriptor()) == Readiness.INVALID ? found : SET_APART;
    }
    if (found == Readiness.READABLE && (interest & Readiness.READABLE) == 0) {
      return SET_APART;
    }
    if ((found & Readiness.HANGUP) != 0 && (interest & Readiness.WRITABLE) != 0) {
      return found | select.readiness(watch.descriptor()) & Readiness.WRITABLE;
    }
    return found;
  }

  @Override
  protected int ask(Watch watch) throws IOException {
    int found = array.look(watch);
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
}
