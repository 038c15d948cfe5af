package popol.spi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A poller over the array that {@code poll} takes: an entry for each watch, without gaps, in native memory that grows
 * by doubling. An operating system adds its format and its call.
 */
public abstract class PollArray implements Poller {

  private static final int FIRST_CAPACITY = 16;

  private final PollFormat format;
  private final byte[] meanings; // of what is found
  private final Arena arena = Arena.ofShared(); // what the array has outgrown stays in it, as much again at most
  private MemorySegment array;
  private MemorySegment pointer; // the array, for calls
  private MemorySegment single; // its last entry, for calls
  private ByteBuffer entries; // the array, for reading and writing: at start-up a buffer costs less than a segment
  private Watch[] watches; // the watch of each entry
  private int size; // entries in use

  /**
   * An empty array.
   *
   * @param format how this system lays out an entry
   */
  protected PollArray(PollFormat format) {
    this.format = format;
    this.meanings = format.meanings();
    allocate(FIRST_CAPACITY);
  }

  /**
   * Calls the system's {@code poll}.
   *
   * @param pointer to the entries, a segment of size 0; see {@link CFunction#pointer}
   * @param count how many there are
   * @param nanos as in {@link #await}
   * @return the number of entries with something to report, 0 also if a signal came
   * @throws IOException if the call fails
   */
  protected abstract int poll(MemorySegment pointer, int count, long nanos) throws IOException;

  @Override
  public final void add(Watch watch) {
    if (size == watches.length) {
      grow();
    }
    watches[size] = watch;
    watch.slot(size);
    set(offset(size++), watch);
  }

  @Override
  public final void modify(Watch watch) {
    set(offset(watch.slot()), watch);
  }

  /** Moves the last entry into the gap. */
  @Override
  public final void remove(Watch watch) {
    int gap = watch.slot();
    int last = --size;
    if (gap != last) {
      watches[gap] = watches[last];
      watches[gap].slot(gap);
      MemorySegment.copy(array, offset(last), array, offset(gap), format.size());
    }
    watches[last] = null;
    watch.slot(-1);
  }

  /** {@return how many watches are in} */
  public final int size() {
    return size;
  }

  /**
   * The watch of a slot.
   *
   * @param slot from 0 to below {@link #size()}
   * @return the watch
   */
  public final Watch get(int slot) {
    return watches[slot];
  }

  @Override
  public final int await(long nanos) throws IOException {
    return poll(pointer, size, nanos);
  }

  /**
   * Counts the entries that the system has marked, where its own count leaves some out.
   *
   * @param pointer what {@link #poll} was given
   * @param count how many there are
   * @return how many of them have something to report
   */
  protected final int marked(MemorySegment pointer, int count) {
    int first = (int) (pointer.address() - array.address());
    int marked = 0;
    for (int i = 0; i < count; i++) {
      marked += entries.getShort(first + offset(i) + format.revents()) != 0 ? 1 : 0;
    }
    return marked;
  }

  /** Stops at the last entry that has something, so that one ready early in a long array is found early. */
  @Override
  public final void collect(int found, Visitor visitor) {
    int left = found;
    for (int i = 0; left > 0 && i < size; i++) {
      int readiness = readiness(offset(i));
      if (readiness != 0) {
        left--;
        visitor.found(watches[i], readiness);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  /**
   * A time for {@code poll}, in milliseconds: rounded up, so that no wait is early; the engine comes again where an int
   * is too small.
   *
   * @param nanos nanoseconds, below 0 without end
   * @return milliseconds, -1 without end
   */
  public static int milliseconds(long nanos) {
    return nanos < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(nanos, 1_000_000L));
  }

  /**
   * What to ask the system for, for a system that does not tell of a hang-up unless it is asked for something.
   *
   * @param interest what is wanted, in bits of {@link Readiness}
   * @return what to ask for
   */
  protected int asked(int interest) {
    return interest;
  }

  /**
   * Waits for one watch, by itself.
   *
   * @param watch one that is in or not
   * @param nanos as in {@link #await}
   * @return what it is now, in bits of {@link Readiness}
   * @throws IOException if the call fails
   */
  public final int await(Watch watch, long nanos) throws IOException {
    int one = offset(watches.length);
    set(one, watch);
    return poll(single, 1, nanos) == 0 ? 0 : readiness(one);
  }

  private void set(int entry, Watch watch) {
    if (format.wide()) {
      entries.putLong(entry, watch.descriptor());
    } else {
      entries.putInt(entry, (int) watch.descriptor());
    }
    entries.putShort(entry + format.events(), format.flags(asked(watch.interest())));
    entries.putShort(entry + format.revents(), (short) 0);
  }

  private int readiness(int entry) {
    return meanings[entries.getShort(entry + format.revents()) & meanings.length - 1];
  }

  private int offset(int slot) {
    return slot * format.size();
  }

  private void grow() {
    MemorySegment full = array;
    allocate(size * 2);
    MemorySegment.copy(full, 0, array, 0, offset(size));
  }

  private void allocate(int capacity) {
    array = arena.allocate((capacity + 1L) * format.size(), Long.BYTES); // one more to look at a single watch by
    pointer = CFunction.pointer(array);
    single = CFunction.pointer(array.asSlice((long) capacity * format.size()));
    entries = array.asByteBuffer().order(ByteOrder.nativeOrder());
    watches = watches == null ? new Watch[capacity] : Arrays.copyOf(watches, capacity);
  }
}
