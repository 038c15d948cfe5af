package popol.windows;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import popol.spi.MixedPoller;
import popol.spi.Readiness;
import popol.spi.Watch;

/**
 * Waits on sockets, and asks standard input and pipes between slices of the wait.
 *
 * <p>WSAPoll says that a peer has hung up when it has only ended its own stream, whatever it was asked for. That is the
 * end to a reader, as on other systems, and nothing to a writer, who can still write: one that has no room just now is
 * asked between slices. An entry that wants neither hears of a hang-up, once.
 */
final class WindowsPoller extends MixedPoller {

  private final WindowsPollArray array;
  private final Map<Watch, NamedPipe> pipes = new IdentityHashMap<>(); // those that are watched
  private StandardInput input; // null until it is watched

  WindowsPoller() {
    this(new WindowsPollArray());
  }

  private WindowsPoller(WindowsPollArray array) {
    super(array);
    this.array = array;
  }

  @Override
  protected boolean isApart(Watch watch) {
    if (watch.descriptor() == StandardInput.DESCRIPTOR) {
      if (input == null) {
        input = new StandardInput();
      }
      return true;
    }
    NamedPipe pipe = NamedPipe.of(watch.descriptor());
    if (pipe != null) {
      pipes.put(watch, pipe);
    }
    return pipes.containsKey(watch); // it may have been closed since it was added
  }

  @Override
  public void remove(Watch watch) {
    super.remove(watch);
    pipes.remove(watch);
  }

  @Override
  protected int ask(Watch watch) throws IOException {
    if (watch.descriptor() == StandardInput.DESCRIPTOR) {
      return input.readiness();
    }
    NamedPipe pipe = pipes.get(watch);
    if (pipe != null) {
      return pipe.readiness();
    }
    int readiness = translate(watch, array.await(watch, 0));
    return readiness == SET_APART ? 0 : readiness;
  }

  @Override
  protected int translate(Watch watch, int found) {
    if ((found & (Readiness.HANGUP | Readiness.ERROR | Readiness.INVALID)) != Readiness.HANGUP) {
      return found;
    }
    int ended = found & ~Readiness.HANGUP;
    if ((watch.interest() & Readiness.READABLE) != 0) {
      return ended | Readiness.READABLE;
    }
    if ((watch.interest() & Readiness.WRITABLE) != 0) {
      return (found & Readiness.WRITABLE) != 0 ? ended : SET_APART;
    }
    return found;
  }

  @Override
  public void close() {
    super.close();
    if (input != null) {
      input.close();
    }
  }
}
