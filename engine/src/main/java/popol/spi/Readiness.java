package popol.spi;

import popol.Interest;

/** What a source can be, as bits of an {@code int}: the same on every operating system. */
public final class Readiness {

  /** A read does not block. */
  public static final int READABLE = 1;

  /** A write does not block. */
  public static final int WRITABLE = 1 << 1;

  /** Exceptional data is there. */
  public static final int PRIORITY = 1 << 2;

  /** The peer sends no more. */
  public static final int READ_CLOSED = 1 << 3;

  /** The other side has hung up. */
  public static final int HANGUP = 1 << 4;

  /** The source has an error. */
  public static final int ERROR = 1 << 5;

  /** The source is closed or no descriptor. */
  public static final int INVALID = 1 << 6;

  /** A waker was woken. */
  public static final int WAKE = 1 << 7;

  /** The time of a timer has come. */
  public static final int EXPIRED = 1 << 8;

  /** What an interest can ask for. Hang-up, error and invalid are always reported. */
  public static final int WANTED = READABLE | WRITABLE | PRIORITY | READ_CLOSED;

  private Readiness() {}

  /**
   * What an interest asks for.
   *
   * @param interest the interest
   * @return bits of {@link #WANTED}
   */
  public static int of(Interest interest) {
    return (interest.includes(Interest.READ) ? READABLE : 0)
        | (interest.includes(Interest.WRITE) ? WRITABLE : 0)
        | (interest.includes(Interest.PRIORITY) ? PRIORITY : 0)
        | (interest.includes(Interest.READ_CLOSED) ? READ_CLOSED : 0);
  }

  /**
   * What to report of what the kernel said. Hang-up and error are always reported. A read that finds either does not
   * block: it gives the data, the end or the error. So a reader is told that it can read, also where the kernel says
   * only hang-up (a pipe) or only error (an ICMP answer to a datagram). A writer is told of an error likewise, but not
   * of a hang-up: on some systems a socket whose peer has closed its output has hung up and can be full. A hang-up
   * implies that the peer sends no more.
   *
   * @param found what the kernel said
   * @param interest what the source's interest asks for
   * @return what to report; 0 for nothing
   */
  public static int reported(int found, int interest) {
    int reported = found & (interest | HANGUP | ERROR);
    if ((found & (HANGUP | ERROR)) != 0) {
      reported |= interest & READABLE;
      if ((found & ERROR) != 0) {
        reported |= interest & WRITABLE;
      }
      if ((found & HANGUP) != 0) {
        reported |= interest & READ_CLOSED;
      }
    }
    return reported;
  }
}
