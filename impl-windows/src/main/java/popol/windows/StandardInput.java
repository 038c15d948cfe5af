package popol.windows;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.spi.SlicedPoller;
import popol.spi.Watch;

/** Standard input, as a poller watches it: all pollers of this process have one thread for it, while there is one. */
final class StandardInput implements SlicedPoller.Question {

  /** What popol calls it: no SOCKET is 0. */
  static final long DESCRIPTOR = 0;

  private static @Nullable InputThread current; // guarded by this class, as is how many watch by it

  private final Runnable endWait;
  private InputThread thread; // set once, before anybody else has this

  @SuppressWarnings("NullAway") // as said
  private StandardInput(Runnable endWait) {
    this.endWait = endWait;
  }

  /**
   * Begins to watch it.
   *
   * @param endWait ends the poller's wait
   * @throws OutOfMemoryError if there can be no other thread
   */
  static StandardInput begin(Runnable endWait) {
    StandardInput input = new StandardInput(endWait); // first what else can fail
    synchronized (StandardInput.class) {
      if (current == null) {
        current = InputThread.start(WindowsInput::new);
      }
      current.watches++;
      input.thread = current;
      return input;
    }
  }

  @Override
  public int readiness(Watch watch) throws IOException {
    return thread.ask();
  }

  @Override
  public boolean begin() {
    return thread.begin(endWait);
  }

  @Override
  public void end() {
    thread.end(endWait);
  }

  @Override
  public void stop() {
    synchronized (StandardInput.class) {
      if (--thread.watches == 0) {
        thread.stop();
        current = null;
      }
    }
  }
}
