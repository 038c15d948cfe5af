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
    entries[size++] = entry;
  }

  /** Ends this batch's time and lets go of what it holds. */
  void retire() {
    stale = true;
    for (int i = 0; i < size; i++) {
      entries[i].report(0);
      entries[i] = null;
    }
    size = 0;
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

    private int index; // of the entry after the next event's
    private Entry<K> next; // decided by hasNext: what it promised stays, though another thread removes it
    private boolean done = true;

    void start() {
      index = 0;
      next = null;
      done = false;
    }

    @Override
    public boolean hasNext() {
      requireCurrent();
      while (next == null && !done) {
        if (index == size || closed) {
          done = true;
        } else {
          Entry<K> entry = entries[index++];
          next = entry.isWithdrawn() ? null : entry;
        }
      }
      return next != null;
    }

    @Override
    public Event<K> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more events");
      }
      Entry<K> event = next;
      next = null;
      return event;
    }
  }
}
