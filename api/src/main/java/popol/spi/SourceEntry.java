package popol.spi;

import popol.Interest;
import popol.Source;

/** A source under its key. Guarded by the registry's lock. */
final class SourceEntry<K> extends Entry<K> {

  private final Source source;
  private final Object owner; // the source's, one step nearer
  Interest wanted;
  boolean silent; // a hang-up or error that nobody consumes has been reported
  boolean removed; // no longer registered, or found closed
  int queued = -1; // place in the queue of what the poller is still to be told
  SourceEntry<K> next; // in its chain of descriptors

  SourceEntry(K key, long descriptor, Source source, Interest interest) {
    super(key, descriptor, Readiness.of(interest));
    this.source = source;
    this.owner = source.owner();
    this.wanted = interest;
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  String kind() {
    return "source";
  }

  void want(Interest interest) {
    wanted = interest;
    interest(Readiness.of(interest));
    silent = false;
  }

  /** Whether the poller should have it. */
  boolean isWatched() {
    return !removed && !silent;
  }

  Object owner() {
    return owner;
  }

  boolean isRaw() {
    return owner instanceof Long;
  }

  boolean isOpen() {
    return Owner.isOpen(owner);
  }
}
