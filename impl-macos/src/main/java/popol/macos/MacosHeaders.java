package popol.macos;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.StructLayout;
import popol.ffm.CFunction;

/**
 * What the C headers of macOS say beside {@link popol.unix.UnixHeaders}. The audit holds every field against the real
 * headers.
 */
final class MacosHeaders {

  // <errno.h>
  static final int EAGAIN = 35;
  static final int ENOSYS = 78;

  // <fcntl.h>, <unistd.h>
  static final int F_SETFD = 2;
  static final int F_SETFL = 4;
  static final int FD_CLOEXEC = 1;
  static final int O_NONBLOCK = 0x4;
  static final CFunction FCNTL = CFunction.of("fcntl", JAVA_INT, JAVA_INT, JAVA_INT).variadic(JAVA_INT);
  static final CFunction DUP2 = CFunction.of("dup2", JAVA_INT, JAVA_INT, JAVA_INT);
  static final CFunction PIPE = CFunction.of("pipe", JAVA_INT, ADDRESS);

  // <poll.h>
  static final CFunction POLL = CFunction.of("poll", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  // <sys/select.h>
  static final int FD_SETSIZE = 1024;
  static final CFunction SELECT = CFunction.of("select", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

  // <sys/resource.h>
  static final int RLIMIT_NOFILE = 8;

  // <sys/socket.h>
  static final int AF_INET6 = 30;
  static final int SOL_SOCKET = 0xffff;
  static final int SO_TYPE = 0x1008;
  static final int SO_ACCEPTCONN = 0x2;

  /** Apart, because popol needs no layout to start: it has the numbers, which a test holds against these. */
  static final class Structs {

    static final StructLayout FD_SET = structLayout(paddingLayout(128)).withName("fd_set");

    static final StructLayout TIMEVAL = structLayout(
        JAVA_LONG.withName("tv_sec"),
        JAVA_INT.withName("tv_usec"),
        paddingLayout(4))
        .withName("struct timeval");

    static final StructLayout SOCKADDR =
        structLayout(JAVA_BYTE, JAVA_BYTE.withName("sa_family"), paddingLayout(14)).withName("struct sockaddr");

    private Structs() {}
  }

  private MacosHeaders() {}
}
