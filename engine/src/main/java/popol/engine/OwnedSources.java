package popol.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Closes the sources that a registry owns, after it has been closed itself. */
final class OwnedSources {

  private OwnedSources() {}

  /**
   * Closes all of them, one after another, whatever one throws.
   *
   * @param first the first one, the next one behind each as {@link Entry#after}; or null
   * @throws UncheckedIOException the first failure, if there was one, with the others as suppressed ones
   */
  static void close(@Nullable Entry<?> first) {
    Throwable failure = null;
    Entry<?> entry = first;
    while (entry != null) {
      Entry<?> next = entry.after;
      entry.after = null; // an event that somebody holds keeps no other one
      try {
        ((AutoCloseable) ((SourceEntry<?>) entry).owner()).close();
      } catch (Throwable e) {
        failure = failure == null ? e : withSuppressed(failure, e);
      }
      entry = next;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure != null) {
      throw new UncheckedIOException("an owned source could not be closed",
          failure instanceof IOException io ? io : new IOException(failure));
    }
  }

  /** The first failure; without memory the others cannot be told with it. */
  private static Throwable withSuppressed(Throwable first, Throwable other) {
    try {
      if (first != other) {
        first.addSuppressed(other);
      }
    } catch (OutOfMemoryError e) {
      // the sources that are left still have to be closed
    }
    return first;
  }
}
