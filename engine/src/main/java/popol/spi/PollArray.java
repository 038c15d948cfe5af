package popol.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import popol.ffm.NativeMemory;

/**
 * A poller over the array that {@code poll} takes: an entry for each watch, without gaps, in native memory that grows
 * by doubling. An operating system adds its format and its call.
 */
public abstract class PollArray implements Poller {

  private static final int FIRST_CAPACITY = 16;

  private final PollFormat format;
  private NativeMemory array; // capacity entries, and one more to look at a single watch by
  private Watch[] watches = new Watch[FIRST_CAPACITY]; // the watch of each entry; its length is the capacity
  private int size; // entries in use
  private int found; // by the last wait

  /**
   * An empty array.
   *
   * @param format how this system lays out an entry
   */
  protected PollArray(PollFormat format) {
    this.format = format;
    this.array = allocate(FIRST_CAPACITY);
  }

  /**
   * Calls the system's {@code poll}.
   *
   * @param memory what to make the call with; its bytes are the array
   * @param entries where the entries begin
   * @param count how many there are
   * @param nanos as in {@link #await}
   * @return the number of entries with something to report, 0 also if a signal came
   * @throws IOException if the call fails
   */
  protected abstract int poll(NativeMemory memory, long entries, int count, long nanos) throws IOException;

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
      array.bytes().put(offset(gap), array.bytes(), offset(last), format.size());
    }
    watches[last] = null;
    watch.slot(-1);
  }

  /**
   * Has a watch found invalid, whatever its number is by now.
   *
   * @param watch one that is in
   */
  public final void invalidate(Watch watch) {
    putDescriptor(offset(watch.slot()), Integer.MAX_VALUE);
  }

  /** {@return how many watches are in} */
  public final int size() {
    return size;
  }

  /** {@return how many watches the last wait found} */
  public final int found() {
    return found;
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
  public final boolean await(long nanos) throws IOException {
    found = 0;
    found = poll(array, array.address(), size, nanos);
    return found > 0;
  }

  /** Stops at the last entry that has something, so that one ready early in a long array is found early. */
  @Override
  public final void collect(Visitor visitor) {
    int remaining = found;
    found = 0;
    for (int i = 0; remaining > 0 && i < size; i++) {
      int readiness = readiness(offset(i));
      if (readiness != 0) {
        remaining--;
        visitor.found(watches[i], readiness);
      }
    }
  }

  /**
   * Counts the entries that the system has marked, where its own count leaves some out.
   *
   * @param entries what {@link #poll} was given
   * @param count how many there are
   * @return how many of them have something to report
   */
  protected final int marked(long entries, int count) {
    int first = (int) (entries - array.address());
    int marked = 0;
    for (int i = 0; i < count; i++) {
      marked += readiness(first + offset(i)) != 0 ? 1 : 0;
    }
    return marked;
  }

  /** Frees the array. */
  @Override
  public void close() {
    array.free();
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
   * What to ask the system for, where it does not tell of a hang-up unless it is asked for something.
   *
   * @param interest what is wanted, in bits of {@link Readiness}
   * @return what to ask for
   */
  protected int asked(int interest) {
    return interest;
  }

  /**
   * Waits for one watch, by itself. What the last wait of all found stays to be collected.
   *
   * @param watch one that is in or not
   * @param nanos as in {@link #await}
   * @return what it is now, in bits of {@link Readiness}
   * @throws IOException if the call fails
   */
  public final int await(Watch watch, long nanos) throws IOException {
    int single = offset(watches.length);
    set(single, watch);
    return poll(array, array.address() + single, 1, nanos) == 0 ? 0 : readiness(single);
  }

  private void set(int entry, Watch watch) {
    putDescriptor(entry, watch.descriptor());
    array.bytes().putShort(entry + format.events(), (short) format.flags(asked(watch.interest())));
    array.bytes().putShort(entry + format.revents(), (short) 0);
  }

  private void putDescriptor(int entry, long descriptor) {
    if (format.wide()) {
      array.bytes().putLong(entry, descriptor);
    } else {
      array.bytes().putInt(entry, (int) descriptor);
    }
  }

  private int readiness(int entry) {
    return format.readiness(array.bytes().getShort(entry + format.revents()));
  }

  private int offset(int slot) {
    return slot * format.size();
  }

  /** First what can fail. */
  private void grow() {
    int capacity = size * 2;
    Watch[] more = Arrays.copyOf(watches, capacity);
    NativeMemory larger = allocate(capacity);
    ByteBuffer bytes = larger.bytes();
    bytes.put(0, array.bytes(), 0, offset(size));
    array.free();
    array = larger;
    watches = more;
  }

  private NativeMemory allocate(int capacity) {
    return NativeMemory.allocate(offset(capacity + 1));
  }
}
