package popol.spi;

import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import popol.Event;
import popol.Events;

/**
 * What one poll found. A registry fills two of these in turn, so that reading the one before the last is an error and
 * not the wrong answer, and yet nothing is allocated. For the same reason a batch hands out its one cursor again only
 * when that has come to its end.
 */
final class Batch<K> implements Events<K> {

  private Entry<K>[] entries = newEntries(16);
  private int size;
  private final Cursor cursor = new Cursor();
  private volatile boolean closed; // with its registry: nothing is delivered any more
  private boolean stale; // the registry has been polled again
  private boolean lent; // a second cursor was handed out, of which nothing is known

  void add(Entry<K> entry, int readiness) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entry.report(readiness);
    if (entries[size] != entry) { // a store of a reference costs more: often the same ones are ready in the same order
      entries[size] = entry;
    }
    size++;
  }

  /** Ends this batch's time. */
  void retire() {
    stale = true;
    for (int i = 0; i < size; i++) {
      entries[i].report(0);
    }
    size = 0;
  }

  /** Lets go of the entries that it had before. */
  void letGo() {
    Arrays.fill(entries, size, entries.length, null);
  }

  /** Whether nobody is in the middle of reading it, so that it can be filled again. */
  boolean isReusable() {
    return cursor.done && !lent;
  }

  void reuse() {
    stale = false;
  }

  void close() {
    closed = true;
  }

  boolean hasFound() {
    return size > 0;
  }

  @Override
  public int size() {
    requireCurrent();
    return size;
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Iterator<Event<K>> iterator() {
    requireCurrent();
    Cursor free = cursor;
    if (!cursor.done) {
      free = new Cursor();
      lent = true;
    }
    free.start();
    return free;
  }

  private void requireCurrent() {
    if (stale) {
      throw new ConcurrentModificationException(
          "these events are of an earlier poll: read them before the registry is polled again");
    }
  }

  @Override
  public String toString() {
    return stale ? "Events of an earlier poll" : Arrays.toString(Arrays.copyOf(entries, size));
  }

  @SuppressWarnings("unchecked")
  private static <K> Entry<K>[] newEntries(int capacity) {
    return (Entry<K>[]) new Entry<?>[capacity];
  }

  private final class Cursor implements Iterator<Event<K>> {

    private int index; // of the next event's entry
    private boolean promised; // that it is: what hasNext says stays, though another thread removes the entry
    private boolean done = true;

    void start() {
      index = 0;
      promised = false;
      done = false;
    }

    @Override
    public boolean hasNext() {
      requireCurrent();
      if (promised || done) {
        return promised;
      }
      while (index < size && !closed) {
        if (!entries[index].isWithdrawn()) {
          promised = true;
          return true;
        }
        index++;
      }
      done = true;
      return false;
    }

    @Override
    public Event<K> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more events");
      }
      promised = false;
      return entries[index++];
    }
  }
}
