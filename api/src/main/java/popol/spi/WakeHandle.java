package popol.spi;

/**
 * A kernel object that ends a wait from another thread: readable once it is set, until it is reset. The engine calls
 * its methods one at a time.
 */
public interface WakeHandle extends AutoCloseable {

  /** {@return the descriptor that is readable while the handle is set} */
  long descriptor();

  /** Makes the descriptor readable. */
  void set();

  /** Makes the descriptor silent again. */
  void reset();

  /** Closes the kernel object. Called once, last. */
  @Override
  void close();
}
