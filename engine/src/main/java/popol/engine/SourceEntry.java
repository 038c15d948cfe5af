package popol.engine;

import org.jspecify.annotations.Nullable;
import popol.Interest;
import popol.Source;
import popol.spi.Readiness;

/** A source under its key. Guarded by the registry's lock. */
final class SourceEntry<K> extends Entry<K> {

  private static final int ALL = Readiness.WANTED | Readiness.HANGUP | Readiness.ERROR;

  final Source source;
  final SourceWatch watch;
  @Nullable SourceEntry<K> nextOfDescriptor; // in its chain of DescriptorIndex
  private final Object owner; // the source's, one step nearer
  private Interest interest;
  private boolean watched; // the kernel is to be asked about it: it has not been found closed, and not been removed
  private int muted; // what has been reported once and is not to be reported until the interest is set
  private int mutedBefore; // the same, before the last report

  SourceEntry(K key, int hash, BatchNumber current, Source source, long descriptor, Interest interest) {
    super(key, hash, current);
    this.source = source;
    this.owner = source.owner();
    this.interest = interest;
    this.watch = new SourceWatch(descriptor, Readiness.of(interest));
  }

  @Override
  public Source source() {
    requireCurrent();
    return source;
  }

  @Override
  String kind() {
    return "source";
  }

  @Override
  int whenPending() {
    return Readiness.INVALID;
  }

  long descriptor() {
    return watch.descriptor();
  }

  Object owner() {
    return owner;
  }

  /** Whether only the kernel knows if the descriptor is open. */
  boolean isRaw() {
    return Owners.isRaw(owner);
  }

  boolean isOpen() {
    return Owners.isOpen(owner);
  }

  /** Whether the kernel is to be asked about this. */
  boolean isWatched() {
    return watched;
  }

  void watched(boolean is) {
    watched = is;
    update();
  }

  Interest interest() {
    return interest;
  }

  /** Sets the interest, and lets the source be heard again. */
  void interest(Interest interest) {
    this.interest = interest;
    muted = 0;
    mutedBefore = 0;
    update();
  }

  /** Whether nothing is to be heard of the source until its interest is set. */
  boolean isSilent() {
    return muted == ALL;
  }

  /**
   * Takes in what was reported: some of it is reported only once.
   *
   * @return whether something was reported only once
   */
  boolean reported(int readiness) {
    int once = readiness & Readiness.READ_CLOSED;
    boolean consumable = (readiness & (Readiness.READABLE | Readiness.WRITABLE | Readiness.PRIORITY)) != 0;
    if (interest.includes(Interest.ONCE) || (readiness & (Readiness.HANGUP | Readiness.ERROR)) != 0 && !consumable) {
      once = ALL;
    }
    mutedBefore = muted;
    if (once == 0) {
      return false;
    }
    muted |= once;
    update();
    return true;
  }

  /** Whether something was reported once, and is not to be reported until the interest is set. */
  boolean isMuted(int bit) {
    return (muted & bit) != 0;
  }

  /** Takes back {@link #reported}, because nobody read the event. */
  void takeBack() {
    if (muted != mutedBefore) {
      muted = mutedBefore;
      unread();
      update();
    }
  }

  private void update() {
    watch.interest(Readiness.of(interest) & ~muted);
    watch.wanted = watched && !isSilent();
  }
}
