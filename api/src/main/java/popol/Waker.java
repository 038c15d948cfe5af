package popol;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Wakes a {@linkplain Sources#poll() poll} from any thread. It is an entry of its registry like any other: the poll
 * returns an event with its key and {@link Event#isWake()}.
 *
 * <p>Wakes before the event coalesce into one. The event resets the waker; a wake after it gives a new event. None is
 * lost, also when nobody polls at the time.
 */
@ProviderType
public interface Waker extends AutoCloseable {

  /** Wakes the poll that waits, or else the next one. Does nothing once the waker or its registry is closed. */
  void wake();

  /** Takes the waker out of its registry, as {@link Sources#unregister} of its key does. Can be called again. */
  @Override
  void close();
}
