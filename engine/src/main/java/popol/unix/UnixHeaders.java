package popol.unix;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import popol.ffm.CFunction;
import popol.spi.PollFormat;

/**
 * What the C headers of all Unix systems say alike: each field is a macro under its name, a type, a struct or a
 * function. The audit holds every field of this class, and of its like in each bundle, against the real headers. A
 * layout without a name is a member that popol does not use; an empty one at the end has another length on each system.
 */
public final class UnixHeaders {

  // <errno.h>

  /** A signal came. */
  public static final int EINTR = 4;

  /** No open descriptor. */
  public static final int EBADF = 9;

  static final int ENOMEM = 12;

  /** For {@code poll}: more entries than descriptors are allowed. */
  public static final int EINVAL = 22;

  static final int ENFILE = 23;
  static final int EPERM = 1;
  static final int EMFILE = 24;
  static final int EPIPE = 32;

  // <poll.h>

  static final int POLLIN = 0x1;
  static final int POLLPRI = 0x2;
  static final int POLLOUT = 0x4;
  static final int POLLERR = 0x8;
  static final int POLLHUP = 0x10;
  static final int POLLNVAL = 0x20;

  // <sys/socket.h>, <netinet/in.h>, <sys/un.h>

  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;

  /** Gives the address that a socket is bound to. */
  public static final CFunction GETSOCKNAME = CFunction.of("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  /** Gives the address that a socket is connected to. */
  public static final CFunction GETPEERNAME = CFunction.of("getpeername", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  /** Gives an option of a socket. */
  public static final CFunction GETSOCKOPT =
      CFunction.of("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  // <unistd.h>

  /** Reads. */
  public static final CFunction READ = CFunction.of("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  /** Writes. */
  public static final CFunction WRITE = CFunction.of("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  /** Closes. */
  public static final CFunction CLOSE = CFunction.of("close", JAVA_INT, JAVA_INT);

  // <sys/resource.h>

  /** Gives a limit of this process. */
  public static final CFunction GETRLIMIT = CFunction.of("getrlimit", JAVA_INT, JAVA_INT, ADDRESS);

  /**
   * The layout of {@code struct pollfd}, and its flags.
   *
   * @param rdhup the value of POLLRDHUP; 0 where there is none
   * @return the format of {@code poll}'s array
   */
  public static PollFormat pollFormat(int rdhup) {
    return new PollFormat(8, false, 4, 6, POLLIN, POLLOUT, POLLPRI, rdhup, POLLERR, POLLHUP, POLLNVAL);
  }

  /** Apart, because a program that waits on few descriptors needs none of them to start. */
  static final class Structs {

    static final StructLayout POLLFD = structLayout(
        JAVA_INT.withName("fd"),
        JAVA_SHORT.withName("events"),
        JAVA_SHORT.withName("revents"))
        .withName("struct pollfd");

    static final ValueLayout.OfInt SOCKLEN_T = JAVA_INT.withName("socklen_t");

    static final StructLayout SOCKADDR_STORAGE = structLayout(paddingLayout(128)).withName("struct sockaddr_storage");

    static final StructLayout SOCKADDR_IN = structLayout(
        paddingLayout(2),
        JAVA_SHORT.withName("sin_port"),
        JAVA_INT.withName("sin_addr"),
        paddingLayout(8))
        .withName("struct sockaddr_in");

    static final StructLayout SOCKADDR_IN6 = structLayout(
        paddingLayout(2),
        JAVA_SHORT.withName("sin6_port"),
        paddingLayout(4),
        sequenceLayout(16, JAVA_BYTE).withName("sin6_addr"),
        JAVA_INT.withName("sin6_scope_id"))
        .withName("struct sockaddr_in6");

    static final StructLayout SOCKADDR_UN =
        structLayout(paddingLayout(2), sequenceLayout(0, JAVA_BYTE).withName("sun_path"))
            .withName("struct sockaddr_un");

    static final StructLayout RLIMIT =
        structLayout(JAVA_LONG.withName("rlim_cur"), JAVA_LONG.withName("rlim_max")).withName("struct rlimit");

    private Structs() {}
  }

  private UnixHeaders() {}
}
