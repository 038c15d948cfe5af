package popol.engine;

import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import popol.Event;
import popol.Events;

/**
 * What a user holds of a batch: its number, the number of its events, and an iterator that is used again. So a loop
 * allocates nothing, also where it is left early.
 */
final class BatchEvents<K> implements Events<K> {

  private final Batch<K> batch;
  private final Cursor<K> cursor = new Cursor<>(this);
  private int number; // of the batch that this was handed out for
  private int count;

  BatchEvents(Batch<K> batch) {
    this.batch = batch;
  }

  /** Begins to stand for a batch. */
  void begin(int number, int count) {
    this.number = number;
    this.count = count;
  }

  /** Ends the iteration that a loop has left. */
  void end() {
    cursor.stop();
  }

  @Override
  public int size() {
    requireCurrent();
    return count;
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Iterator<Event<K>> iterator() {
    requireCurrent();
    Cursor<K> free = cursor.isRunning() ? new Cursor<>(this) : cursor;
    free.start();
    return free;
  }

  private void requireCurrent() {
    if (number != batch.number.value) {
      throw new ConcurrentModificationException(
          "these events are of an earlier poll: read them before the registry is polled again");
    }
  }

  @Override
  public String toString() {
    if (number != batch.number.value) {
      return "Events of an earlier poll";
    }
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < batch.size(); i++) {
      Entry<K> entry = batch.get(i);
      if (entry != null) {
        text.append(text.length() > 1 ? ", " : "").append(entry);
      }
    }
    return text.append(']').toString();
  }

  private static final class Cursor<K> implements Iterator<Event<K>> {

    private final BatchEvents<K> events;
    private int index; // of the next event
    private boolean running;
    private @Nullable Entry<K> promised; // by hasNext: it stays the next one, though it may be removed meanwhile

    Cursor(BatchEvents<K> events) {
      this.events = events;
    }

    boolean isRunning() {
      return running;
    }

    void start() {
      running = true;
      index = 0;
      promised = null;
    }

    void stop() {
      running = false;
      promised = null;
    }

    @Override
    public boolean hasNext() {
      events.requireCurrent();
      if (promised != null) {
        return true;
      }
      while (running && index < events.batch.size()) {
        promised = events.batch.get(index);
        if (promised != null) {
          return true;
        }
        index++;
      }
      running = false;
      return false;
    }

    @Override
    @SuppressWarnings("NullAway") // hasNext has promised one
    public Event<K> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more events");
      }
      Entry<K> next = promised;
      promised = null;
      events.batch.markRead(index++);
      return next;
    }
  }
}
