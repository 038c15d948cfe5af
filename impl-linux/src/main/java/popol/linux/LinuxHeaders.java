package popol.linux;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import popol.ffm.CFunction;

/**
 * What the C headers of Linux say, as {@link popol.unix.UnixHeaders} has it: the audit holds every field against them.
 */
final class LinuxHeaders {

  // <errno.h>
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EAGAIN = 11;
  static final int EEXIST = 17;
  static final int ENOSYS = 38;

  // <fcntl.h>, <unistd.h>
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final CFunction PIPE2 = CFunction.of("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
  static final CFunction DUP3 = CFunction.of("dup3", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

  // <poll.h>, <time.h>
  static final int POLLRDHUP = 0x2000;
  static final CFunction POLL = CFunction.of("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  static final CFunction PPOLL = CFunction.of("ppoll", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

  // <sys/epoll.h>
  static final int EPOLL_CLOEXEC = 0x80000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;
  static final int EPOLLIN = 0x1;
  static final int EPOLLPRI = 0x2;
  static final int EPOLLOUT = 0x4;
  static final int EPOLLERR = 0x8;
  static final int EPOLLHUP = 0x10;
  static final int EPOLLRDHUP = 0x2000;
  static final int EPOLLONESHOT = 0x40000000;
  static final CFunction EPOLL_CREATE1 = CFunction.of("epoll_create1", JAVA_INT, JAVA_INT);
  static final CFunction EPOLL_CTL = CFunction.of("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  static final CFunction EPOLL_WAIT = CFunction.of("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  // <sys/eventfd.h>
  static final int EFD_NONBLOCK = 0x800;
  static final int EFD_CLOEXEC = 0x80000;
  static final ValueLayout.OfLong EVENTFD_T = JAVA_LONG.withName("eventfd_t");
  static final CFunction EVENTFD = CFunction.of("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  static final CFunction EVENTFD_READ = CFunction.of("eventfd_read", JAVA_INT, JAVA_INT, ADDRESS);
  static final CFunction EVENTFD_WRITE = CFunction.of("eventfd_write", JAVA_INT, JAVA_INT, EVENTFD_T);

  // <sys/resource.h>
  static final int RLIMIT_NOFILE = 7;

  // <sys/socket.h>
  static final int AF_INET6 = 10;
  static final int SOL_SOCKET = 1;
  static final int SO_TYPE = 3;
  static final int SO_ACCEPTCONN = 30;

  /** Apart, as a program that waits on few descriptors needs none of them to start. */
  static final class Structs {

    static final StructLayout TIMESPEC =
        structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_nsec")).withName("struct timespec");
    /** The compiler packs it on x86-64 alone. */
    static final StructLayout EPOLL_EVENT = System.getProperty("os.arch").equals("amd64")
        ? structLayout(JAVA_INT.withName("events"), JAVA_LONG_UNALIGNED.withName("data")).withName("struct epoll_event")
        : structLayout(JAVA_INT.withName("events"), paddingLayout(4), JAVA_LONG.withName("data"))
            .withName("struct epoll_event");
    static final StructLayout SOCKADDR =
        structLayout(JAVA_SHORT.withName("sa_family"), paddingLayout(14)).withName("struct sockaddr");

    private Structs() {}
  }

  private LinuxHeaders() {}
}
