package popol.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's half of a registry: waits on a set of descriptors.
 *
 * <p>The engine sees to it that one thread at a time calls these methods, and none of them during {@link #await}. A
 * watch is added, modified while the poller has it, and removed, all three right before a wait, so that a poller can
 * hand the changes to the kernel in one go. The poller never has two watches of one descriptor.
 *
 * <p>A method that throws, whatever it throws, has changed nothing: the engine calls it again before the next wait.
 */
public interface Poller extends AutoCloseable {

  /**
   * Says how a thread of the poller's own ends the wait that is under way, when something is ready that the kernel's
   * call cannot wait for. Called once, first.
   *
   * @param endWait may be called by any thread that holds no lock which another method of the poller needs; does
   *     nothing while there is no wait
   */
  default void onReady(Runnable endWait) {}

  /**
   * Adds a watch and gives it a {@linkplain Watch#slot(int) slot}.
   *
   * @param watch one that the poller does not have
   * @throws IOException if the kernel refuses it
   */
  void add(Watch watch) throws IOException;

  /**
   * Takes in that the interest of a watch has changed.
   *
   * @param watch one that the poller has
   * @throws IOException if the kernel refuses it
   */
  void modify(Watch watch) throws IOException;

  /**
   * Removes a watch and sets its slot to -1. Its descriptor may be closed by now, or another file's. Throws nothing and
   * allocates nothing.
   *
   * @param watch one that the poller has
   */
  void remove(Watch watch);

  /**
   * Waits until a watch has something to report, the time has passed, or the wake handle's watch is readable. It can
   * return early with nothing (a signal came): the engine looks at the clock and calls again.
   *
   * @param nanos how long to wait at most, in nanoseconds, rounded up to what the system can; 0 looks once, below 0
   *     waits without end
   * @return whether something is found, to be collected
   * @throws IOException if the system call fails; its message says what to do
   */
  boolean await(long nanos) throws IOException;

  /**
   * Whether {@link #await} can take a moment even if it only looks. The engine then looks without the registry's lock.
   *
   * @return whether it can, with the watches that the poller has now
   */
  default boolean canBlock() {
    return false;
  }

  /**
   * Looks at each watch by itself. For a poller to whom the kernel does not tell that a descriptor was closed.
   *
   * @return whether something is found, to be collected; it takes the place of what the last wait found
   * @throws IOException if the system call fails
   */
  default boolean examine() throws IOException {
    return false;
  }

  /**
   * Hands over what the last wait found. It makes no call that fails and allocates nothing.
   *
   * @param visitor called once for each watch that has something to report
   */
  void collect(Visitor visitor);

  /** {@return how the poller would wait now, for people: the name of the system's function} */
  String mechanism();

  /** {@return the descriptor that the poller has opened for itself; -1 if there is none} */
  default long descriptor() {
    return -1;
  }

  /**
   * A descriptor that is readable while the poller has something to report, so that one thread can wait for many
   * pollers. The poller opens it if need be. The engine asks before each wait.
   *
   * @return a watch of the descriptor, another one for each descriptor that is opened; null if the poller has none now
   */
  default @Nullable Watch pollable() {
    return null;
  }

  /** Frees all that the poller holds of the kernel and of native memory. Called once, last. */
  @Override
  void close();

  /** Takes what a wait found. */
  interface Visitor {

    /**
     * One watch has something to report.
     *
     * @param watch a watch that the poller has
     * @param readiness bits of {@link Readiness}, as the kernel said it, whatever the interest
     */
    void found(Watch watch, int readiness);
  }
}
