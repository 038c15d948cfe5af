package popol.linux;

import popol.ffm.NativeFunction;
import popol.ffm.NativeMemory;
import popol.unix.UnixSystem;

/**
 * The C functions that popol uses of Linux alone, one method for each function, under its name. A result below 0 is the
 * negative of {@code errno}. Pointers are addresses. What is called in every wait, or for every change, is called once
 * more where it fails, to be told why: a call that waits, without time. What had a lasting reason fails again; a signal
 * has passed.
 */
final class Libc {

  static final UnixSystem SYSTEM = new UnixSystem(
      LinuxHeaders.EAGAIN,
      LinuxHeaders.ENOSYS,
      LinuxHeaders.RLIMIT_NOFILE,
      LinuxHeaders.AF_INET6,
      0,
      LinuxHeaders.SOL_SOCKET,
      LinuxHeaders.SO_TYPE,
      LinuxHeaders.SO_ACCEPTCONN);

  private static final NativeFunction POLL = NativeFunction.of(LinuxHeaders.POLL);
  private static final NativeFunction PPOLL = NativeFunction.of(LinuxHeaders.PPOLL);
  private static final NativeFunction EVENTFD = NativeFunction.of(LinuxHeaders.EVENTFD);
  private static final NativeFunction EVENTFD_READ = NativeFunction.of(LinuxHeaders.EVENTFD_READ);
  private static final NativeFunction EVENTFD_WRITE = NativeFunction.of(LinuxHeaders.EVENTFD_WRITE);
  private static final NativeFunction EPOLL_CREATE1 = NativeFunction.of(LinuxHeaders.EPOLL_CREATE1);
  private static final NativeFunction EPOLL_CTL = NativeFunction.of(LinuxHeaders.EPOLL_CTL);
  private static final NativeFunction EPOLL_WAIT = NativeFunction.of(LinuxHeaders.EPOLL_WAIT);
  private static final NativeFunction PIPE2 = NativeFunction.of(LinuxHeaders.PIPE2);
  private static final NativeFunction DUP3 = NativeFunction.of(LinuxHeaders.DUP3);

  private Libc() {}

  static int poll(NativeMemory memory, long entries, int count, int milliseconds) {
    int result = POLL.plain(entries, count, milliseconds, 0);
    return result >= 0 ? result : (int) POLL.call(memory, entries, count, 0);
  }

  /** Without a signal mask. */
  static int ppoll(NativeMemory memory, long entries, int count, long timespec) {
    int result = PPOLL.plain(entries, count, timespec, 0);
    return result >= 0 ? result : (int) POLL.call(memory, entries, count, 0);
  }

  static int eventfd(NativeMemory memory, int value, int flags) {
    return (int) EVENTFD.call(memory, value, flags);
  }

  static int eventfd_read(NativeMemory memory, int eventfd, long value) {
    int result = EVENTFD_READ.plain(eventfd, value, 0, 0);
    return result >= 0 ? result : (int) EVENTFD_READ.call(memory, eventfd, value);
  }

  static int eventfd_write(NativeMemory memory, int eventfd, long value) {
    int result = EVENTFD_WRITE.plain(eventfd, value, 0, 0);
    return result >= 0 ? result : (int) EVENTFD_WRITE.call(memory, eventfd, value);
  }

  static int epoll_create1(NativeMemory memory, int flags) {
    return (int) EPOLL_CREATE1.call(memory, flags);
  }

  static int epoll_ctl(NativeMemory memory, int epoll, int operation, int descriptor, long event) {
    int result = EPOLL_CTL.plain(epoll, operation, descriptor, event);
    return result >= 0 ? result : (int) EPOLL_CTL.call(memory, epoll, operation, descriptor, event);
  }

  static int epoll_wait(NativeMemory memory, int epoll, long events, int count, int milliseconds) {
    int result = EPOLL_WAIT.plain(epoll, events, count, milliseconds);
    return result >= 0 ? result : (int) EPOLL_WAIT.call(memory, epoll, events, count, 0);
  }

  static int pipe2(NativeMemory memory, long ends, int flags) {
    return (int) PIPE2.call(memory, ends, flags);
  }

  static int dup3(NativeMemory memory, int descriptor, int number, int flags) {
    return (int) DUP3.call(memory, descriptor, number, flags);
  }
}
