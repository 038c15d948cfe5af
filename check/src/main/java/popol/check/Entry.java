package popol.check;

import org.jspecify.annotations.Nullable;
import popol.Interest;

/** What the model knows of a key. */
final class Entry {

  enum Kind { SOURCE, WAKER, TIMER }

  /** Whether a waker's event is to come. A wake during a poll may have been reported by it. */
  enum Woken {
    NO, MAYBE, YES
  }

  final int key;
  final Kind kind;
  final @Nullable End end; // of a source
  final boolean owned;

  boolean leaving; // the last poll found its only or last event: the key is free, the event may not have been read
  boolean pending; // its last event was not read: the next poll has it

  Interest interest = Interest.NONE;
  boolean silent; // until the interest is set
  boolean told; // that the peer sends no more
  boolean silentBefore; // the same two, if the last event is not read
  boolean toldBefore;
  int pollsSinceClosed;
  long closed; // when; 0 as long as the source is open

  Woken woken = Woken.NO;
  Woken wokenBefore = Woken.NO; // when the current poll began
  boolean wokenMeanwhile; // while the current poll waited
  boolean wokenSince; // since the last poll returned

  long earliest; // bounds of the next expiry: the clock is read before and after the call
  long latest;
  long firstEarliest; // bounds of the first expiry of the grid
  long firstLatest;
  long period; // 0 if the timer expires once

  Entry(int key, Kind kind, @Nullable End end, boolean owned) {
    this.key = key;
    this.kind = kind;
    this.end = end;
    this.owned = owned;
  }

  /** The end of a source. */
  End end() {
    if (end == null) {
      throw new IllegalStateException("the key " + key + " has no source");
    }
    return end;
  }

  boolean isSource() {
    return end != null;
  }

  boolean isClosed() {
    return end != null && !end.isOpen();
  }

  /** Whether the key of the entry is free, though its last event is to come. */
  boolean makesWay() {
    return leaving || isClosed() && !end().access().isRaw() || pending && period == 0 && kind != Kind.WAKER;
  }

  /** Whether a source was closed that the registry does not ask for: a raw one which is silent. */
  boolean isForgotten() {
    return isClosed() && silent && end().access().isRaw();
  }

  void interest(Interest interest) {
    if (isForgotten()) {
      closed = System.nanoTime(); // the time in which it is reported begins now
      pollsSinceClosed = 0;
    }
    this.interest = interest;
    silent = false;
    told = false;
    silentBefore = false;
    toldBefore = false;
  }

  void set(long earliest, long latest, long period) {
    this.earliest = earliest;
    this.latest = latest;
    this.firstEarliest = earliest;
    this.firstLatest = latest;
    this.period = period;
    pending = false;
  }

  /**
   * Takes in that a poll, which began and ended at these times, has reported a periodic timer. The next expiry is the
   * first one of the grid after some time between the two. Where the grid lies is known only within bounds.
   */
  void advance(long began, long ended) {
    earliest = isOneStep(began) ? firstAfter(firstEarliest, began) : began;
    latest = isOneStep(ended) ? firstAfter(firstLatest, ended) : Math.max(firstLatest, ended + period);
  }

  /** Whether no grid within the bounds has an expiry at the time itself. */
  private boolean isOneStep(long time) {
    return firstLatest - firstEarliest < period
        && firstAfter(firstEarliest, time) <= firstAfter(firstLatest, time);
  }

  private long firstAfter(long first, long time) {
    return first > time ? first : first + ((time - first) / period + 1) * period;
  }

  @Override
  public String toString() {
    return "key " + key + ", " + (isSource() ? end + ", " + interest + (silent ? ", silent" : "") : kind)
        + (period > 0 ? " each " + period + " ns" : "") + (pending ? ", unread" : "");
  }
}
