package popol.spi;

/**
 * One descriptor as a {@link Poller} sees it. It knows nothing of what the user gave, so a poller that still has a
 * watch keeps nothing of the user's reachable. Guarded by the registry's lock.
 */
public class Watch {

  private final long descriptor;
  private int interest; // what to look for, in bits of Readiness
  private int slot = -1; // where the poller keeps this watch; below 0 while the poller does not have it
  private int token; // the poller's note

  /**
   * A watch that no poller has yet.
   *
   * @param descriptor the file descriptor, or the {@code SOCKET}
   * @param interest what to look for: the bits of {@link Readiness#WANTED}
   */
  public Watch(long descriptor, int interest) {
    this.descriptor = descriptor;
    this.interest = interest;
  }

  /** {@return the file descriptor, or the {@code SOCKET}} */
  public final long descriptor() {
    return descriptor;
  }

  /** {@return what to look for: the bits of {@link Readiness#WANTED}} */
  public final int interest() {
    return interest;
  }

  /**
   * Changes what to look for. For the engine alone, which then calls {@link Poller#modify}.
   *
   * @param interest the bits of {@link Readiness#WANTED}
   */
  public final void interest(int interest) {
    this.interest = interest;
  }

  /** {@return where the poller keeps this watch; below 0 if it does not have it} */
  public final int slot() {
    return slot;
  }

  /**
   * Says where the poller keeps this watch. For pollers alone.
   *
   * @param slot its number, or -1 once it is removed
   */
  public final void slot(int slot) {
    this.slot = slot;
  }

  /** {@return what the poller has noted of this watch} */
  public final int token() {
    return token;
  }

  /**
   * Notes something of this watch. For pollers alone.
   *
   * @param token whatever the poller takes it for
   */
  public final void token(int token) {
    this.token = token;
  }

  /** {@return whether a poller has this watch} */
  public final boolean isInstalled() {
    return slot >= 0;
  }
}
