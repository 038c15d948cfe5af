package popol.engine;

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

  /** Makes room for one more. */
  void reserve() {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
  }

  /** Sets a timer, anew if it was set already. Room has been reserved. */
  void set(TimerEntry<K> timer) {
    if (timer.heapIndex < 0) {
      put(timer, size++);
    }
    settle(timer);
  }

  /** Takes a timer out, if it is set. */
  void cancel(TimerEntry<K> timer) {
    int gap = timer.heapIndex;
    if (gap < 0) {
      return;
    }
    timer.heapIndex = -1;
    TimerEntry<K> last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      put(last, gap);
      settle(last);
    }
  }

  private void settle(TimerEntry<K> timer) {
    up(timer);
    down(timer);
  }

  private void up(TimerEntry<K> timer) {
    while (timer.heapIndex > 0) {
      TimerEntry<K> parent = heap[(timer.heapIndex - 1) / 2];
      if (!timer.isBefore(parent)) {
        return;
      }
      swap(timer, parent);
    }
  }

  private void down(TimerEntry<K> timer) {
    while (timer.heapIndex * 2 + 1 < size) {
      TimerEntry<K> child = heap[timer.heapIndex * 2 + 1];
      if (child.heapIndex + 1 < size && heap[child.heapIndex + 1].isBefore(child)) {
        child = heap[child.heapIndex + 1];
      }
      if (!child.isBefore(timer)) {
        return;
      }
      swap(timer, child);
    }
  }

  private void swap(TimerEntry<K> a, TimerEntry<K> b) {
    int index = a.heapIndex;
    put(a, b.heapIndex);
    put(b, index);
  }

  private void put(TimerEntry<K> timer, int index) {
    heap[index] = timer;
    timer.heapIndex = index;
  }

  @SuppressWarnings("unchecked")
  private static <K> TimerEntry<K>[] newHeap(int capacity) {
    return (TimerEntry<K>[]) new TimerEntry<?>[capacity];
  }
}
