package popol.check;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the histories of a run have done; one thread counts, any may read. */
final class Statistics {

  private static final int KINDS = 9;

  final AtomicLong histories = new AtomicLong();
  final AtomicLong operations = new AtomicLong();
  final AtomicLong polls = new AtomicLong();
  final AtomicLong events = new AtomicLong();
  private final AtomicLongArray kinds = new AtomicLongArray(KINDS); // events that were read, by the bits of Expected
  private volatile long worstLateness; // nanoseconds

  void count(int bits) {
    for (int i = 0; i < KINDS; i++) {
      kinds.addAndGet(i, bits >> i & 1);
    }
  }

  /** Notes how late a poll ended that had a timeout or a timer to keep; a timeout is in microseconds. */
  void late(long began, long ended, long limit, Collection<Entry> entries) {
    long due = limit < 0 ? Long.MAX_VALUE : began + limit * 1000;
    for (Entry entry : entries) {
      if (entry.kind == Entry.Kind.TIMER && entry.latest <= ended) {
        due = Math.min(due, Math.max(began, entry.latest));
      }
    }
    if (due != Long.MAX_VALUE) {
      worstLateness = Math.max(worstLateness, ended - due);
    }
  }

  String kindsText() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < KINDS; i++) {
      text.append(i == 0 ? "" : ", ").append(Expected.text(1 << i)).append(' ').append(kinds.get(i));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "%,d histories, %,d operations, %,d polls, %,d events, worst lateness %,d us"
        .formatted(histories.get(), operations.get(), polls.get(), events.get(), worstLateness / 1000);
  }
}
