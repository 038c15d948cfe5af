package popol.engine;

import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import popol.Interest;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.Watch;

/**
 * The entries of a registry, and the only place where the state of one changes. What can fail comes first in each
 * method: room is reserved and user's code is called before the first change, so a call has either happened or not.
 * Guarded by the registry's lock.
 */
final class Entries<K> {

  final Batch<K> batch = new Batch<>();
  final DescriptorIndex<K> byDescriptor = new DescriptorIndex<>();
  private final KeyIndex<K> byKey = new KeyIndex<>();
  private final Pending<K> pending = new Pending<>();
  private final Changes changes = new Changes();
  private final Timers<K> timers = new Timers<>();
  private int leaving; // number of entries in byKey whose key is free
  private int raw; // number of raw descriptors in byDescriptor

  // Questions

  /** The entry under a key, or null. */
  @Nullable
  Entry<K> find(K key, int hash) {
    Entry<K> entry = byKey.find(key, hash);
    return entry == null || entry.state == State.LEAVING ? null : entry;
  }

  /** The entry under a key, also one that is leaving, whose event may not have been read; or null. */
  @Nullable
  Entry<K> findWithEvent(K key, int hash) {
    return byKey.find(key, hash);
  }

  int size() {
    return byKey.size() - leaving;
  }

  Set<K> keys() {
    Set<K> keys = new HashSet<>();
    for (int i = 0; i < byKey.length(); i++) {
      for (Entry<K> entry = byKey.first(i); entry != null; entry = entry.nextOfHash) {
        if (entry.state != State.LEAVING) {
          keys.add(entry.key);
        }
      }
    }
    return Collections.unmodifiableSet(keys);
  }

  KeyIndex<K> all() {
    return byKey;
  }

  /** Whether something is to be reported that the kernel need not be asked for. */
  boolean hasPending() {
    return !pending.isEmpty();
  }

  /** Whether there are raw descriptors, of which only the kernel knows whether they are open. */
  boolean hasRaw() {
    return raw > 0;
  }

  /** The timer that expires first, or null. */
  @Nullable
  TimerEntry<K> firstTimer() {
    return timers.isEmpty() ? null : timers.first();
  }

  // Registration

  /**
   * Says whether a new entry can have a key: nobody has it, or its source has been closed.
   *
   * @return the entry that makes way, or null
   * @throws IllegalArgumentException if the key is registered
   */
  @Nullable
  Entry<K> requireFree(K key, int hash) {
    Entry<K> entry = byKey.find(key, hash);
    if (entry == null || entry.state == State.LEAVING || isOver(entry)) {
      return entry;
    }
    throw new IllegalArgumentException("the key " + Text.of(key) + " is registered already: unregister it first,"
        + " or change its interest by interest(key, interest)");
  }

  /** Whether nothing but a last report, which is dropped, is to come of an entry. */
  private static boolean isOver(Entry<?> entry) {
    return entry.state == State.PENDING && leavesWhenReported(entry)
        || entry instanceof SourceEntry<?> source && !source.isOpen();
  }

  private static boolean leavesWhenReported(Entry<?> entry) {
    return entry instanceof SourceEntry<?> || entry instanceof TimerEntry<?> timer && !timer.isPeriodic();
  }

  /**
   * Says whether a new source can have a descriptor: nobody has it, or its source has been closed.
   *
   * @return the source that makes way, or null
   * @throws IllegalArgumentException if the descriptor is registered
   */
  @Nullable
  SourceEntry<K> requireFree(SourceEntry<K> entry) {
    SourceEntry<K> other = byDescriptor.find(entry.descriptor());
    if (other != null && other.isOpen()) {
      throw new IllegalArgumentException("descriptor " + entry.descriptor() + " is registered under the key "
          + Text.of(other.key) + ": unregister that before it is registered under " + Text.of(entry.key));
    }
    return other;
  }

  /** Makes room for a new entry of any kind. */
  void reserve() {
    byKey.reserve();
    byDescriptor.reserve();
    timers.reserve();
    batch.reserve(byKey.size() + 1);
  }

  /** Adds a source. Both keys are free, and room has been reserved. */
  void add(SourceEntry<K> entry, @Nullable Entry<K> former, @Nullable SourceEntry<K> formerOfDescriptor) {
    if (formerOfDescriptor != null && formerOfDescriptor != former) {
      invalidate(formerOfDescriptor);
    }
    add(entry, former);
    byDescriptor.add(entry);
    entry.watched(true);
    raw += entry.isRaw() ? 1 : 0;
    changes.note(entry.watch);
  }

  /** Adds an entry in place of a former one. */
  void add(Entry<K> entry, @Nullable Entry<K> former) {
    if (former != null) {
      remove(former);
    }
    byKey.add(entry);
    become(entry, State.REGISTERED);
  }

  /** Sets a timer, for the first time or anew. Its event, if it has not been read, is taken back. */
  void set(TimerEntry<K> timer, long deadline, long period) {
    batch.forget(timer);
    become(timer, State.REGISTERED);
    timer.deadline = deadline;
    timer.period = period;
    timers.set(timer);
  }

  /** Removes an entry, and its event if it has not been read. */
  void remove(Entry<K> entry) {
    if (entry instanceof SourceEntry<K> source) {
      unwatch(source);
    } else if (entry instanceof TimerEntry<K> timer) {
      timers.cancel(timer);
    } else if (entry instanceof WakerEntry<K> waker) {
      waker.release();
    }
    batch.forget(entry);
    byKey.remove(entry);
    become(entry, State.GONE);
  }

  void interest(SourceEntry<K> source, Interest interest) {
    source.interest(interest);
    changes.note(source.watch);
  }

  /** Has the next poll report a waker. */
  void wake(WakerEntry<K> waker) {
    become(waker, State.PENDING);
  }

  /** Has the next poll report that a source was closed. Its descriptor is free. */
  void invalidate(SourceEntry<K> source) {
    if (source.state == State.REGISTERED) {
      unwatch(source);
      become(source, State.PENDING);
    }
  }

  private void unwatch(SourceEntry<K> source) {
    if (source.isWatched()) {
      source.watched(false);
      byDescriptor.remove(source);
      raw -= source.isRaw() ? 1 : 0;
      changes.note(source.watch);
    }
  }

  private void become(Entry<K> entry, State state) {
    State before = entry.state;
    if (before != state) {
      if (before == State.PENDING) {
        pending.remove(entry);
      } else if (before == State.LEAVING) {
        leaving--;
      }
      entry.state = state;
      if (state == State.PENDING) {
        pending.add(entry);
      } else if (state == State.LEAVING) {
        leaving++;
      }
    }
  }

  // Polling

  boolean hasChanges() {
    return !changes.isEmpty();
  }

  /** Tells the poller what has changed. */
  void applyChanges(Poller poller) throws IOException {
    changes.apply(poller);
  }

  /**
   * Ends the time of the current batch, and begins an empty one. What was reported only once and not read is reported
   * again by the next one.
   */
  void nextBatch() {
    batch.prepare();
    for (int i = 0; i < batch.once(); i++) {
      Entry<K> entry = batch.get(i);
      if (entry == null) {
        continue;
      }
      if (!batch.isRead(i)) {
        unread(entry);
      } else if (entry.state == State.LEAVING) {
        remove(entry);
      }
    }
    batch.begin();
  }

  private void unread(Entry<K> entry) {
    if (entry instanceof SourceEntry<K> source && source.state == State.REGISTERED) {
      source.takeBack();
      changes.note(source.watch);
    } else {
      entry.unread();
      become(entry, State.PENDING);
    }
  }

  /** Reports what the kernel said of a watch. */
  void report(Watch watch, int readiness) {
    SourceEntry<K> source = byDescriptor.find(watch.descriptor());
    if (source == null || source.watch != watch || source.isSilent()) {
      return; // since the kernel looked
    }
    if (!source.isOpen() || (readiness & Readiness.INVALID) != 0) {
      invalidate(source); // the kernel may have spoken of a file that was given the same number since
      return;
    }
    int reported = Readiness.reported(readiness, watch.interest());
    if (reported != 0) {
      boolean once = source.reported(reported);
      batch.add(source, reported, once);
      if (once) {
        changes.note(source.watch);
      }
    }
  }

  void reportPending() {
    for (Entry<K> entry = pending.first(); entry != null; entry = pending.first()) {
      become(entry, leavesWhenReported(entry) ? State.LEAVING : State.REGISTERED);
      batch.add(entry, entry.whenPending(), true);
    }
  }

  void reportExpired() {
    if (timers.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (TimerEntry<K> timer = timers.first(); timer.deadline - now <= 0; timer = timers.first()) {
      if (timer.isPeriodic()) {
        timer.advance(now);
        timers.set(timer);
      } else {
        timers.cancel(timer);
        become(timer, State.LEAVING);
      }
      if (!timer.isReported()) {
        batch.add(timer, Readiness.EXPIRED, true);
      }
      if (timers.isEmpty()) {
        return;
      }
    }
  }

  /**
   * Lets go of everything.
   *
   * @return the first of the sources that the registry owns, the next one behind each as {@link Entry#after}; or null
   */
  @Nullable
  Entry<K> clear() {
    Entry<K> owned = null;
    for (int i = 0; i < byKey.length(); i++) {
      for (Entry<K> entry = byKey.first(i); entry != null; entry = byKey.first(i)) {
        remove(entry);
        if (entry instanceof SourceEntry<K> source && source.source.isOwned()) {
          entry.after = owned;
          owned = entry;
        }
      }
    }
    changes.clear();
    batch.clear();
    return owned;
  }
}
