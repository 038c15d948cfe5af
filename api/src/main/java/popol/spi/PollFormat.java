package popol.spi;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.StructLayout;

/**
 * How an operating system lays out an entry of {@code poll}'s array, and the values of its flags.
 *
 * @param size bytes of an entry
 * @param wide whether the descriptor, at offset 0, has 8 bytes instead of 4
 * @param events offset of what is asked for, 2 bytes
 * @param revents offset of what is found, 2 bytes
 * @param in flag to ask for, and report of, {@link Readiness#READABLE}
 * @param out flag of {@link Readiness#WRITABLE}
 * @param pri flag of {@link Readiness#PRIORITY}
 * @param err flag of {@link Readiness#ERROR}
 * @param hup flag of {@link Readiness#HANGUP}
 * @param nval flag of {@link Readiness#INVALID}
 */
public record PollFormat(
    int size, boolean wide, int events, int revents, int in, int out, int pri, int err, int hup, int nval) {

  /**
   * The format of Unix systems, Linux and macOS alike. In numbers, because asking a layout for them takes as long at
   * start-up as linking {@code poll} does; a test holds them against {@link UnixHeaders.Structs#POLLFD}.
   */
  public static final PollFormat UNIX = new PollFormat(
      8,
      false,
      4,
      6,
      UnixHeaders.POLLIN,
      UnixHeaders.POLLOUT,
      UnixHeaders.POLLPRI,
      UnixHeaders.POLLERR,
      UnixHeaders.POLLHUP,
      UnixHeaders.POLLNVAL);

  /**
   * The format of a struct.
   *
   * @param entry a struct with the members {@code fd}, {@code events} and {@code revents}
   * @param in flag to ask for, and report of, {@link Readiness#READABLE}
   * @param out flag of {@link Readiness#WRITABLE}
   * @param pri flag of {@link Readiness#PRIORITY}
   * @param err flag of {@link Readiness#ERROR}
   * @param hup flag of {@link Readiness#HANGUP}
   * @param nval flag of {@link Readiness#INVALID}
   */
  public PollFormat(StructLayout entry, int in, int out, int pri, int err, int hup, int nval) {
    this(
        (int) entry.byteSize(),
        entry.select(groupElement("fd")).byteSize() == Long.BYTES,
        (int) entry.byteOffset(groupElement("events")),
        (int) entry.byteOffset(groupElement("revents")),
        in, out, pri, err, hup, nval);
  }

  /**
   * The flags to ask for.
   *
   * @param interest bits of {@link Readiness}
   * @return flags
   */
  public short flags(int interest) {
    return (short) (((interest & Readiness.READABLE) != 0 ? in : 0)
        | ((interest & Readiness.WRITABLE) != 0 ? out : 0)
        | ((interest & Readiness.PRIORITY) != 0 ? pri : 0));
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
        | ((flags & err) != 0 ? Readiness.ERROR : 0)
        | ((flags & hup) != 0 ? Readiness.HANGUP : 0)
        | ((flags & nval) != 0 ? Readiness.INVALID : 0);
  }

  /**
   * What all flags mean, to be looked up where that is done for each event.
   *
   * @return {@link #readiness} of an index, whose length is a power of two; a flag that it has no bit for means nothing
   */
  public byte[] meanings() {
    byte[] meanings = new byte[Integer.highestOneBit(in | out | pri | err | hup | nval) * 2];
    for (int flags = 0; flags < meanings.length; flags++) {
      meanings[flags] = (byte) readiness(flags);
    }
    return meanings;
  }
}
