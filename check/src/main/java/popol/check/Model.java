package popol.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import popol.Interest;

/**
 * The contract of a registry, as one would write it who has the document alone: what is registered, and what a poll
 * reports of it. The ends know what is true; the registry is not asked.
 */
final class Model {

  private static final long ALL_ARE_LOOKED_AT = 10_000_000; // nanoseconds, or
  private static final long PER_SOURCE = 10_000; // for each source if that is more

  final Map<Integer, Entry> entries = new HashMap<>(); // by key; also those that are leaving
  private final Map<Entry, Expected> batch = new LinkedHashMap<>(); // of the last poll, as far as it is still expected
  private final Set<Entry> read = new HashSet<>(); // of the last poll

  /** The entry under a key; null if the key is free. */
  @Nullable
  Entry find(int key) {
    Entry entry = entries.get(key);
    return entry == null || entry.leaving ? null : entry;
  }

  /** The entry of an end, or null. */
  @Nullable
  Entry find(End end) {
    return entries.values().stream().filter(entry -> entry.end == end && !entry.leaving).findAny().orElse(null);
  }

  Set<Integer> keys() {
    Set<Integer> keys = new HashSet<>(entries.keySet());
    keys.removeIf(key -> entries.get(key).leaving);
    return keys;
  }

  /** Adds an entry, in place of one that makes way. Another closed source that had its number is found by that. */
  void add(Entry entry) {
    remove(entry.key);
    for (Entry other : entries.values()) {
      if (other.isClosed() && !other.leaving) {
        other.pollsSinceClosed = 0; // the registry's table may have been made anew
        other.pending |= entry.isSource() && other.end().descriptor() == entry.end().descriptor();
      }
    }
    entries.put(entry.key, entry);
  }

  /** Removes an entry, and its event if that was not read. */
  void remove(int key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      batch.remove(entry);
    }
  }

  /** A timer that is set anew does not give the event of before. */
  void takeBack(Entry entry) {
    batch.remove(entry);
  }

  // What a poll reports

  /**
   * Begins a poll: what was reported only once and not read is to be reported again.
   */
  void begin() {
    batch.forEach((entry, expected) -> {
      if (entries.get(entry.key) != entry) {
        return;
      }
      if (!read.contains(entry)) {
        unread(entry, expected);
      } else if (entry.leaving) {
        entries.remove(entry.key);
      }
    });
    batch.clear();
    read.clear();
    entries.values().removeIf(entry -> entry.leaving);
    for (Entry entry : entries.values()) {
      entry.wokenBefore = entry.woken;
      entry.wokenMeanwhile = false;
      entry.wokenSince = false;
    }
  }

  private static void unread(Entry entry, Expected expected) {
    if (entry.leaving) {
      entry.leaving = false;
      entry.pending = true;
    } else if (entry.kind == Entry.Kind.WAKER && expected.isCertain()) {
      entry.woken = Entry.Woken.YES;
    } else if (entry.isSource()) {
      entry.silent = entry.silentBefore;
      entry.told = entry.toldBefore;
    }
  }

  /** What a poll reports that begins and ends at these times. */
  Map<Entry, Expected> expected(long began, long ended) {
    Map<Entry, Expected> all = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      Expected expected = expected(entry, began, ended);
      if (expected.isPossible()) {
        all.put(entry, expected);
      }
    }
    return all;
  }

  private Expected expected(Entry entry, long began, long ended) {
    return switch (entry.kind) {
      case SOURCE -> entry.isClosed() || entry.pending
          ? new Expected(entry.pending || isOverdue(entry, began) ? Expected.INVALID : 0, Expected.INVALID)
          : Expected.exactly(reported(entry, entry.end().truth()));
      case WAKER -> switch (entry.woken) {
        case NO -> Expected.NOTHING;
        case MAYBE -> new Expected(0, Expected.WAKE);
        case YES -> Expected.exactly(Expected.WAKE);
      };
      case TIMER -> entry.pending || entry.latest <= began
          ? Expected.exactly(Expected.EXPIRED)
          : entry.earliest <= ended ? new Expected(0, Expected.EXPIRED) : Expected.NOTHING;
    };
  }

  /** What is reported of an open source. */
  private static int reported(Entry entry, int truth) {
    if (entry.silent) {
      return 0;
    }
    boolean hangup = (truth & Posix.POLLHUP) != 0;
    boolean error = (truth & Posix.POLLERR) != 0;
    Interest interest = entry.interest;
    int bits = (hangup ? Expected.HANGUP : 0) | (error ? Expected.ERROR : 0);
    if (interest.includes(Interest.READ) && ((truth & Posix.POLLIN) != 0 || hangup || error)) {
      bits |= Expected.READABLE;
    }
    if (interest.includes(Interest.WRITE) && ((truth & Posix.POLLOUT) != 0 || error)) {
      bits |= Expected.WRITABLE;
    }
    if (interest.includes(Interest.PRIORITY) && (truth & Posix.POLLPRI) != 0) {
      bits |= Expected.PRIORITY;
    }
    if (interest.includes(Interest.READ_CLOSED) && !entry.told && ((truth & Posix.POLLRDHUP) != 0 || hangup)) {
      bits |= Expected.READ_CLOSED;
    }
    return bits;
  }

  // How late a closed source can be

  private int sources() {
    return (int) entries.values().stream().filter(Entry::isSource).count();
  }

  private boolean hasRaw() {
    return entries.values().stream().anyMatch(entry -> entry.isSource() && entry.end().access().isRaw());
  }

  /** Whether a closed source must have been reported by the poll that begins now. */
  private boolean isOverdue(Entry entry, long now) {
    if (entry.isForgotten()) {
      return false;
    }
    int sources = sources();
    if (entry.end().access().isRaw()) {
      return entry.pollsSinceClosed > 16 * sources && now - entry.closed > timeToLook();
    }
    return entry.pollsSinceClosed > (sources + 3) / 4 || sources <= 4 && !hasRaw();
  }

  /** How long a wait that finds nothing can overlook a closed source. */
  long timeToLook() {
    return Math.max(ALL_ARE_LOOKED_AT, PER_SOURCE * sources());
  }

  // What a poll has reported

  /** Takes in that a poll has returned with these events, though they have not been read. */
  void found(Map<Entry, Expected> found) {
    batch.putAll(found);
    found.forEach((entry, expected) -> {
      entry.silent |= entry.isClosed(); // it may have been reported before it was closed, and be silent since
      if (entry.leaving || entries.get(entry.key) != entry || !expected.isCertain()) {
        return;
      }
      if (entry.kind == Entry.Kind.WAKER) {
        entry.woken = entry.wokenMeanwhile ? Entry.Woken.MAYBE : Entry.Woken.NO;
      } else if (entry.isSource()) {
        told(entry, expected.must());
      }
    });
    for (Entry entry : entries.values()) {
      entry.pollsSinceClosed += entry.isClosed() ? 1 : 0;
    }
  }

  private static void told(Entry entry, int bits) {
    entry.silentBefore = entry.silent;
    entry.toldBefore = entry.told;
    boolean usable = (bits & (Expected.READABLE | Expected.WRITABLE | Expected.PRIORITY)) != 0;
    boolean broken = (bits & (Expected.HANGUP | Expected.ERROR)) != 0;
    entry.silent |= entry.interest.includes(Interest.ONCE) || broken && !usable;
    entry.told |= (bits & Expected.READ_CLOSED) != 0;
  }

  /** Takes in an event that has been read; says what is wrong with it, or null. */
  @Nullable
  String read(int key, int bits, long began, long ended) {
    Entry entry = entries.get(key);
    Expected expected = entry == null ? null : batch.get(entry);
    if (entry == null || expected == null) {
      return "an event of " + (entry == null ? "the key " + key : entry) + " that is not expected: "
          + Expected.text(bits);
    }
    if (!read.add(entry)) {
      return "an event twice in one batch: " + entry;
    }
    if (!expected.allows(bits)) {
      return "expected " + expected + " and not " + Expected.text(bits) + " of " + entry;
    }
    if (entry.kind == Entry.Kind.WAKER && !expected.isCertain() && !entry.wokenSince) {
      // It was woken before or meanwhile. If both, the second wake may have come after the first was reported.
      boolean twice = entry.wokenMeanwhile && entry.wokenBefore != Entry.Woken.NO;
      entry.woken = twice ? Entry.Woken.MAYBE : Entry.Woken.NO;
    }
    if (entry.kind == Entry.Kind.TIMER && entry.period > 0) {
      entry.pending = false;
      entry.advance(began, ended);
    }
    return null;
  }

  /** At the end of an iteration: what was expected and has not come; or null. */
  @Nullable
  String missing() {
    for (Map.Entry<Entry, Expected> one : batch.entrySet()) {
      if (one.getValue().isCertain() && !read.contains(one.getKey())) {
        return "missing: " + one.getValue() + " of " + one.getKey();
      }
    }
    return null;
  }
}
