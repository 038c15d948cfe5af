package popol;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A registry of what one thread waits for: sources, wakers and timers, each under a key of the user's.
 *
 * {@snippet :
 * try (Sources<Key> sources = Sources.open()) {
 *   sources.register(new Listener(), listener, Interest.READ);
 *   while (true) {
 *     Events<Key> events = sources.poll(Duration.ofSeconds(6));
 *     if (events.isEmpty()) {
 *       System.out.println("nothing for six seconds");
 *     }
 *     for (Event<Key> event : events) {
 *       switch (event.key()) {
 *         case Listener l -> accept();
 *         case Peer p when event.isReadable() -> read(p);
 *         case Peer p -> write(p);
 *       }
 *     }
 *   }
 * }
 * }
 *
 * <p><b>Threads.</b> One thread polls at a time. Everything else can be called from any thread, also while a poll
 * waits: the wait takes the change in without returning and without starting its timeout again.
 *
 * <p><b>Cost.</b> Registering and changing interest cost no system call while nobody waits. A poll allocates nothing
 * once the registry has reached its size. Native memory belongs to the registry; {@link #close} frees it.
 *
 * <p><b>Closing.</b> After {@link #close} every method but {@code close} throws {@link ClosedSelectorException}.
 *
 * @param <K> the type of the keys, which are used in a hash map: they need {@code equals} and {@code hashCode}, and a
 *     {@code toString} for error messages
 */
@ProviderType
public interface Sources<K> extends AutoCloseable {

  /**
   * Opens an empty registry through the implementation for this operating system, found on the class path or in
   * popol's module layer. In OSGi get the service {@link Popol} and call its {@code open}.
   *
   * @param <K> the type of the keys
   * @return an open registry
   * @throws IOException if the system has no descriptors or memory left
   * @throws IllegalStateException if there is no implementation, or it may not call native code; the message says what
   *     to do
   */
  static <K> Sources<K> open() throws IOException {
    return Popol.provider().open();
  }

  /**
   * Registers a source under a key. What is ready already is found by the next poll.
   *
   * @param key the key of its events
   * @param source what to wait on
   * @param interest what to report of it
   * @throws IllegalArgumentException if the key is registered, or the descriptor is registered under another key or is
   *     the registry's own, or the source's owner is closed or of a kind that has no descriptor. A key or descriptor
   *     whose source has been closed makes way
   * @throws IllegalStateException if the descriptor of a JDK object cannot be had; the message names the flag
   * @throws ClosedSelectorException if the registry is closed
   */
  void register(K key, Source source, Interest interest);

  /**
   * Registers a channel: {@code register(key, Source.of(channel), interest)}.
   *
   * @param key the key of its events
   * @param channel what to wait on
   * @param interest what to report of it
   * @throws IllegalArgumentException as {@link #register(Object, Source, Interest)}
   * @throws IllegalStateException as {@link #register(Object, Source, Interest)}
   * @throws ClosedSelectorException if the registry is closed
   */
  default void register(K key, SelectableChannel channel, Interest interest) {
    register(key, Source.of(channel), interest);
  }

  /**
   * Removes an entry: a source, a waker or a timer. An event of it that has been found but not yet read is not
   * delivered. The source itself is left open, also if it is {@linkplain Source#owned() owned}.
   *
   * @param key the key of the entry
   * @return whether the key was registered
   * @throws ClosedSelectorException if the registry is closed
   */
  boolean unregister(K key);

  /**
   * Adds to the interest in a source.
   *
   * @param key the key of a source
   * @param interest what to add
   * @return whether the key is registered
   * @throws IllegalArgumentException if the key is a waker or a timer
   * @throws ClosedSelectorException if the registry is closed
   */
  boolean enable(K key, Interest interest);

  /**
   * Takes from the interest in a source.
   *
   * @param key the key of a source
   * @param interest what to take away
   * @return whether the key is registered
   * @throws IllegalArgumentException if the key is a waker or a timer
   * @throws ClosedSelectorException if the registry is closed
   */
  boolean disable(K key, Interest interest);

  /**
   * Replaces the interest in a source. Setting it, also to what it was, makes a source speak again that fell silent
   * after a hang-up or an error.
   *
   * @param key the key of a source
   * @param interest what to report from now on
   * @return whether the key is registered
   * @throws IllegalArgumentException if the key is a waker or a timer
   * @throws ClosedSelectorException if the registry is closed
   */
  boolean interest(K key, Interest interest);

  /**
   * The interest in a source.
   *
   * @param key a key
   * @return the interest; empty if the key is unknown, or is a waker's or a timer's
   * @throws ClosedSelectorException if the registry is closed
   */
  Optional<Interest> interest(K key);

  /**
   * The source under a key, the same object that was registered.
   *
   * @param key a key
   * @return the source; empty if the key is unknown, or is a waker's or a timer's
   * @throws ClosedSelectorException if the registry is closed
   */
  Optional<Source> source(K key);

  /**
   * Registers a waker under a key. A registry can have any number of them.
   *
   * @param key the key of its events
   * @return the waker
   * @throws IllegalArgumentException if the key is registered
   * @throws ClosedSelectorException if the registry is closed
   */
  Waker waker(K key);

  /**
   * Sets a timer, which gives one event once the time has passed, never earlier. Called again with the same key it
   * starts anew; an expiry found but not yet read is then not delivered. When a poll returns the expiry, the timer has
   * left the registry: its key is free in the handler. {@link #unregister} cancels it before that.
   *
   * @param key the key of its event
   * @param delay the time from now on; zero expires at once
   * @throws IllegalArgumentException if the key is registered and no timer, or the delay is negative
   * @throws ClosedSelectorException if the registry is closed
   */
  void timer(K key, Duration delay);

  /**
   * Sets a periodic timer. Its times are on a fixed grid: the delay from now, and each period after that. However late
   * a poll comes, it reports one event for all the times that have passed, and the next one is on the grid. The key
   * stays registered until {@link #unregister}. Called again with the same key the timer starts anew.
   *
   * @param key the key of its events
   * @param delay the time from now to the first event; zero expires at once
   * @param period the time between two events
   * @throws IllegalArgumentException if the key is registered and no timer, the delay is negative, or the period is not
   *     positive
   * @throws ClosedSelectorException if the registry is closed
   */
  void timer(K key, Duration delay, Duration period);

  /**
   * Waits until an entry has something to report, without a timeout. An empty registry waits too, for a change.
   *
   * @return what was found, never empty
   * @throws InterruptedException if the thread was interrupted before or during the wait; nothing is lost, the next
   *     poll finds it
   * @throws IOException if the system call fails: more entries than the descriptor limit, or no memory; the registry
   *     still works once that is mended
   * @throws ClosedSelectorException if the registry is closed, before or during the wait
   * @throws IllegalStateException if another thread is polling
   */
  Events<K> poll() throws IOException, InterruptedException;

  /**
   * Waits until an entry has something to report, or the timeout has passed. Never returns early with nothing.
   * {@code Duration.ZERO} looks once. Timeouts have the resolution of the system's call: nanoseconds on Linux,
   * milliseconds, rounded up, on macOS and Windows.
   *
   * @param timeout how long to wait at most
   * @return what was found; empty if and only if the timeout passed
   * @throws InterruptedException as {@link #poll()}
   * @throws IOException as {@link #poll()}
   * @throws IllegalArgumentException if the timeout is negative
   * @throws ClosedSelectorException as {@link #poll()}
   * @throws IllegalStateException as {@link #poll()}
   */
  Events<K> poll(Duration timeout) throws IOException, InterruptedException;

  /**
   * How many entries there are: sources, wakers and timers.
   *
   * @return the number of keys
   * @throws ClosedSelectorException if the registry is closed
   */
  int size();

  /**
   * Whether there are no entries.
   *
   * @return whether there are none
   * @throws ClosedSelectorException if the registry is closed
   */
  boolean isEmpty();

  /**
   * Whether a key is registered.
   *
   * @param key a key
   * @return whether there is an entry under it
   * @throws ClosedSelectorException if the registry is closed
   */
  boolean contains(K key);

  /**
   * The keys at this moment.
   *
   * @return an unmodifiable copy
   * @throws ClosedSelectorException if the registry is closed
   */
  Set<K> keys();

  /**
   * A table for people of what the registry holds: for each entry its key, kind, descriptor, interest, state, whether
   * it is owned, next expiry and number of events so far; and who is polling, since when, and by which call of the
   * system. Its form is not part of the contract. It can be called from any thread, also while another one polls: no
   * lock is held while a key is asked for its text. It keeps nothing reachable.
   *
   * @return some lines of text, the first about the registry itself; one line if it is closed
   */
  String describe();

  /** {@return whether the registry is open; a closed one answers only this question and {@link #describe}} */
  boolean isOpen();

  /**
   * Closes the registry: ends a wait with {@link ClosedSelectorException}, removes all entries, frees native memory and
   * descriptors of its own, closes the sources that it {@linkplain Source#owned() owns}, and returns when that is done.
   * Other sources stay open. Can be called again, and from any thread.
   *
   * <p>A registry that was never closed is freed by the JDK's cleaner some time after nobody can reach it any more, and
   * a line of the logger {@code popol} says so. Sources that it owned stay open then.
   *
   * @throws java.io.UncheckedIOException if an owned source could not be closed; all others have been, and the registry
   *     is closed
   */
  @Override
  void close();
}
