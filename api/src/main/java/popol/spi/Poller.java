package popol.spi;

import java.io.IOException;

/**
 * The kernel's half of a registry: waits on a set of descriptors.
 *
 * <p>The engine sees to it that one thread at a time calls these methods, and none of them during {@link #await}. A
 * watch is added, modified while it is in, and removed; all three right before a wait, so that a poller can hand the
 * changes to the kernel in one go. Two watches of one descriptor are never in at the same time.
 */
public interface Poller extends AutoCloseable {

  /**
   * Takes a watch in and gives it a {@linkplain Watch#slot(int) slot}.
   *
   * @param watch one that is not in
   * @throws IOException if the kernel cannot take it
   */
  void add(Watch watch) throws IOException;

  /**
   * Takes in that the interest of a watch has changed.
   *
   * @param watch one that is in
   * @throws IOException if the kernel cannot take it
   */
  void modify(Watch watch) throws IOException;

  /**
   * Takes a watch out and sets its slot to -1. Its descriptor may be closed by now, or another file's.
   *
   * @param watch one that is in
   */
  void remove(Watch watch);

  /**
   * Waits until a watch has something to report, the time has passed, or the wake handle's watch is readable. Can
   * return early with 0 (a signal came): the engine looks at the clock and calls again.
   *
   * @param nanos how long to wait at most, in nanoseconds, rounded up to what the system can; 0 looks once, below 0
   *     waits without end
   * @return how many watches have something to report
   * @throws IOException if the system call fails; its message says what to do
   */
  int await(long nanos) throws IOException;

  /**
   * Looks at each watch by itself. For a poller to whom the kernel does not tell that a descriptor was closed. Called
   * now and then while there are raw ones, so that it takes a hundredth of the time.
   *
   * @return how many watches have something to report
   * @throws IOException if the system call fails
   */
  default int examine() throws IOException {
    return 0;
  }

  /**
   * Hands over what the last wait found.
   *
   * @param found what {@link #await} or {@link #examine} returned
   * @param visitor called once for each
   */
  void collect(int found, Visitor visitor);

  /** Frees all that the poller holds of the kernel and of native memory. Called once, last. */
  @Override
  void close();

  /** Takes what a wait found. */
  interface Visitor {

    /**
     * One watch has something to report.
     *
     * @param watch a watch that is in
     * @param readiness bits of {@link Readiness}, as the kernel said it, whatever the interest
     */
    void found(Watch watch, int readiness);
  }
}
