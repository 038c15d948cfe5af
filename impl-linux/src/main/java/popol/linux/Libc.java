package popol.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import popol.spi.FileCalls;

/**
 * The C functions and constants of Linux that popol uses, one method for each function, under its name. A result below
 * 0 is the negative of errno. What not every program needs is linked when it is first called.
 */
final class Libc {

  // <poll.h>
  static final int POLLIN = 0x1;
  static final int POLLPRI = 0x2;
  static final int POLLOUT = 0x4;
  static final int POLLERR = 0x8;
  static final int POLLHUP = 0x10;
  static final int POLLNVAL = 0x20;

  // <fcntl.h>; eventfd's flags have the same values
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  // <errno.h>
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;

  // <sys/resource.h>
  private static final int RLIMIT_NOFILE = 7;

  static final FileCalls FILES = new Files();

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  // int poll(struct pollfd *fds, nfds_t nfds, int timeout); nfds_t is unsigned long
  private static final MethodHandle POLL =
      linkPlain("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  // int eventfd(unsigned int initval, int flags)
  private static final MethodHandle EVENTFD = link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private Libc() {}

  /** Memory to capture errno in, one for each place that calls, so that no call allocates. */
  static MemorySegment newErrno(Arena arena) {
    return arena.allocate(STATE);
  }

  /**
   * Below 0 it failed; {@link #pollNow} tells why. The platform slices the memory for errno on each call that captures
   * it, which is garbage wherever the compiler does not see through, so the calls that wait do not capture it.
   */
  static int poll(MemorySegment array, long count, int milliseconds) {
    try {
      return (int) POLL.invokeExact(array, count, milliseconds);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** As {@link #poll}. */
  static int ppoll(MemorySegment array, long count, MemorySegment timespec) {
    try {
      return (int) Ppoll.HANDLE.invokeExact(array, count, timespec, MemorySegment.NULL);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@code poll} without waiting: after one that failed, it fails for the same reason, unless that was a signal. */
  static int pollNow(MemorySegment array, long count, MemorySegment errno) {
    try {
      return result((int) PollNow.HANDLE.invokeExact(errno, array, count, 0), errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int eventfd(int value, int flags, MemorySegment errno) {
    try {
      return result((int) EVENTFD.invokeExact(errno, value, flags), errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int pipe2(MemorySegment ends, int flags, MemorySegment errno) {
    try {
      return result((int) Pipe2.HANDLE.invokeExact(errno, ends, flags), errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The exception for a call that failed. */
  static IOException failure(String call, int errno) {
    return new IOException(call + " failed: " + switch (errno) {
      case EMFILE -> "this process has no descriptors left, RLIMIT_NOFILE is " + descriptorLimit()
          + " (EMFILE): raise it with ulimit -n, or close something";
      case ENFILE -> "the system has no descriptors left (ENFILE)";
      case ENOMEM -> "the kernel has no memory left (ENOMEM)";
      default -> "errno " + errno;
    });
  }

  /** The exception for more entries than {@code poll} takes. */
  static IOException tooMany(int count) {
    return new IOException("poll failed: " + count + " entries, popol's own included, are more than RLIMIT_NOFILE, which is "
        + descriptorLimit() + " (EINVAL): raise it with ulimit -n, or unregister some");
  }

  private static String descriptorLimit() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(JAVA_LONG, 2); // rlim_cur, rlim_max
      MemorySegment errno = newErrno(arena);
      int result = (int) Getrlimit.HANDLE.invokeExact(errno, RLIMIT_NOFILE, limits);
      return result == 0 ? Long.toUnsignedString(limits.get(JAVA_LONG, 0)) : "unknown";
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int result(int returned, MemorySegment errno) {
    return returned >= 0 ? returned : -errno.get(JAVA_INT, ERRNO);
  }

  private static long result(long returned, MemorySegment errno) {
    return returned >= 0 ? returned : -errno.get(JAVA_INT, ERRNO);
  }

  /** invokeExact declares Throwable; a handle to a C function throws nothing. */
  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException exception) {
      return exception;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }

  private static MethodHandle link(String name, FunctionDescriptor descriptor) {
    return linkPlain(name, descriptor, Linker.Option.captureCallState("errno"));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle linkPlain(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** {@code int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask)}. */
  private static final class Ppoll {
    static final MethodHandle HANDLE =
        linkPlain("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
  }

  /** {@code int poll(struct pollfd *fds, nfds_t nfds, int timeout)}, with errno. */
  private static final class PollNow {
    static final MethodHandle HANDLE = link("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  }

  /** {@code int pipe2(int pipefd[2], int flags)}. */
  private static final class Pipe2 {
    static final MethodHandle HANDLE = link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  }

  /** {@code int getrlimit(int resource, struct rlimit *rlim)}. */
  private static final class Getrlimit {
    static final MethodHandle HANDLE = link("getrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  }

  private static final class Files implements FileCalls {

    private static final FunctionDescriptor TRANSFER =
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    /** {@code ssize_t read(int fd, void *buf, size_t count)}. */
    private static final class Read {
      static final MethodHandle HANDLE = link("read", TRANSFER);
    }

    /** {@code ssize_t write(int fd, const void *buf, size_t count)}. */
    private static final class Write {
      static final MethodHandle HANDLE = link("write", TRANSFER);
    }

    /** {@code int close(int fd)}. */
    private static final class Close {
      static final MethodHandle HANDLE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    @Override
    public long read(int descriptor, MemorySegment buffer, MemorySegment errno) {
      try {
        return result((long) Read.HANDLE.invokeExact(errno, descriptor, buffer, buffer.byteSize()), errno);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    @Override
    public long write(int descriptor, MemorySegment buffer, MemorySegment errno) {
      try {
        return result((long) Write.HANDLE.invokeExact(errno, descriptor, buffer, buffer.byteSize()), errno);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    @Override
    public void close(int descriptor) {
      try (Arena arena = Arena.ofConfined()) {
        int ignored = (int) Close.HANDLE.invokeExact(newErrno(arena), descriptor);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    @Override
    public int wouldBlock() {
      return EAGAIN;
    }
  }
}
