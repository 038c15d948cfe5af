package popol.linux;

import java.io.IOException;
import java.util.Arrays;
import popol.ffm.NativeMemory;
import popol.spi.PollFormat;
import popol.spi.Poller;
import popol.spi.Watch;
import popol.unix.UnixCalls;
import popol.unix.UnixHeaders;

/**
 * An {@code epoll} instance (epoll(7)), level-triggered. What the kernel hands back with an event is the descriptor and
 * the number of its registration. That tells an event of a file which was closed, but lives on through a duplicate, from
 * one of the file that has the number now.
 */
final class Epoll {

  private static final PollFormat FLAGS = LinuxPollArray.FORMAT; // epoll's flags have the values of poll's

  /** The compiler packs {@code struct epoll_event} on x86-64 alone; a test holds these against its layout. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  static final int EVENT_SIZE = PACKED ? 12 : 16;
  static final int DATA = PACKED ? 4 : 8; // offset of the 8 bytes that come back; the flags are at 0

  private static final int FLAG_BITS = 14; // of the flags that are asked for, the highest is EPOLLRDHUP
  private static final int MAX_SERIAL = -1 >>> FLAG_BITS;

  private final int descriptor;
  private final NativeMemory change; // the event that control passes
  private NativeMemory events; // room for every watch
  private Watch[] watches = new Watch[64]; // those that are in, by descriptor
  private int capacity = 16; // of events
  private int size; // how many watches are in
  private int found; // by the last wait
  private int serial; // of the last registration

  Epoll() throws IOException {
    NativeMemory first = NativeMemory.allocate(EVENT_SIZE);
    try {
      events = NativeMemory.allocate(capacity * EVENT_SIZE);
      descriptor = Libc.epoll_create1(first, LinuxHeaders.EPOLL_CLOEXEC);
      if (descriptor < 0) {
        throw LinuxPopol.UNIX.failure("epoll_create1", -descriptor);
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
    int number = (int) watch.descriptor();
    if (number >= watches.length) {
      watches = Arrays.copyOf(watches, number + number / 2);
    }
    if (size == capacity) {
      NativeMemory more = NativeMemory.allocate(capacity * 2 * EVENT_SIZE);
      events.free();
      events = more;
      capacity *= 2;
      found = 0;
    }
    serial = serial + 1 & MAX_SERIAL;
    int flags = FLAGS.flags(watch.interest());
    int result = control(LinuxHeaders.EPOLL_CTL_ADD, watch, flags, serial);
    if (result == -LinuxHeaders.EEXIST) {
      result = control(LinuxHeaders.EPOLL_CTL_MOD, watch, flags, serial);
    }
    if (result >= 0) {
      watches[number] = watch;
      size++;
    }
    return result;
  }

  /**
   * Takes in a change of interest; no call if there is none after all.
   *
   * @return 0, or below 0 the negative of errno: the change has not been taken in
   */
  int modify(Watch watch) {
    int flags = FLAGS.flags(watch.interest());
    if (asked(watch) == flags) {
      return 0;
    }
    int result = control(LinuxHeaders.EPOLL_CTL_MOD, watch, flags, serial(watch));
    if (result == -LinuxHeaders.ENOENT) { // another file has the number
      result = control(LinuxHeaders.EPOLL_CTL_ADD, watch, flags, serial(watch));
    }
    return result;
  }

  boolean has(Watch watch) {
    int number = (int) watch.descriptor();
    return number < watches.length && watches[number] == watch;
  }

  /** Removes a watch. The call fails if its descriptor has been closed, in which case the kernel has removed it. */
  void remove(Watch watch) {
    watches[(int) watch.descriptor()] = null;
    size--;
    control(LinuxHeaders.EPOLL_CTL_DEL, watch, 0, 0);
  }

  /** Waits; nothing is found also if a signal came. */
  boolean await(int milliseconds) throws IOException {
    found = 0;
    int result = Libc.epoll_wait(events, descriptor, events.address(), capacity, milliseconds);
    if (result < 0 && result != -UnixHeaders.EINTR) {
      throw LinuxPopol.UNIX.failure("epoll_wait", -result);
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
      Watch watch = watches[(int) data];
      if (watch != null && serial(watch) == (int) (data >>> Integer.SIZE)) {
        visitor.found(watch, FLAGS.readiness(events.bytes().getInt(event)));
      } else {
        known = false;
      }
    }
    return known;
  }

  void close() {
    UnixCalls.close(descriptor);
    change.free();
    events.free();
  }

  /** If the kernel takes it, notes the flags that it was given, and the serial number, as the watch's token. */
  private int control(int operation, Watch watch, int flags, int serial) {
    int number = (int) watch.descriptor();
    change.bytes().putInt(0, flags).putLong(DATA, (long) serial << Integer.SIZE | number);
    int result = Libc.epoll_ctl(change, descriptor, operation, number, change.address());
    if (result >= 0) {
      watch.token(serial << FLAG_BITS | flags);
    }
    return result;
  }

  private static int asked(Watch watch) {
    return watch.token() & (1 << FLAG_BITS) - 1;
  }

  private static int serial(Watch watch) {
    return watch.token() >>> FLAG_BITS;
  }
}
