package popol.unix;

import java.io.IOException;
import popol.ffm.NativeMemory;

/**
 * The numbers in which Unix systems differ, and the errors that they share.
 *
 * @param wouldBlock the value of EAGAIN
 * @param noSystemCall the value of ENOSYS
 * @param descriptorLimit the value of RLIMIT_NOFILE
 * @param inet6 the value of AF_INET6
 * @param family where {@code struct sockaddr} has its family: at 0 with two bytes, or at 1 with one, as in the BSDs
 * @param socketLevel the value of SOL_SOCKET
 * @param type the value of SO_TYPE
 * @param listening the value of SO_ACCEPTCONN
 */
public record UnixSystem(
    int wouldBlock, int noSystemCall, int descriptorLimit, int inet6, int family, int socketLevel, int type,
    int listening) {

  /**
   * The exception for a call that failed.
   *
   * @param call the name of the function
   * @param errno why it failed
   * @return the exception to throw, whose message says what to do
   */
  public IOException failure(String call, int errno) {
    return new IOException(call + " failed: " + reason(errno));
  }

  private String reason(int errno) {
    if (errno == UnixHeaders.EMFILE) {
      return "this process has no descriptors left, RLIMIT_NOFILE is " + limit()
          + " (EMFILE): raise it with ulimit -n, or close something";
    }
    if (errno == UnixHeaders.ENFILE) {
      return "the system has no descriptors left (ENFILE)";
    }
    if (errno == UnixHeaders.ENOMEM) {
      return "the kernel has no memory left (ENOMEM)";
    }
    if (errno == UnixHeaders.EPERM || errno == noSystemCall) {
      return "the system refuses this call (errno " + errno
          + "): a sandbox or container forbids it, on Linux by a filter"
          + " of seccomp(2) that has to allow it, or the kernel is older than the call";
    }
    return "errno " + errno;
  }

  /**
   * The exception for more entries than {@code poll} takes.
   *
   * @param count how many
   * @return the exception to throw, whose message says what to do
   */
  public IOException tooMany(int count) {
    return new IOException("poll failed: " + count + " entries, popol's own one included, are more than RLIMIT_NOFILE,"
        + " which is " + limit() + " (EINVAL): raise it with ulimit -n, or unregister some");
  }

  private String limit() {
    NativeMemory memory = NativeMemory.allocate(Long.BYTES * 2); // rlim_cur and rlim_max
    try {
      return UnixCalls.getrlimit(memory, descriptorLimit, memory.address()) == 0
          ? Long.toUnsignedString(memory.bytes().getLong(0))
          : "unknown";
    } finally {
      memory.free();
    }
  }
}
