package popol.windows;

import org.jspecify.annotations.Nullable;
import popol.spi.Readiness;
import popol.spi.SlicedPoller;
import popol.spi.Watch;

/**
 * Waits on sockets by WSAPoll. Standard input and pipes are waited for by threads of their own, which end the wait.
 *
 * <p>WSAPoll says that a peer has hung up when it has only ended its own stream, whatever was asked for. That is the
 * end to a reader, as on other systems, and nothing to a writer, who can still write: a watch that wants to write and
 * has no room just now is asked between slices. A watch that wants neither hears of a hang-up, once, unless it has
 * heard of the end of the stream before.
 */
final class WindowsPoller extends SlicedPoller {

  private static final int HEARD_OF_END = 1; // a watch's token

  private Runnable endWait = () -> {};

  private WindowsPoller(WindowsPollArray array) {
    super(array);
  }

  static WindowsPoller open() {
    WindowsPollArray array = new WindowsPollArray();
    try {
      return new WindowsPoller(array);
    } catch (Throwable t) {
      array.close();
      throw t;
    }
  }

  @Override
  public void onReady(Runnable endWait) {
    this.endWait = endWait;
  }

  @Override
  protected @Nullable Question question(Watch watch) {
    if (watch.descriptor() == StandardInput.DESCRIPTOR) {
      return StandardInput.begin(endWait);
    }
    NamedPipe pipe = NamedPipe.of(watch.descriptor());
    return pipe == null ? null : pipe.question(endWait);
  }

  @Override
  protected int translate(Watch watch, int found) {
    if ((found & (Readiness.HANGUP | Readiness.ERROR | Readiness.INVALID)) != Readiness.HANGUP) {
      return found;
    }
    int interest = watch.interest();
    int readiness = found & ~Readiness.HANGUP | Readiness.READ_CLOSED;
    if ((interest & Readiness.READ_CLOSED) != 0) {
      watch.token(HEARD_OF_END);
    }
    if ((interest & Readiness.READABLE) != 0) {
      return readiness | Readiness.READABLE;
    }
    boolean isWriter = (interest & Readiness.WRITABLE) != 0;
    return isWriter || watch.token() == HEARD_OF_END ? readiness : found;
  }
}
