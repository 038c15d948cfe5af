package popol.engine;

import popol.spi.Readiness;

/** A timer under its key. Guarded by the registry's lock. */
final class TimerEntry<K> extends Entry<K> {

  long deadline; // of System.nanoTime
  long period; // nanoseconds; 0 if the timer expires once
  int heapIndex = -1; // in Timers; below 0 while the timer is not set

  TimerEntry(K key, int hash, BatchNumber current) {
    super(key, hash, current);
  }

  @Override
  String kind() {
    return "timer";
  }

  @Override
  int whenPending() {
    return Readiness.EXPIRED;
  }

  boolean isPeriodic() {
    return period > 0;
  }

  /** Compared by difference: nanoTime can overflow. */
  boolean isBefore(TimerEntry<K> other) {
    return deadline - other.deadline < 0;
  }

  /** Moves the deadline to the first one of its grid that is after now. */
  void advance(long now) {
    deadline += period * ((now - deadline) / period + 1);
  }
}
