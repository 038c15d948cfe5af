package popol.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.spi.Poller;

/**
 * The watches that the poller is still to be told of. The polling thread tells it right before a wait, so that changing
 * makes no system call while nobody waits. The queue runs through the watches: putting one in cannot fail. Guarded by
 * the registry's lock.
 */
final class Changes {

  private @Nullable SourceWatch first;

  boolean isEmpty() {
    return first == null;
  }

  /** Notes that a watch has changed, or takes it out if the poller need not hear of it. */
  void note(SourceWatch watch) {
    boolean matters = watch.wanted || watch.isInstalled();
    if (matters && !watch.queued) {
      add(watch);
    } else if (!matters && watch.queued) {
      remove(watch);
    }
  }

  /**
   * Tells the poller. First what goes, because its descriptor can have come back under another entry. A change leaves
   * the queue when the poller has taken it in, so one that the poller refuses is told again before the next wait.
   */
  void apply(Poller poller) throws IOException {
    for (SourceWatch watch = first; watch != null; watch = watch.after) {
      if (watch.isInstalled() && !watch.wanted) {
        poller.remove(watch);
      }
    }
    while (first != null) {
      SourceWatch watch = first;
      if (watch.isInstalled()) {
        poller.modify(watch);
      } else if (watch.wanted) {
        poller.add(watch);
      }
      remove(watch);
    }
  }

  /** Forgets all changes. */
  void clear() {
    while (first != null) {
      remove(first);
    }
  }

  private void add(SourceWatch watch) {
    watch.queued = true;
    watch.after = first;
    if (first != null) {
      first.before = watch;
    }
    first = watch;
  }

  private void remove(SourceWatch watch) {
    watch.queued = false;
    if (watch.before == null) {
      first = watch.after;
    } else {
      watch.before.after = watch.after;
    }
    if (watch.after != null) {
      watch.after.before = watch.before;
    }
    watch.before = null;
    watch.after = null;
  }
}
