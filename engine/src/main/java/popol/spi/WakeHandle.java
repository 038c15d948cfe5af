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
   * @throws IOException if the system refuses it, and the waiter sleeps on
   */
  void set() throws IOException;

  /** Makes the descriptor silent again. Does not block for longer than a wake takes to arrive. */
  void reset();

  /** Closes the kernel object. Called once, last. */
  @Override
  void close();
}
