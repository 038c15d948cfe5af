package popol.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import popol.Events;

/**
 * What the current poll found. Its array has room for every entry before one is registered, so a poll that has found
 * something never has to allocate. Users hold small handles of it, eight in turn, so that events of the polls before
 * are told from the current ones, also where a loop was left early.
 *
 * <p>The polling thread fills the batch with the registry's lock held, and reads it without. Another thread that
 * removes an entry takes its event out of the array.
 */
final class Batch<K> {

  private static final int HANDLES = 8; // a power of two
  private static final Entry<?>[] EMPTY = {}; // so that closing allocates nothing

  final BatchNumber number = new BatchNumber();
  private final BatchEvents<K>[] handles = newHandles();
  private Entry<K>[] entries = newEntries(4); // null where the event was taken out
  private int size;
  private int read; // events before this index have been returned by an iterator
  private int once; // events from this index on will be reported again in any case

  Batch() {
    prepare(); // the first one, which loads the classes of all
  }

  // Filling, with the lock held

  /** Makes room for so many entries. */
  void reserve(int count) {
    if (count > entries.length) {
      entries = Arrays.copyOf(entries, Math.max(count, entries.length * 2));
    }
  }

  /** Makes the handle for the next batch, where there is none yet: all that can fail of {@link #begin}. */
  void prepare() {
    int index = number.value + 1 & HANDLES - 1;
    if (handles[index] == null) {
      handles[index] = new BatchEvents<>(this);
    }
  }

  /** Ends the time of the current batch, and begins an empty one. */
  void begin() {
    BatchEvents<K> current = current();
    if (current != null) {
      current.end();
    }
    number.value++;
    size = 0;
    read = 0;
    once = 0;
  }

  /**
   * Adds an event.
   *
   * @param onlyOnce whether it will not be reported again unless it is read
   */
  void add(Entry<K> entry, int readiness, boolean onlyOnce) {
    entry.report(readiness);
    if (entries[size] != entry) { // a store of a reference costs more: often the same ones are ready in the same order
      forget(entry);
      entries[size] = entry;
      entry.place = size;
    }
    size++;
    if (onlyOnce) {
      once = size;
    }
  }

  /** Hands out what was found. */
  Events<K> events() {
    BatchEvents<K> events = current();
    events.begin(number.value, size);
    return events;
  }

  /** How many events there are. */
  int size() {
    return size;
  }

  /** The index behind the last event that is reported only once. */
  int once() {
    return once;
  }

  // Reading

  /** The entry at an index; null if its event was taken out, also by a registry that is closed meanwhile. */
  @Nullable
  Entry<K> get(int index) {
    Entry<K>[] array = entries;
    return index < array.length ? array[index] : null;
  }

  /** Notes that an iterator has returned the event at an index, and those before it. */
  void markRead(int index) {
    if (index >= read) {
      read = index + 1;
    }
  }

  /** Whether an iterator has returned the event at an index. */
  boolean isRead(int index) {
    return index < read;
  }

  /** Takes an entry's event out if it has not been read, and lets go of the entry. */
  void forget(Entry<K> entry) {
    if (entry.place < entries.length && entries[entry.place] == entry) {
      entries[entry.place] = null;
    }
  }

  /** Lets go of everything; iterators come to their end. */
  void clear() {
    entries = empty();
    size = 0;
    once = 0;
    Arrays.fill(handles, null);
  }

  private BatchEvents<K> current() {
    return handles[number.value & HANDLES - 1];
  }

  @SuppressWarnings("unchecked") // nothing is ever in it
  private static <K> Entry<K>[] empty() {
    return (Entry<K>[]) EMPTY;
  }

  @SuppressWarnings("unchecked")
  private static <K> Entry<K>[] newEntries(int capacity) {
    return (Entry<K>[]) new Entry<?>[capacity];
  }

  @SuppressWarnings("unchecked")
  private static <K> BatchEvents<K>[] newHandles() {
    return (BatchEvents<K>[]) new BatchEvents<?>[HANDLES];
  }
}
