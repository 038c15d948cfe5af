package popol;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a {@linkplain Sources#poll() poll} found of one entry. Several of its answers can be true at once:
 * a peer that sent its last bytes and left is readable and hung up.
 *
 * <p>Readiness is level-triggered: what is not consumed is reported again by the next poll. A wake, an expiry and an
 * invalid source are reported once. If no iterator has returned such an event when the next poll begins, because the
 * loop was left early, that poll reports it again.
 *
 * <p>An event belongs to its registry, which uses it again: read it before the next poll, on the thread that polled.
 * After that every method but {@code toString} throws {@link java.util.ConcurrentModificationException}, unless the
 * next poll reports the same entry: then the event tells what that poll found.
 *
 * @param <K> the type of the keys
 */
@ProviderType
public interface Event<K> {

  /** {@return the key that the entry was registered under} */
  K key();

  /**
   * {@return the source that was registered under the key, the same object; null for a waker or a timer}
   */
  @Nullable
  Source source();

  /**
   * Whether a read, accept or receive will not block. Also true at the end of a stream, where read gives -1, and where
   * an error is waiting to be read; unread data comes before the end. Only where the interest includes
   * {@link Interest#READ}.
   *
   * @return whether the source can be read
   */
  boolean isReadable();

  /**
   * Whether a write will not block, or a connect has finished, well or not: {@code finishConnect} tells. Only where the
   * interest includes {@link Interest#WRITE}.
   *
   * @return whether the source can be written
   */
  boolean isWritable();

  /**
   * Whether exceptional data is there, such as an urgent byte of a TCP connection. Only where the interest includes
   * {@link Interest#PRIORITY}.
   *
   * @return whether there is exceptional data
   */
  boolean isPriority();

  /**
   * Whether the peer will send no more. Unread data may still be there. Only where the interest includes
   * {@link Interest#READ_CLOSED}, and once for each time the interest is set.
   *
   * @return whether the peer has closed its output
   */
  boolean isReadClosed();

  /**
   * Whether the other side has hung up: a socket closed in both directions, a pipe without a writer, a terminal that
   * is gone. Where the interest does not include {@link Interest#READ}, it is reported once and the entry is silent
   * until its interest is set again.
   *
   * @return whether the other side has hung up
   */
  boolean isHangup();

  /**
   * Whether the source has an error: a reset or refused connection, a pipe without a reader. The next read or write
   * tells which. Where the interest includes neither {@link Interest#READ} nor {@link Interest#WRITE}, it is reported
   * once and the entry is silent until its interest is set again.
   *
   * @return whether the source has an error
   */
  boolean isError();

  /**
   * Whether the source cannot be waited on: it was closed, or it is no descriptor. Its entry has been removed.
   *
   * @return whether the source is invalid
   */
  boolean isInvalid();

  /** {@return whether the entry is a {@linkplain Sources#waker waker} that was woken since it was last reported} */
  boolean isWake();

  /**
   * Whether the entry is a {@linkplain Sources#timer timer} whose time has come. One that is not periodic has left the
   * registry, so its key is free.
   *
   * @return whether a timer has expired
   */
  boolean isExpired();
}
