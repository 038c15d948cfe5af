package popol.spi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is registered: the entries by key and by descriptor, what the poller is still to be told of them, and what is to
 * be reported without the kernel. Guarded by the registry's lock.
 */
final class Table<K> {

  private static final int FEW = 16;
  private static final int FEW_RAW = 4;
  private static final int GLANCE = 4; // chains to look at in a poll that finds something

  private final Map<K, Entry<K>> byKey = new HashMap<>();
  private final Descriptors<K> byDescriptor = new Descriptors<>(); // sources not found closed
  private int glanced; // chain of byDescriptor that was looked at last
  private final List<SourceEntry<K>> changes = new ArrayList<>(); // what the poller is still to be told
  private final List<Entry<K>> pending = new ArrayList<>(); // wakers and closed sources to report
  private final Map<K, Entry<K>> gone = new HashMap<>(); // reported invalid by the current batch, no longer registered
  private final Timers<K> timers = new Timers<>();
  private boolean left; // an entry is no longer registered
  private long latest;
  private int raw; // how many of byDescriptor are

  // Questions

  Entry<K> get(K key) {
    return byKey.get(key);
  }

  boolean contains(K key) {
    return byKey.containsKey(key);
  }

  Set<K> keys() {
    return Set.copyOf(byKey.keySet());
  }

  int size() {
    return byKey.size();
  }

  /** The owner of the open source that a descriptor is registered for, or null. */
  Object owner(long descriptor) {
    SourceEntry<K> entry = byDescriptor.get(descriptor);
    return entry != null && entry.isOpen() ? entry.owner() : null;
  }

  /** The descriptor that was registered last; 0 if there is none. The next one is often near. */
  long latest() {
    return latest;
  }

  /** Whether there are raw descriptors, of which only the kernel knows whether they are open. */
  boolean hasRaw() {
    return raw > 0;
  }

  /** Whether there are so few sources that it takes less to audit them than to ask the clock. */
  boolean isQuickToAudit() {
    return byKey.size() <= (raw == 0 ? FEW : FEW_RAW);
  }

  /** Whether something is to be reported that the kernel need not be asked for. */
  boolean hasPending() {
    return !pending.isEmpty();
  }

  Timers<K> timers() {
    return timers;
  }

  // Entries

  void requireNew(K key) {
    if (byKey.containsKey(key)) {
      throw new IllegalArgumentException("the key " + key + " is registered already");
    }
  }

  void add(Entry<K> entry) {
    byKey.put(entry.key, entry);
    withdrawGone(entry.key);
  }

  void addSource(SourceEntry<K> entry) {
    SourceEntry<K> other = byDescriptor.get(entry.descriptor());
    if (other != null) {
      if (other.isOpen()) {
        throw new IllegalArgumentException("descriptor " + entry.descriptor() + " is registered under the key "
            + other.key + ": unregister that before it is registered under " + entry.key);
      }
      bury(other);
    }
    add(entry);
    byDescriptor.put(entry);
    raw += entry.isRaw() ? 1 : 0;
    latest = entry.descriptor();
    change(entry);
  }

  /** Takes an entry out for good, and its event if it has not been read. */
  void forget(Entry<K> entry) {
    byKey.remove(entry.key);
    left = true;
    entry.withdraw();
    pending.remove(entry);
    if (entry instanceof SourceEntry<K> source) {
      remove(source);
    } else if (entry instanceof TimerEntry<K> timer) {
      timers.cancel(timer);
    }
  }

  /** Takes back the event of an entry that is gone: it is not to reach a new one of the same key. */
  void withdrawGone(K key) {
    Entry<K> entry = gone.remove(key);
    if (entry != null) {
      entry.withdraw();
    }
  }

  /** Takes a source out whose owner was closed. Its key stays until that is reported. */
  void bury(SourceEntry<K> entry) {
    remove(entry);
    pending.add(entry);
  }

  /** Buries those found closed among a few, others each time. */
  void buryNextClosed() {
    for (int i = 0; i < GLANCE; i++) {
      glanced = glanced + 1 & byDescriptor.length() - 1;
      buryClosed(byDescriptor.first(glanced));
    }
  }

  /** Buries all those found closed. */
  void buryClosed() {
    for (int i = byDescriptor.length() - 1; i >= 0; i--) {
      buryClosed(byDescriptor.first(i));
    }
  }

  private void buryClosed(SourceEntry<K> first) {
    SourceEntry<K> entry = first;
    while (entry != null) {
      SourceEntry<K> next = entry.next;
      if (!entry.isOpen()) {
        bury(entry);
      }
      entry = next;
    }
  }

  /** Takes a source out of everything but the keys. */
  private void remove(SourceEntry<K> entry) {
    if (entry.removed) {
      return;
    }
    entry.removed = true;
    byDescriptor.remove(entry);
    raw -= entry.isRaw() ? 1 : 0;
    change(entry);
  }

  // The poller

  /** Has the poller told of an entry before the next wait. */
  void change(SourceEntry<K> entry) {
    if (entry.isWatched() || entry.isInstalled()) {
      if (entry.queued < 0) {
        entry.queued = changes.size();
        changes.add(entry);
      }
    } else if (entry.queued >= 0) { // gone before the poller ever heard of it
      SourceEntry<K> last = changes.removeLast();
      if (last != entry) {
        changes.set(entry.queued, last);
        last.queued = entry.queued;
      }
      entry.queued = -1;
    }
  }

  /** First what goes: its descriptor can have come back under another entry. */
  void applyChanges(Poller poller) throws IOException {
    for (int i = 0; i < changes.size(); i++) {
      SourceEntry<K> entry = changes.get(i);
      if (entry.isInstalled() && !entry.isWatched()) {
        poller.remove(entry);
      }
    }
    while (!changes.isEmpty()) {
      SourceEntry<K> entry = changes.getLast();
      if (entry.isInstalled()) {
        poller.modify(entry);
      } else if (entry.isWatched()) {
        poller.add(entry);
      }
      changes.removeLast();
      entry.queued = -1;
    }
  }

  // Reports

  void wake(WakerEntry<K> waker) {
    waker.woken = true;
    pending.add(waker);
  }

  /** What the kernel said of an entry. */
  void report(SourceEntry<K> entry, int readiness, Batch<K> batch) {
    if (!entry.isWatched()) {
      return; // removed, or closed, while the kernel waited
    }
    if (!entry.isOpen()) {
      bury(entry); // the kernel may have spoken of a file that was given the same number since
      return;
    }
    if ((readiness & Readiness.INVALID) != 0) {
      remove(entry);
      reportInvalid(entry, batch);
      return;
    }
    int reported = Readiness.reported(readiness, entry.interest());
    if (reported != 0) {
      batch.add(entry, reported);
      if ((reported & Readiness.WANTED) == 0) {
        entry.silent = true;
        change(entry);
      }
    }
  }

  void reportPending(Batch<K> batch) {
    for (int i = 0; i < pending.size(); i++) {
      Entry<K> entry = pending.get(i);
      if (entry instanceof WakerEntry<K> waker) {
        waker.woken = false;
        batch.add(waker, Readiness.WAKE);
      } else {
        reportInvalid(entry, batch);
      }
    }
    pending.clear();
  }

  private void reportInvalid(Entry<K> entry, Batch<K> batch) {
    byKey.remove(entry.key);
    left = true;
    gone.put(entry.key, entry);
    batch.add(entry, Readiness.INVALID);
  }

  void reportExpired(Batch<K> batch) {
    if (timers.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    while (!timers.isEmpty() && timers.first().deadline - now <= 0) {
      TimerEntry<K> timer = timers.first();
      timers.cancel(timer);
      batch.add(timer, Readiness.EXPIRED);
    }
  }

  /**
   * Ends the time of the current batch.
   *
   * @return whether entries have gone since the last one's end
   */
  boolean retire() {
    gone.clear();
    boolean some = left;
    left = false;
    return some;
  }

  void clear() {
    byKey.clear();
    byDescriptor.clear();
    changes.clear();
    pending.clear();
    gone.clear();
  }
}
