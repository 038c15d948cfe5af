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

  /** The other side has hung up. */
  public static final int HANGUP = 1 << 3;

  /** The source has an error. */
  public static final int ERROR = 1 << 4;

  /** The source is closed or no descriptor. */
  public static final int INVALID = 1 << 5;

  static final int WAKE = 1 << 6;
  static final int EXPIRED = 1 << 7;

  /** What an interest can ask for; the rest is always reported. */
  static final int WANTED = READABLE | WRITABLE | PRIORITY;

  private Readiness() {}

  static int of(Interest interest) {
    return (interest.includes(Interest.READ) ? READABLE : 0)
        | (interest.includes(Interest.WRITE) ? WRITABLE : 0)
        | (interest.includes(Interest.PRIORITY) ? PRIORITY : 0);
  }

  /**
   * What to report of what the kernel said. Hang-up and error are always reported. A read that finds either does not
   * block: it gives the data, the end or the error, so a reader is told that it can read, also where the kernel says
   * only hang-up (a pipe) or only error (an ICMP answer to a datagram). A writer is told of an error likewise, but not
   * of a hang-up: half-closed by its peer, a socket of some systems has hung up and can be full.
   */
  static int reported(int found, int interest) {
    int reported = found & (interest | HANGUP | ERROR);
    if ((found & (HANGUP | ERROR)) != 0) {
      reported |= interest & READABLE;
    }
    if ((found & ERROR) != 0) {
      reported |= interest & WRITABLE;
    }
    return reported;
  }
}
