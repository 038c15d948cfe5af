package popol.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.UnixHeaders;
import popol.spi.Watch;

/**
 * Waits by {@code poll} while there are few watches and by {@code epoll} once there have been more: the one costs nothing
 * to register with and a tenth of a microsecond a watch to wait, the other a system call and the same whatever the
 * number. Going back would save nothing: what is dear is to open an instance, and to close it.
 *
 * <p>What {@code epoll} does not tell, {@code poll} is asked for, over the array that has every watch in any case: a
 * descriptor that was closed, which {@code epoll} forgets, and one that was given to another file. It is also the
 * cheaper one where two thirds of the watches have something, as it takes two thirds of {@code epoll}'s time for each of
 * those; above three quarters {@code epoll} has no room to report them all. A file that {@code epoll} refuses is one that
 * is always ready.
 */
final class LinuxPoller implements Poller {

  static final int NEVER_POLL = -1;
  static final int ALWAYS_POLL = Integer.MAX_VALUE - 1;

  private final LinuxPollArray array = new LinuxPollArray(); // every watch
  private final List<Watch> refused = new ArrayList<>(); // files that epoll does not take
  private int enough; // watches above which to turn to epoll
  private Epoll epoll; // null while poll does
  private Gate gate; // the epoll instance itself, for timeouts finer than its own
  private int ready; // of the last wait's, those that are refused
  private boolean asksPoll; // the last wait's result is in the array
  private boolean crowded; // two thirds of the watches had something, in which case poll is the cheaper one
  private boolean doubtful; // a watch has no open descriptor: poll is to be asked at once

  /**
   * An empty one.
   *
   * @param few sources, beside the wake handle, up to which poll waits
   */
  LinuxPoller(int few) {
    this.enough = few + 1;
  }

  @Override
  public void add(Watch watch) {
    array.add(watch);
    if (epoll != null) {
      take(watch);
    } else if (array.size() > enough) {
      turnToEpoll();
    }
  }

  @Override
  public void modify(Watch watch) {
    array.modify(watch);
    if (epoll != null && epoll.has(watch)) {
      epoll.modify(watch);
    }
  }

  @Override
  public void remove(Watch watch) {
    array.remove(watch);
    if (epoll != null) {
      if (epoll.has(watch)) {
        epoll.remove(watch);
      } else {
        refused.remove(watch);
      }
    }
  }

  @Override
  public int await(long nanos) throws IOException {
    asksPoll = epoll == null || doubtful || crowded && nanos == 0;
    int found = asksPoll ? askPoll(epoll == null ? nanos : 0) : askEpoll(nanos);
    if (!asksPoll && epoll.isFull(found - ready)) {
      asksPoll = true;
      found = askPoll(0);
    }
    crowded = found * 3 > array.size() * 2;
    return found;
  }

  private int askPoll(long nanos) throws IOException {
    doubtful = false;
    return array.await(nanos);
  }

  private int askEpoll(long nanos) throws IOException {
    ready = 0;
    for (int i = 0; i < refused.size(); i++) {
      ready += (refused.get(i).interest() & (Readiness.READABLE | Readiness.WRITABLE)) != 0 ? 1 : 0;
    }
    if (nanos == 0 || ready > 0) {
      return ready + epoll.await(0);
    }
    if (LinuxPollArray.isFine(nanos)) {
      return array.await(gate, nanos) == 0 ? 0 : epoll.await(0);
    }
    return epoll.await(LinuxPollArray.milliseconds(nanos));
  }

  @Override
  public int examine() throws IOException {
    asksPoll = true;
    return epoll == null ? 0 : askPoll(0);
  }

  @Override
  public void collect(int found, Visitor visitor) {
    if (asksPoll) {
      array.collect(found, visitor);
      return;
    }
    if (!epoll.collect(found - ready, visitor)) {
      turnToPoll(); // a file lives on that was closed here; only a new instance is rid of it
      turnToEpoll();
    }
    if (ready > 0) {
      for (int i = 0; i < refused.size(); i++) {
        visitor.found(refused.get(i), Readiness.READABLE | Readiness.WRITABLE);
      }
    }
  }

  @Override
  public void close() {
    turnToPoll();
    array.close();
  }

  /** Where epoll has no room, poll goes on, and the next try is made when there are twice as many. */
  private void turnToEpoll() {
    try {
      epoll = new Epoll();
    } catch (IOException full) {
      enough = array.size() * 2;
      return;
    }
    gate = new Gate(epoll.descriptor());
    for (int i = 0; i < array.size() && epoll != null; i++) {
      take(array.get(i));
    }
  }

  private void turnToPoll() {
    if (epoll != null) {
      epoll.close();
      epoll = null;
      refused.clear();
    }
  }

  private void take(Watch watch) {
    int result = epoll.add(watch);
    if (result == -LinuxHeaders.EPERM) {
      refused.add(watch);
    } else if (result == -UnixHeaders.EBADF) {
      doubtful = true;
    } else if (result < 0) {
      turnToPoll();
      enough = array.size() * 2;
    }
  }

  private static final class Gate extends Watch {
    Gate(int descriptor) {
      super(descriptor, Readiness.READABLE);
    }
  }
}
