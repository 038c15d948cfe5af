package popol.spi;

import java.util.Arrays;

/**
 * The timers that are set, the earliest first: a binary heap in which each timer knows its place, so that setting and
 * cancelling one of many moves only a few. Guarded by the registry's lock.
 */
final class Timers<K> {

  private TimerEntry<K>[] heap = newHeap(4);
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** The earliest one. */
  TimerEntry<K> first() {
    return heap[0];
  }

  /** Sets a timer, anew if it was set already. */
  void set(TimerEntry<K> timer, long deadline) {
    timer.deadline = deadline;
    if (timer.place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place(timer, size++);
    }
    settle(timer);
  }

  /** Takes a timer out, if it is set. */
  void cancel(TimerEntry<K> timer) {
    int gap = timer.place;
    if (gap < 0) {
      return;
    }
    timer.place = -1;
    TimerEntry<K> last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      place(last, gap);
      settle(last);
    }
  }

  private void settle(TimerEntry<K> timer) {
    up(timer);
    down(timer);
  }

  private void up(TimerEntry<K> timer) {
    while (timer.place > 0) {
      TimerEntry<K> parent = heap[(timer.place - 1) / 2];
      if (!timer.isBefore(parent)) {
        return;
      }
      swap(timer, parent);
    }
  }

  private void down(TimerEntry<K> timer) {
    while (timer.place * 2 + 1 < size) {
      TimerEntry<K> child = heap[timer.place * 2 + 1];
      if (child.place + 1 < size && heap[child.place + 1].isBefore(child)) {
        child = heap[child.place + 1];
      }
      if (!child.isBefore(timer)) {
        return;
      }
      swap(timer, child);
    }
  }

  private void swap(TimerEntry<K> a, TimerEntry<K> b) {
    int place = a.place;
    place(a, b.place);
    place(b, place);
  }

  private void place(TimerEntry<K> timer, int place) {
    heap[place] = timer;
    timer.place = place;
  }

  @SuppressWarnings("unchecked")
  private static <K> TimerEntry<K>[] newHeap(int capacity) {
    return (TimerEntry<K>[]) new TimerEntry<?>[capacity];
  }
}
