package popol.linux;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import popol.spi.CFunction;

/** What the C headers of Linux say, as {@link popol.spi.UnixHeaders} has it: the audit holds every field against them. */
final class LinuxHeaders {

  // <errno.h>
  static final int EAGAIN = 11;

  // <fcntl.h>, <unistd.h>
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final CFunction PIPE2 = CFunction.of("pipe2", JAVA_INT, ADDRESS, JAVA_INT);

  // <poll.h>, <time.h>
  static final StructLayout TIMESPEC =
      structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_nsec")).withName("struct timespec");
  static final CFunction POLL = CFunction.of("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  static final CFunction PPOLL = CFunction.of("ppoll", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

  // <sys/eventfd.h>
  static final int EFD_NONBLOCK = 0x800;
  static final int EFD_CLOEXEC = 0x80000;
  static final ValueLayout.OfLong EVENTFD_T = JAVA_LONG.withName("eventfd_t");
  static final CFunction EVENTFD = CFunction.of("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);

  // <sys/resource.h>
  static final int RLIMIT_NOFILE = 7;

  // <sys/socket.h>
  static final int AF_INET6 = 10;
  static final int SOL_SOCKET = 1;
  static final int SO_TYPE = 3;
  static final int SO_ACCEPTCONN = 30;
  static final StructLayout SOCKADDR =
      structLayout(JAVA_SHORT.withName("sa_family"), paddingLayout(14)).withName("struct sockaddr");

  private LinuxHeaders() {}
}
