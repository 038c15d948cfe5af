package popol.spi;

import java.io.IOException;

/**
 * Watches the descriptors of many pollers for one thread, which so waits in place of many virtual threads. A descriptor
 * that was found is silent until it is armed again. Every method but {@link #await} can be called by any thread, also
 * during a wait.
 */
public interface SharedPoller extends AutoCloseable {

  /**
   * Has the next wait, or the one that is under way, find a descriptor once it is readable. A descriptor that is closed
   * is forgotten.
   *
   * @param descriptor a descriptor, see {@link Poller#pollable()}
   * @param id what the wait gives for it
   * @throws IOException if the kernel refuses it
   */
  void arm(long descriptor, int id) throws IOException;

  /**
   * Waits until a descriptor is readable, or the time has passed, or a signal came.
   *
   * @param milliseconds how long to wait at most
   * @param ids takes the ids of those that were found
   * @return how many were found
   * @throws IOException if the system call fails
   */
  int await(int milliseconds, int[] ids) throws IOException;

  /** Frees all that it holds of the kernel and of native memory. Called once, last. */
  @Override
  void close();
}
