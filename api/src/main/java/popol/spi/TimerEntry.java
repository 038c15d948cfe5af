package popol.spi;

/** A timer under its key. Guarded by the registry's lock. */
final class TimerEntry<K> extends Entry<K> {

  long deadline; // of System.nanoTime
  int place = -1; // in the heap; below 0 while it is not set

  TimerEntry(K key) {
    super(key, -1, 0);
  }

  @Override
  String kind() {
    return "timer";
  }

  /** Compared by difference: nanoTime can overflow. */
  boolean isBefore(TimerEntry<K> other) {
    return deadline - other.deadline < 0;
  }
}
