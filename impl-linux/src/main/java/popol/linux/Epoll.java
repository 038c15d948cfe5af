package popol.linux;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import popol.ffm.NativeMemory;
import popol.spi.PollFormat;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.Watch;
import popol.unix.UnixCalls;
import popol.unix.UnixHeaders;

/**
 * An {@code epoll} instance (epoll(7)), level-triggered. What the kernel hands back with an event is the number of the
 * watch and that of its registration. The second tells an event of a file which was closed, but lives on through a
 * duplicate, from one of the watch that has the number now.
 */
final class Epoll {

  private static final PollFormat FLAGS = LinuxPollArray.FORMAT; // epoll's flags have the values of poll's

  /** The compiler packs {@code struct epoll_event} on x86-64 alone; a test holds these against its layout. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  static final int EVENT_SIZE = PACKED ? 12 : 16;
  static final int DATA = PACKED ? 4 : 8; // offset of the 8 bytes that come back; the flags are at 0

  private static final int NOT_IN = 0; // the token of a watch that is not in; else its number and 1
  private static final int INTEREST_BITS = 4; // those of Readiness.WANTED

  private final int descriptor;
  private final NativeMemory change; // the event that control passes
  private NativeMemory events; // room for one of every watch
  private @Nullable Watch[] watches = new Watch[16]; // by number
  private int[] registrations = new int[16]; // by number: how many there were, and what the kernel was last asked for
  private int[] free = new int[16]; // numbers that watches had that are gone
  private int freed; // how many these are
  private int numbers; // given so far
  private int found; // events of the last wait

  Epoll() throws IOException {
    NativeMemory first = NativeMemory.allocate(EVENT_SIZE);
    try {
      events = NativeMemory.allocate(watches.length * EVENT_SIZE);
      descriptor = Libc.epoll_create1(first, LinuxHeaders.EPOLL_CLOEXEC);
      if (descriptor < 0) {
        throw Libc.SYSTEM.failure("epoll_create1", -descriptor);
      }
    } catch (Throwable e) {
      first.free();
      if (events != null) {
        events.free();
      }
      throw e;
    }
    change = first;
  }

  int descriptor() {
    return descriptor;
  }

  /**
   * Adds a watch. First what can fail of Java's.
   *
   * @return 0, or below 0 the negative of errno
   */
  int add(Watch watch) {
    if (freed == 0 && numbers == watches.length) {
      grow();
    }
    int number = freed > 0 ? free[freed - 1] : numbers;
    int result = control(LinuxHeaders.EPOLL_CTL_ADD, watch, number);
    if (result == -LinuxHeaders.EEXIST) {
      result = control(LinuxHeaders.EPOLL_CTL_MOD, watch, number);
    }
    if (result >= 0) {
      watches[number] = watch;
      watch.token(number + 1);
      if (freed > 0) {
        freed--;
      } else {
        numbers++;
      }
    }
    return result;
  }

  /**
   * Takes in a change of interest; no call if there is none after all.
   *
   * @return 0, or below 0 the negative of errno: the change has not been taken in
   */
  int modify(Watch watch) {
    int number = watch.token() - 1;
    if (asked(number) == watch.interest()) {
      return 0;
    }
    int result = control(LinuxHeaders.EPOLL_CTL_MOD, watch, number);
    if (result == -LinuxHeaders.ENOENT) { // another file has the descriptor
      result = control(LinuxHeaders.EPOLL_CTL_ADD, watch, number);
    }
    return result;
  }

  boolean has(Watch watch) {
    return watch.token() != NOT_IN;
  }

  /** Removes a watch. The call fails if its descriptor has been closed, in which case the kernel has removed it. */
  void remove(Watch watch) {
    int number = watch.token() - 1;
    control(LinuxHeaders.EPOLL_CTL_DEL, watch, number);
    registrations[number] += 1 << INTEREST_BITS; // events that the kernel still has are of nobody
    watches[number] = null;
    free[freed++] = number;
    watch.token(NOT_IN);
  }

  /** Waits; nothing is found also if a signal came. */
  boolean await(int milliseconds) throws IOException {
    found = 0;
    int result = Libc.epoll_wait(events, descriptor, events.address(), watches.length, milliseconds);
    if (result < 0 && result != -UnixHeaders.EINTR) {
      throw Libc.SYSTEM.failure("epoll_wait", -result);
    }
    found = Math.max(0, result);
    return result > 0;
  }

  /** How many events the last wait found. */
  int found() {
    return found;
  }

  /**
   * Hands over what the last wait found.
   *
   * @return whether all events were of watches that are in; one that was not comes again and again
   */
  boolean collect(Poller.Visitor visitor) {
    boolean known = true;
    int count = found;
    found = 0;
    for (int i = 0; i < count; i++) {
      int event = i * EVENT_SIZE;
      long data = events.bytes().getLong(event + DATA);
      int number = (int) data;
      Watch watch = watches[number];
      if (watch != null && registrations[number] >>> INTEREST_BITS == (int) (data >>> Integer.SIZE)) {
        visitor.found(watch, FLAGS.readiness(events.bytes().getInt(event)));
      } else {
        known = false;
      }
    }
    return known;
  }

  void close() {
    for (int i = 0; i < numbers; i++) {
      Watch watch = watches[i];
      if (watch != null) {
        watch.token(NOT_IN);
      }
    }
    UnixCalls.close(descriptor);
    change.free();
    events.free();
  }

  /** If the kernel takes it, notes what it was asked for. */
  private int control(int operation, Watch watch, int number) {
    int registration = registrations[number] >>> INTEREST_BITS;
    change.bytes().putInt(0, FLAGS.flags(watch.interest())).putLong(DATA, (long) registration << Integer.SIZE | number);
    int result = Libc.epoll_ctl(change, descriptor, operation, (int) watch.descriptor(), change.address());
    if (result >= 0) {
      registrations[number] = registration << INTEREST_BITS | watch.interest();
    }
    return result;
  }

  private int asked(int number) {
    return registrations[number] & Readiness.WANTED;
  }

  /** First what can fail. */
  private void grow() {
    int capacity = watches.length * 2;
    @Nullable Watch[] moreWatches = Arrays.copyOf(watches, capacity);
    int[] moreRegistrations = Arrays.copyOf(registrations, capacity);
    int[] moreFree = Arrays.copyOf(free, capacity);
    NativeMemory moreEvents = NativeMemory.allocate(capacity * EVENT_SIZE);
    events.free();
    events = moreEvents;
    watches = moreWatches;
    registrations = moreRegistrations;
    free = moreFree;
    found = 0;
  }
}
