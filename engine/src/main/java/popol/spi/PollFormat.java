package popol.spi;

/**
 * How an operating system lays out an entry of {@code poll}'s array, and the values of its flags. In numbers, because
 * asking a layout for them takes as long at start-up as linking a call does; a test holds them against the layouts,
 * which the audit holds against the headers.
 *
 * @param size bytes of an entry
 * @param wide whether the descriptor, at offset 0, has 8 bytes instead of 4
 * @param events offset of what is asked for, 2 bytes
 * @param revents offset of what is found, 2 bytes
 * @param in flag to ask for, and report of, {@link Readiness#READABLE}
 * @param out flag of {@link Readiness#WRITABLE}
 * @param pri flag of {@link Readiness#PRIORITY}
 * @param rdhup flag of {@link Readiness#READ_CLOSED}; 0 where there is none
 * @param err flag of {@link Readiness#ERROR}
 * @param hup flag of {@link Readiness#HANGUP}
 * @param nval flag of {@link Readiness#INVALID}
 */
public record PollFormat(
    int size, boolean wide, int events, int revents, int in, int out, int pri, int rdhup, int err, int hup, int nval) {

  /**
   * The flags to ask for.
   *
   * @param interest bits of {@link Readiness}
   * @return flags
   */
  public int flags(int interest) {
    return ((interest & Readiness.READABLE) != 0 ? in : 0)
        | ((interest & Readiness.WRITABLE) != 0 ? out : 0)
        | ((interest & Readiness.PRIORITY) != 0 ? pri : 0)
        | ((interest & Readiness.READ_CLOSED) != 0 ? rdhup : 0);
  }

  /**
   * What flags mean.
   *
   * @param flags what the system reported
   * @return bits of {@link Readiness}
   */
  public int readiness(int flags) {
    return ((flags & in) != 0 ? Readiness.READABLE : 0)
        | ((flags & out) != 0 ? Readiness.WRITABLE : 0)
        | ((flags & pri) != 0 ? Readiness.PRIORITY : 0)
        | ((flags & rdhup) != 0 ? Readiness.READ_CLOSED : 0)
        | ((flags & err) != 0 ? Readiness.ERROR : 0)
        | ((flags & hup) != 0 ? Readiness.HANGUP : 0)
        | ((flags & nval) != 0 ? Readiness.INVALID : 0);
  }
}
