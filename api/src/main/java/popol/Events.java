package popol;

import java.util.ConcurrentModificationException;
import java.util.Iterator;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What one {@linkplain Sources#poll() poll} found. Empty means that the timeout passed, and nothing else.
 *
 * <p>An entry that is removed while the events are being read is not delivered any more; neither is its event given to
 * an entry registered under the same key meanwhile. Closing the registry removes all of them, so the loop just ends.
 *
 * <p>Events belong to their registry, which uses them again, so that a wait allocates nothing: they are valid until the
 * next poll, and read by the thread that polled. Reading them later is a {@link ConcurrentModificationException}. A
 * registry has eight such objects and hands them out in turn, so a reference that is kept for eight polls or more is
 * not told from the current one.
 *
 * <p>What {@code hasNext} has found, {@code next} returns, also if the entry is removed in between.
 *
 * @param <K> the type of the keys
 */
@ProviderType
public interface Events<K> extends Iterable<Event<K>> {

  /**
   * How many events the poll found, those of entries removed since included.
   *
   * @return the number of events
   * @throws ConcurrentModificationException if the registry has been polled again
   */
  int size();

  /**
   * Whether the timeout passed and nothing was found.
   *
   * @return whether there are no events
   * @throws ConcurrentModificationException if the registry has been polled again
   */
  boolean isEmpty();

  /**
   * The events one by one. The iterator does not remove.
   *
   * @return an iterator, whose methods throw once the registry has been polled again
   * @throws ConcurrentModificationException if the registry has been polled again
   */
  @Override
  Iterator<Event<K>> iterator();
}
