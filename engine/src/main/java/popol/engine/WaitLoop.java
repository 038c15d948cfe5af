package popol.engine;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import popol.Events;
import popol.spi.Poller;
import popol.spi.Watch;

/**
 * A poll: apply the changes, wait, collect, report, until there is something or the time has passed. The poller is told
 * of changes by the polling thread alone, right before it waits. A change by another thread ends the wait in the
 * kernel, and the loop goes back into it with the time that is left. Every method is called with the registry's lock
 * held.
 */
final class WaitLoop<K> implements Poller.Visitor {

  static final long FOREVER = Long.MAX_VALUE;

  private final Entries<K> entries;
  private final Poller poller;
  private final NativeWait wait;
  private final ClosedSourceAudit<K> audit;
  private boolean closed;
  private long since; // when the poll that is under way began to wait, by System.nanoTime; 0 if it does not wait

  WaitLoop(long registry, Entries<K> entries, Poller poller, NativeWait wait) {
    this.entries = entries;
    this.poller = poller;
    this.wait = wait;
    this.audit = new ClosedSourceAudit<>(registry, entries, poller);
  }

  /** Has every poll from now on, and the one that is under way, throw. */
  void close() {
    closed = true;
  }

  /** When the poll that is under way began to wait, by System.nanoTime; 0 if it does not wait. */
  long since() {
    return since;
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw new ClosedSelectorException();
    }
  }

  /** Waits until an entry has something to report, or the time has passed. */
  Events<K> poll(long nanos) throws IOException, InterruptedException {
    entries.nextBatch();
    long start = nanos == 0 || nanos == FOREVER ? 0 : System.nanoTime();
    since = start;
    long remaining = nanos;
    while (true) {
      wait.repair();
      requireGoingOn();
      if (entries.hasChanges()) {
        entries.applyChanges(poller);
      }
      boolean found = await(remaining);
      requireGoingOn(); // before anything is taken out that is reported only once
      if (found) {
        poller.collect(this);
      }
      entries.reportPending();
      entries.reportExpired();
      if (entries.batch.size() > 0 || nanos == 0) {
        return entries.batch.events();
      }
      if (nanos != FOREVER) {
        remaining = nanos - (System.nanoTime() - start);
        if (remaining <= 0) {
          return entries.batch.events();
        }
      }
    }
  }

  /**
   * Looks first, and then waits. A look needs no preparation for being ended: without it, a wait that finds something
   * at once costs 1.2 to 1.5 times as much; where it finds nothing, what it costs is not seen in the time of a round
   * trip (bench/compare --what wait-now,wait-block,echo). Returns whether the poller has something to be collected.
   */
  private boolean await(long remaining) throws IOException {
    audit.glance();
    long nanos = time(remaining);
    if (wait.look()) {
      audit.afterBusyWait();
      return true;
    }
    if (audit.isDue()) {
      boolean found = audit.run();
      if (found || nanos == 0) {
        return found;
      }
      return entries.hasPending() ? wait.look() : block(nanos); // a closed source must not hide what is ready
    }
    return nanos != 0 && block(audit.limit(nanos));
  }

  private boolean block(long nanos) throws IOException {
    if (since == 0) {
      since = System.nanoTime();
    }
    return wait.block(nanos);
  }

  /** How long the kernel may wait: below 0 without end. */
  private long time(long remaining) {
    if (entries.hasPending()) {
      return 0;
    }
    TimerEntry<K> timer = entries.firstTimer();
    if (timer == null) {
      return remaining == FOREVER ? -1 : remaining;
    }
    return Math.min(remaining, Math.max(0, timer.deadline - System.nanoTime()));
  }

  @Override
  public void found(Watch watch, int readiness) {
    if (!wait.isHandle(watch)) {
      entries.report(watch, readiness);
    }
  }

  /** First the exception, which may not be had, and then the change that it stands for. */
  private void requireGoingOn() throws InterruptedException {
    requireOpen();
    if (Thread.currentThread().isInterrupted()) {
      InterruptedException interrupted = new InterruptedException("interrupted while polling");
      Thread.interrupted();
      throw interrupted;
    }
  }
}
