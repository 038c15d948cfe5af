package popol.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.UnixHeaders;
import popol.spi.Watch;

/**
 * Waits by {@code poll} while there are few watches and by {@code epoll} when there are many: the one costs nothing to
 * register with and a tenth of a microsecond a watch to wait, the other a system call and the same whatever the number.
 *
 * <p>What {@code epoll} does not tell, {@code poll} is asked for, over the array that has every watch in any case: a
 * descriptor that was closed, which {@code epoll} forgets, and one that was given to another file. It is asked when a
 * look finds nothing, and before a wait that blocks if it has not been asked lately, so that it costs one per cent of
 * the time at most. A file that {@code epoll} refuses is one that is always ready.
 */
final class LinuxPoller implements Poller {

  static final int POLL_ALONE = Integer.MAX_VALUE;

  private static final int SHARE = 100; // of the time, that asking poll may take

  private final LinuxPollArray array = new LinuxPollArray(); // every watch
  private final List<Watch> refused = new ArrayList<>(); // files that epoll does not take
  private final int most; // watches for poll
  private int enough; // watches at which to turn to epoll next
  private Epoll epoll; // null while poll does
  private LinuxPollArray gate; // the epoll instance's own descriptor, for timeouts finer than its own
  private int ready; // of the last wait's, those that are refused
  private boolean asked; // the last wait's result is in the array
  private boolean doubtful; // a watch has no open descriptor: poll is to be asked at once
  private long nextAsk; // nanoTime of when poll is to be asked again

  LinuxPoller(int most) {
    this.most = most;
    this.enough = most;
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
      if (array.size() <= most / 2) {
        turnToPoll();
      }
    }
  }

  @Override
  public int await(long nanos) throws IOException {
    ready = 0;
    asked = epoll == null;
    if (asked) {
      return array.await(nanos);
    }
    for (int i = 0; i < refused.size(); i++) {
      ready += (refused.get(i).interest() & (Readiness.READABLE | Readiness.WRITABLE)) != 0 ? 1 : 0;
    }
    if (doubtful) {
      doubtful = false;
      return askPoll();
    }
    return nanos == 0 || ready > 0 ? ready + epoll.await(0) : block(nanos);
  }

  private int block(long nanos) throws IOException {
    long now = System.nanoTime();
    long rest = nanos;
    long due = nextAsk - now;
    if (due > 0 && (nanos < 0 || due < nanos)) {
      int found = awaitEpoll(due);
      if (found > 0) {
        return found;
      }
      long later = System.nanoTime();
      rest = nanos < 0 ? nanos : Math.max(0, nanos - (later - now));
      now = later;
      due = nextAsk - now;
    }
    if (due <= 0) {
      int found = askPoll();
      if (found > 0) {
        return found;
      }
      rest = rest < 0 ? rest : Math.max(0, rest - (System.nanoTime() - now));
    }
    return awaitEpoll(rest);
  }

  private int askPoll() throws IOException {
    long start = System.nanoTime();
    int found = array.await(0);
    long end = System.nanoTime();
    nextAsk = end + (end - start) * SHARE;
    asked = found > 0;
    return found;
  }

  private int awaitEpoll(long nanos) throws IOException {
    if (LinuxPollArray.isFine(nanos)) {
      return gate.await(nanos) == 0 ? 0 : epoll.await(0);
    }
    return epoll.await(LinuxPollArray.milliseconds(nanos));
  }

  @Override
  public int examine() throws IOException {
    return epoll == null ? 0 : askPoll();
  }

  @Override
  public void collect(int found, Visitor visitor) {
    if (asked) {
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
    gate = new LinuxPollArray();
    gate.add(new Gate(epoll.descriptor()));
    nextAsk = System.nanoTime();
    for (int i = 0; i < array.size() && epoll != null; i++) {
      take(array.get(i));
    }
  }

  private void turnToPoll() {
    if (epoll != null) {
      gate.close();
      epoll.close();
      epoll = null;
      refused.clear();
      enough = most;
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
