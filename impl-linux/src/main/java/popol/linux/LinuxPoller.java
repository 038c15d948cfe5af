package popol.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.Watch;

/**
 * Waits by {@code poll} while there are few watches and by {@code epoll} once there have been more. To register with
 * {@code poll} costs nothing and to wait a tenth of a microsecond a watch; with {@code epoll} each registration is a
 * system call, and a wait costs the same whatever their number. A registry never goes back to {@code poll}: opening and
 * closing an epoll instance costs more than it saves.
 *
 * <p>The array of {@code poll} has every watch in any case. While there is one that {@code epoll} refuses, a regular
 * file or a descriptor that is not open, {@code poll} waits, because it tells of all of them. {@code poll} also tells
 * of a descriptor that was closed, which {@code epoll} forgets. And it is the faster one where two thirds of the
 * watches have something, because it takes two thirds of {@code epoll}'s time for each of those: there {@code epoll}
 * costs 1.4 to 1.5 times as much (bench/compare --what wait-now, 10 to 1000 sources, all active).
 */
final class LinuxPoller implements Poller {

  /** Loaded now, as they are needed first when no descriptor may be left, and a class in a folder cannot be loaded. */
  private static final Class<?>[] LOADED = {Epoll.class, SharedEpoll.class};

  static final int NEVER_POLL = -1;
  static final int ALWAYS_POLL = Integer.MAX_VALUE - 1;

  private final LinuxPollArray array = new LinuxPollArray(); // every watch
  private int enough; // watches above which to turn to epoll
  private @Nullable Epoll epoll; // null while there are few
  private @Nullable Watch gate; // the epoll instance itself, for timeouts finer than its own
  private int refused; // number of watches that epoll does not have
  private boolean outdated; // the instance reports a file that was closed here and lives on
  private boolean askedPoll; // the last wait's result is in the array
  private boolean crowded; // two thirds of the watches had something

  /**
   * An empty poller.
   *
   * @param few sources, beside the wake handle, up to which poll waits
   */
  LinuxPoller(int few) {
    this.enough = few + 1;
  }

  @Override
  public void add(Watch watch) throws IOException {
    array.add(watch);
    try {
      if (epoll != null) {
        take(watch);
      } else if (array.size() > enough) {
        turnToEpoll();
      }
    } catch (Throwable e) {
      array.remove(watch);
      throw e;
    }
  }

  @Override
  public void modify(Watch watch) {
    array.modify(watch);
    if (epoll != null && epoll.has(watch) && epoll.modify(watch) < 0) {
      epoll.remove(watch);
      refused++;
    }
  }

  @Override
  public void remove(Watch watch) {
    array.remove(watch);
    if (epoll != null) {
      if (epoll.has(watch)) {
        epoll.remove(watch);
      } else {
        refused--;
      }
    }
  }

  @Override
  @SuppressWarnings("NullAway") // without an epoll instance, poll is asked
  public boolean await(long nanos) throws IOException {
    if (outdated) {
      reopen();
    }
    askedPoll = epoll == null || refused > 0 || crowded && nanos == 0;
    boolean found = askedPoll ? array.await(nanos) : askEpoll(nanos);
    crowded = (askedPoll ? array.found() : epoll.found()) * 3 > array.size() * 2;
    return found;
  }

  @SuppressWarnings("NullAway") // there is an epoll instance, and its gate
  private boolean askEpoll(long nanos) throws IOException {
    if (LinuxPollArray.isFine(nanos)) {
      return array.await(gate, nanos) != 0 && epoll.await(0);
    }
    return epoll.await(LinuxPollArray.milliseconds(nanos));
  }

  @Override
  public boolean examine() throws IOException {
    if (epoll == null) {
      return false;
    }
    boolean found = array.await(0);
    askedPoll = true;
    return found;
  }

  @Override
  @SuppressWarnings("NullAway") // without an epoll instance, poll was asked
  public void collect(Visitor visitor) {
    if (askedPoll) {
      array.collect(visitor);
    } else if (!epoll.collect(visitor)) {
      outdated = true;
    }
  }

  @Override
  public String mechanism() {
    return epoll == null || refused > 0 ? array.mechanism() : "epoll";
  }

  @Override
  public long descriptor() {
    return epoll == null ? -1 : epoll.descriptor();
  }

  @Override
  public @Nullable Watch pollable() {
    if (epoll == null || outdated) {
      reopen();
    }
    return epoll == null || refused > 0 ? null : gate;
  }

  @Override
  public void close() {
    turnToPoll();
    array.close();
  }

  /**
   * Where there is no descriptor left for epoll, poll goes on, and the next try is made when there are twice as many.
   */
  private void turnToEpoll() {
    try {
      epoll = new Epoll();
    } catch (IOException full) {
      enough = array.size() * 2;
      return;
    }
    try {
      gate = new Watch(epoll.descriptor(), Readiness.READABLE);
      for (int i = 0; i < array.size(); i++) {
        take(array.get(i));
      }
    } catch (Throwable e) {
      turnToPoll();
      throw e;
    }
  }

  private void reopen() {
    turnToPoll();
    outdated = false;
    turnToEpoll();
  }

  private void turnToPoll() {
    if (epoll != null) {
      epoll.close();
      epoll = null;
      refused = 0;
    }
  }

  /** A watch whose number, closed by its user, has become the instance's own is invalid. */
  @SuppressWarnings("NullAway") // there is an epoll instance
  private void take(Watch watch) {
    if (watch.descriptor() == epoll.descriptor()) {
      array.invalidate(watch);
      refused++;
    } else if (epoll.add(watch) < 0) {
      refused++;
    }
  }
}
