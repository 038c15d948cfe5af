package popol.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import popol.spi.Poller;

/**
 * Finds sources that were closed while they are registered, of which the kernel does not tell: it forgets them, or
 * takes the number for the file that has it next. So popol looks for them, and this is when:
 *
 * <ul>
 *   <li>Each wait looks at {@value #GLANCE} channels or sockets, others each time. That costs a wait less than two
 *       per cent (bench/compare --what wait-now,look), and a registry of as few needs nothing else.
 *   <li>An audit looks at all of them, and asks the kernel about raw descriptors. It is due {@value #PER_SOURCE}
 *       nanoseconds for each source after the last one, so it takes about a hundredth of the time. A wait for which it
 *       is not due yet sleeps for {@value #SLICE} nanoseconds at most before it is made.
 *   <li>Where others are always ready, so that no wait sleeps, it is made after {@value #WAITS_PER_SOURCE} waits for
 *       each source: reading the clock would cost each wait more.
 * </ul>
 *
 * <p>So a source that is closed between two waits is reported after 10 milliseconds, or 10 microseconds a source if
 * that is more; by a busy loop after a quarter of a wait for each channel or socket, 16 waits for each source if there
 * are raw descriptors. A wait that sleeps already when it is closed reports it when it ends. Timers and wakers do not
 * count.
 */
final class ClosedSourceAudit<K> {

  private static final int GLANCE = 4;
  private static final int WAITS_PER_SOURCE = 16;
  private static final long PER_SOURCE = 10_000;
  private static final long SLICE = 10_000_000;

  private final long registry; // its number
  private final Entries<K> entries;
  private final Poller poller;
  private int chain; // of the descriptor index, that the last glance ended with
  private int busyWaits; // since the last audit
  private long due = System.nanoTime();

  ClosedSourceAudit(long registry, Entries<K> entries, Poller poller) {
    this.registry = registry;
    this.entries = entries;
    this.poller = poller;
  }

  /** Looks at a few sources. */
  void glance() {
    DescriptorIndex<K> sources = entries.byDescriptor;
    int mask = sources.length() - 1;
    int looked = 0;
    for (int i = 0; i <= mask && looked < GLANCE; i++) {
      chain = chain + 1 & mask;
      looked += invalidateClosed(sources.first(chain));
    }
  }

  /** Whether a glance does not see all that an audit sees. */
  private boolean isNeeded() {
    return entries.byDescriptor.size() > GLANCE || entries.hasRaw();
  }

  /** Makes an audit if many waits in a row have not slept. What they found stays to be collected, or is found again. */
  void afterBusyWait() throws IOException {
    if (++busyWaits >= WAITS_PER_SOURCE * entries.byDescriptor.size() && isNeeded()) {
      run();
    }
  }

  boolean isDue() {
    return isNeeded() && due - System.nanoTime() <= 0;
  }

  /** How long a wait may sleep before the next audit. */
  long limit(long nanos) {
    return !isNeeded() ? nanos : nanos < 0 ? SLICE : Math.min(nanos, SLICE);
  }

  /** Looks at all sources. Returns whether there is something to collect. */
  boolean run() throws IOException {
    return Recorder.isOn()
        ? RecordedEvents.audit(registry, entries.byDescriptor.size(), this::make)
        : make();
  }

  private boolean make() throws IOException {
    busyWaits = 0;
    DescriptorIndex<K> sources = entries.byDescriptor;
    for (int i = sources.length() - 1; i >= 0; i--) {
      invalidateClosed(sources.first(i));
    }
    boolean found = entries.hasRaw() && poller.examine();
    due = System.nanoTime() + sources.size() * PER_SOURCE;
    return found;
  }

  /** Returns how many sources the chain has. */
  private int invalidateClosed(@Nullable SourceEntry<K> first) {
    int count = 0;
    SourceEntry<K> source = first;
    while (source != null) {
      SourceEntry<K> next = source.nextOfDescriptor;
      if (!source.isOpen()) {
        entries.invalidate(source);
      }
      count++;
      source = next;
    }
    return count;
  }
}
