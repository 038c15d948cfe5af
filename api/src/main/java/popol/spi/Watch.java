package popol.spi;

/**
 * One descriptor as a {@link Poller} sees it. The engine sets what is wanted; the slot is the poller's own.
 */
public class Watch {

  private final long descriptor;
  private int interest; // of Readiness; guarded by the registry's lock
  private int slot = -1; // the poller's; below 0 while it does not have this watch
  private int token; // the poller's

  /**
   * A watch that no poller has yet.
   *
   * @param descriptor the file descriptor, or the {@code SOCKET}
   * @param interest what to look for: {@link Readiness#READABLE}, {@code WRITABLE} and {@code PRIORITY}
   */
  protected Watch(long descriptor, int interest) {
    this.descriptor = descriptor;
    this.interest = interest;
  }

  /** {@return the file descriptor, or the {@code SOCKET}} */
  public final long descriptor() {
    return descriptor;
  }

  /** {@return what to look for: {@link Readiness#READABLE}, {@code WRITABLE} and {@code PRIORITY}} */
  public final int interest() {
    return interest;
  }

  final void interest(int interest) {
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
