package popol.engine;

import java.util.ConcurrentModificationException;
import org.jspecify.annotations.Nullable;
import popol.Event;
import popol.Source;
import popol.spi.Readiness;

/**
 * What stands under a key. While the current batch has an entry, the entry is also the event that the user reads: a
 * batch has at most one event of an entry, so nothing is allocated for it.
 *
 * <p>Guarded by the registry's lock, but for the event, which the polling thread reads without it.
 */
abstract class Entry<K> implements Event<K> {

  private static final String[] NAMES = {
    "readable", "writable", "priority", "read-closed", "hangup", "error", "invalid", "wake", "expired"
  };

  final K key;
  final int hash; // of the key, which is asked once
  State state = State.GONE;
  @Nullable Entry<K> nextOfHash; // in its chain of KeyIndex
  @Nullable Entry<K> before; // in the list of Pending
  @Nullable Entry<K> after;
  int place; // the index at which the batch's array may have this entry

  private final BatchNumber current;
  private int batch; // number of the batch that reported this entry last
  private int readiness; // what it reported
  private long reports; // number of events so far

  Entry(K key, int hash, BatchNumber current) {
    this.key = key;
    this.hash = hash;
    this.current = current;
    this.batch = current.value - 1;
  }

  /** What to call it in an error. */
  abstract String kind();

  /** What to report of an entry that is pending. */
  abstract int whenPending();

  /** Has the current batch say this of the entry. */
  final void report(int readiness) {
    this.batch = current.value;
    this.readiness = readiness;
    reports++;
  }

  /** Notes that nobody read the last event, which will be reported again. */
  final void unread() {
    reports--;
  }

  /** How many events there were so far. */
  final long reports() {
    return reports;
  }

  /** Whether the last event said this. */
  final boolean hasReported(int bit) {
    return (readiness & bit) != 0;
  }

  /** Whether the current batch says something of this entry. */
  final boolean isReported() {
    return batch == current.value;
  }

  @Override
  public final K key() {
    requireCurrent();
    return key;
  }

  @Override
  public @Nullable Source source() {
    requireCurrent();
    return null;
  }

  @Override
  public final boolean isReadable() {
    return is(Readiness.READABLE);
  }

  @Override
  public final boolean isWritable() {
    return is(Readiness.WRITABLE);
  }

  @Override
  public final boolean isPriority() {
    return is(Readiness.PRIORITY);
  }

  @Override
  public final boolean isReadClosed() {
    return is(Readiness.READ_CLOSED);
  }

  @Override
  public final boolean isHangup() {
    return is(Readiness.HANGUP);
  }

  @Override
  public final boolean isError() {
    return is(Readiness.ERROR);
  }

  @Override
  public final boolean isInvalid() {
    return is(Readiness.INVALID);
  }

  @Override
  public final boolean isWake() {
    return is(Readiness.WAKE);
  }

  @Override
  public final boolean isExpired() {
    return is(Readiness.EXPIRED);
  }

  private boolean is(int bit) {
    requireCurrent();
    return hasReported(bit);
  }

  final void requireCurrent() {
    if (batch != current.value) {
      throw new ConcurrentModificationException(
          "this event is of an earlier poll: read it before the registry is polled again");
    }
  }

  /** {@return the key and what is true of it, such as {@code Event[stdin: readable hangup]}} */
  @Override
  public final String toString() {
    if (!isReported()) {
      return "Event of an earlier poll";
    }
    StringBuilder text = new StringBuilder("Event[").append(key).append(':');
    for (int i = 0; i < NAMES.length; i++) {
      if ((readiness & 1 << i) != 0) {
        text.append(' ').append(NAMES[i]);
      }
    }
    return text.append(']').toString();
  }
}
