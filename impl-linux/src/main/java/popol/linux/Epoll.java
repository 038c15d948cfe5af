package popol.linux;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static popol.linux.LinuxHeaders.Structs.EPOLL_EVENT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import popol.spi.CFunction;
import popol.spi.PollFormat;
import popol.spi.Poller;
import popol.spi.UnixHeaders;
import popol.spi.Watch;

/**
 * An {@code epoll} instance (epoll(7)), level-triggered. What the kernel hands back with an event is the descriptor and
 * the number of its registration, which tells an event of a file that was closed, but lives on through a duplicate, from
 * one of the file that has the number now.
 */
final class Epoll {

  private static final int EVENT_SIZE = (int) EPOLL_EVENT.byteSize();
  private static final int EVENTS = (int) EPOLL_EVENT.byteOffset(groupElement("events"));
  private static final int DATA = (int) EPOLL_EVENT.byteOffset(groupElement("data"));

  // Flags alone: the rest of an entry is poll's
  private static final PollFormat FLAGS = new PollFormat(0, false, 0, 0, LinuxHeaders.EPOLLIN, LinuxHeaders.EPOLLOUT,
      LinuxHeaders.EPOLLPRI, LinuxHeaders.EPOLLERR, LinuxHeaders.EPOLLHUP, 0);

  private static final byte[] MEANINGS = FLAGS.meanings();
  private static final int FLAG_BITS = 3; // EPOLLIN, EPOLLPRI and EPOLLOUT, all that is asked for
  private static final int MAX_SERIAL = -1 >>> FLAG_BITS;

  private final int descriptor;
  private final Arena arena = Arena.ofShared(); // what events have outgrown stays in it, as much again at most
  private final Events change = new Events(arena, 1); // what control passes
  private Events events = new Events(arena, 16); // room for three quarters of the watches
  private Watch[] watches = new Watch[64]; // those that are in, by descriptor
  private int size;
  private int serial; // of the last registration

  Epoll() throws IOException {
    descriptor = Libc.epoll_create1(LinuxHeaders.EPOLL_CLOEXEC);
    if (descriptor < 0) {
      arena.close();
      throw Libc.unix().failure("epoll_create1", -descriptor);
    }
  }

  int descriptor() {
    return descriptor;
  }

  /**
   * Takes a watch in.
   *
   * @return 0, or below 0 the negative of errno
   */
  int add(Watch watch) {
    int flags = FLAGS.flags(watch.interest());
    serial = serial + 1 & MAX_SERIAL;
    int result = control(LinuxHeaders.EPOLL_CTL_ADD, watch, flags, serial);
    if (result == -LinuxHeaders.EEXIST) {
      result = control(LinuxHeaders.EPOLL_CTL_MOD, watch, flags, serial);
    }
    if (result >= 0) {
      int number = (int) watch.descriptor();
      if (number >= watches.length) {
        watches = Arrays.copyOf(watches, number + number / 2);
      }
      watches[number] = watch;
      size++;
    }
    return result;
  }

  /**
   * Takes a change of interest in; no call if there is none after all.
   *
   * @return 0, or below 0 the negative of errno
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

  /** Takes a watch out. The call fails if its descriptor has been closed, in which case the kernel has done it. */
  void remove(Watch watch) {
    watches[(int) watch.descriptor()] = null;
    size--;
    control(LinuxHeaders.EPOLL_CTL_DEL, watch, 0, 0);
  }

  /** Whether a wait that found so many can have left out some. */
  boolean isFull(int found) {
    return found == events.capacity;
  }

  /**
   * Waits.
   *
   * @return the number of events; 0 also if a signal came
   */
  int await(int milliseconds) throws IOException {
    if (events.capacity * 4 <= size * 3) {
      events = new Events(arena, size);
    }
    int result = Libc.epoll_wait(descriptor, events.pointer, events.capacity, milliseconds);
    if (result < 0 && result != -UnixHeaders.EINTR) {
      throw Libc.unix().failure("epoll_wait", -result);
    }
    return Math.max(0, result);
  }

  /**
   * Hands over what the last wait found.
   *
   * @return whether all events were of watches that are in; one that was not comes again and again
   */
  boolean collect(int found, Poller.Visitor visitor) {
    boolean known = true;
    for (int i = 0; i < found; i++) {
      long data = events.data(i);
      Watch watch = watches[(int) data];
      if (watch != null && serial(watch) == (int) (data >>> Integer.SIZE)) {
        visitor.found(watch, MEANINGS[events.flags(i) & MEANINGS.length - 1]);
      } else {
        known = false;
      }
    }
    return known;
  }

  void close() {
    Libc.close(descriptor);
    arena.close();
  }

  /** Notes the flags that the kernel is given, and the serial number, as the watch's token. */
  private int control(int operation, Watch watch, int flags, int serial) {
    int number = (int) watch.descriptor();
    watch.token(serial << FLAG_BITS | flags);
    change.set(flags, (long) serial << Integer.SIZE | number);
    return Libc.epoll_ctl(descriptor, operation, number, change.pointer);
  }

  private static int asked(Watch watch) {
    return watch.token() & (1 << FLAG_BITS) - 1;
  }

  private static int serial(Watch watch) {
    return watch.token() >>> FLAG_BITS;
  }

  /** An array of {@code struct epoll_event}. */
  private static final class Events {

    final int capacity;
    final MemorySegment pointer; // for calls
    private final ByteBuffer entries;

    Events(Arena arena, int capacity) {
      MemorySegment array = arena.allocate((long) capacity * EVENT_SIZE, Long.BYTES);
      this.capacity = capacity;
      pointer = CFunction.pointer(array);
      entries = array.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    int flags(int index) {
      return entries.getInt(index * EVENT_SIZE + EVENTS);
    }

    long data(int index) {
      return entries.getLong(index * EVENT_SIZE + DATA);
    }

    /** Sets the first one. */
    void set(int flags, long data) {
      entries.putInt(EVENTS, flags).putLong(DATA, data);
    }
  }
}
