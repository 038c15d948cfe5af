package popol;

import java.util.Objects;

/**
 * What a registry reports of a source: a set of {@link #READ}, {@link #WRITE}, {@link #PRIORITY} and
 * {@link #READ_CLOSED}, and the mode {@link #ONCE}.
 *
 * <p>Hang-up, error and invalid are not in the set: a registry always reports them, also for {@link #NONE}.
 *
 * <p>Interests are immutable. There are 32 of them, so {@code ==} compares them and no method allocates.
 */
public final class Interest {

  private static final String[] NAMES = {"READ", "WRITE", "PRIORITY", "READ_CLOSED", "ONCE"};
  private static final Interest[] ALL = new Interest[1 << NAMES.length];

  static {
    for (int bits = 0; bits < ALL.length; bits++) {
      ALL[bits] = new Interest(bits);
    }
  }

  /** Nothing but hang-up, error and invalid. */
  public static final Interest NONE = ALL[0];

  /** A read, an accept or a receive does not block: data is there, or a connection, an end, an error. */
  public static final Interest READ = ALL[1];

  /** A write does not block, or a connect has finished, well or not. */
  public static final Interest WRITE = ALL[2];

  /** {@link #READ} and {@link #WRITE}. */
  public static final Interest READ_WRITE = ALL[3];

  /** Exceptional data: an urgent byte of a TCP connection, a packet-mode change of a pseudo-terminal's master. */
  public static final Interest PRIORITY = ALL[4];

  /**
   * The peer will send no more: it closed the connection, or shut down its output. It is reported also while unread
   * data is there, so that a program which holds a peer back hears that the peer left.
   *
   * <p>It is reported once for each time the interest is set. Unread data may still be there: read to the end. A
   * hang-up implies it. On Linux it is {@code POLLRDHUP} (poll(2)). The kernel must have the end: a TCP peer whose last
   * data does not fit into the receive buffer is heard of only when that data has been read, so set a timer besides.
   * macOS's {@code poll} tells of it only together with {@link #READ}, or when nothing is unread. On Windows it is
   * {@code POLLHUP} of {@code WSAPoll}.
   */
  public static final Interest READ_CLOSED = ALL[8];

  /**
   * A mode, for use with any of the others: what is found is reported once, and the source is silent until its interest
   * is set again. So a worker thread can have the source meanwhile, without a second call that makes it silent.
   */
  public static final Interest ONCE = ALL[16];

  private final int bits;
  private final String name;

  private Interest(int bits) {
    this.bits = bits;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((bits & 1 << i) != 0) {
        text.append(text.isEmpty() ? "" : "+").append(NAMES[i]);
      }
    }
    name = bits == 0 ? "NONE" : text.toString();
  }

  /**
   * This interest and the other one's.
   *
   * @param other what to add
   * @return what is in either
   */
  public Interest plus(Interest other) {
    return ALL[bits | bitsOf(other)];
  }

  /**
   * This interest without the other one's.
   *
   * @param other what to take away
   * @return what is in this one alone
   */
  public Interest minus(Interest other) {
    return ALL[bits & ~bitsOf(other)];
  }

  /**
   * Whether all of another interest is in this one. {@link #NONE} is in every interest.
   *
   * @param other what to look for
   * @return whether all of it is here
   */
  public boolean includes(Interest other) {
    return (bits & bitsOf(other)) == other.bits;
  }

  /** {@return the names joined by a plus sign, such as {@code READ+WRITE}; {@code NONE} for the empty set} */
  @Override
  public String toString() {
    return name;
  }

  private static int bitsOf(Interest interest) {
    return Objects.requireNonNull(interest, "interest is null; Interest.NONE is the empty one").bits;
  }
}
