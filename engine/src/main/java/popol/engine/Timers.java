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
    settle(timer, timer.heapIndex < 0 ? size++ : timer.heapIndex);
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
      settle(last, gap);
    }
  }

  /** Puts a timer into a gap, after the gap has gone up or down to where the timer belongs. */
  private void settle(TimerEntry<K> timer, int gap) {
    int index = up(timer, gap);
    put(timer, index == gap ? down(timer, gap) : index);
  }

  private int up(TimerEntry<K> timer, int gap) {
    int index = gap;
    while (index > 0) {
      int above = (index - 1) >>> 1;
      TimerEntry<K> parent = heap[above];
      if (!timer.isBefore(parent)) {
        break;
      }
      put(parent, index);
      index = above;
    }
    return index;
  }

  private int down(TimerEntry<K> timer, int gap) {
    int index = gap;
    for (int below = 2 * index + 1; below < size; below = 2 * index + 1) {
      TimerEntry<K> child = heap[below];
      if (below + 1 < size && heap[below + 1].isBefore(child)) {
        child = heap[++below];
      }
      if (!child.isBefore(timer)) {
        break;
      }
      put(child, index);
      index = below;
    }
    return index;
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
