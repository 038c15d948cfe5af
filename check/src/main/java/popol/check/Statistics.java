package popol.check;

import java.util.Collection;

/** What the histories of a run have done. */
final class Statistics {

  long histories;
  long operations;
  long polls;
  long events;
  final long[] kinds = new long[9]; // events that were read, by the bits of Expected
  long worstLateness; // nanoseconds

  void count(int bits) {
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] += bits >> i & 1;
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
    for (int i = 0; i < kinds.length; i++) {
      text.append(i == 0 ? "" : ", ").append(Expected.text(1 << i)).append(' ').append(kinds[i]);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "%,d histories, %,d operations, %,d polls, %,d events, worst lateness %,d us"
        .formatted(histories, operations, polls, events, worstLateness / 1000);
  }
}
