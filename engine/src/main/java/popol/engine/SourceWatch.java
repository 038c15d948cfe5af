package popol.engine;

import org.jspecify.annotations.Nullable;
import popol.spi.Watch;

/**
 * A source's watch: what the poller has of it, and what the poller is still to be told. It does not know its entry, so
 * that the poller, which {@link NativeWait} keeps for the JDK's cleaner, holds no key and no source. Guarded by the
 * registry's lock.
 */
final class SourceWatch extends Watch {

  boolean wanted; // the poller should have this watch
  boolean queued;
  @Nullable SourceWatch before; // in the queue of Changes
  @Nullable SourceWatch after;

  SourceWatch(long descriptor, int interest) {
    super(descriptor, interest);
  }
}
