package popol.spi;

import java.io.IOException;

/**
 * A kernel object that ends a wait from another thread: readable once it is set, until it is reset. The engine calls
 * its methods one at a time.
 */
public interface WakeHandle extends AutoCloseable {

  /** {@return the descriptor that is readable while the handle is set} */
  long descriptor();

  /**
   * Whether a descriptor is one of the handle's own.
   *
   * @param descriptor a descriptor
   * @return whether closing or reading it would break the handle
   */
  default boolean owns(long descriptor) {
    return descriptor == descriptor();
  }

  /**
   * Makes the descriptor readable. Called once before the handle is reset.
   *
   * @throws IOException if the system refuses it; the waiter sleeps on, or finds by a reset that the handle is broken
   */
  void set() throws IOException;

  /**
   * Makes the descriptor silent again. Does not block: a wake that is still on its way makes the descriptor readable
   * once more.
   *
   * @return whether the handle can be set again; if not, the engine opens another one in its place
   */
  boolean reset();

  /** Closes the kernel object. Called once, last. */
  @Override
  void close();
}
