package popol.engine;

import org.jspecify.annotations.Nullable;
import popol.spi.Watch;

/**
 * A source's watch: what the poller has of it, and what the poller is still to be told. Guarded by the registry's lock.
 */
final class SourceWatch<K> extends Watch {

  @Nullable SourceEntry<K> entry; // null once it is not to be heard of, so that the poller keeps nothing of it
  @Nullable SourceWatch<K> before; // in the queue of Changes
  @Nullable SourceWatch<K> after;
  boolean queued;

  SourceWatch(SourceEntry<K> entry, long descriptor, int interest) {
    super(descriptor, interest);
    this.entry = entry;
  }

  /** Whether the poller should have this watch. */
  boolean isWanted() {
    return entry != null && !entry.isSilent();
  }
}
