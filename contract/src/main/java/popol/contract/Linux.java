package popol.contract;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** The C functions of Linux that open descriptors of the kernel's own, one method for each, under its name. */
final class Linux {

  static final int IN_CREATE = 0x100;

  private static final int CLOCK_MONOTONIC = 1;
  private static final int SIG_BLOCK = 0;
  private static final int SIG_SETMASK = 2;
  private static final int SIGNAL_SET_SIZE = 128; // sigset_t
  private static final int PIDFD_OPEN = 434; // the number of the system call; glibc has had the function since 2.36

  private Linux() {}

  static int inotify_init1(int flags) throws IOException {
    return (int) Posix.call("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT), flags);
  }

  static void inotify_add_watch(int descriptor, String path, int mask) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Posix.call("inotify_add_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
          descriptor, arena.allocateFrom(path), mask);
    }
  }

  static int timerfd_create() throws IOException {
    return (int) Posix.call("timerfd_create", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CLOCK_MONOTONIC, 0);
  }

  /** Has it expire once, less than a second from now. */
  static void timerfd_settime(int descriptor, Duration delay) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(JAVA_LONG, 4); // struct itimerspec: interval, value
      time.setAtIndex(JAVA_LONG, 3, delay.toNanos());
      Posix.call("timerfd_settime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS),
          descriptor, 0, time, MemorySegment.NULL);
    }
  }

  static int pidfd_open(long process) throws IOException {
    return (int) Posix.call("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.firstVariadicArg(1), (long) PIDFD_OPEN, process, 0L);
  }

  /** A signal kept from this thread, and a descriptor that it is read from instead. */
  record SignalDescriptor(int number, MemorySegment maskBefore, Arena arena) implements AutoCloseable {

    static SignalDescriptor open(int signal) throws IOException {
      Arena arena = Arena.ofShared();
      MemorySegment set = arena.allocate(SIGNAL_SET_SIZE, Long.BYTES);
      MemorySegment before = arena.allocate(SIGNAL_SET_SIZE, Long.BYTES);
      Posix.call("sigemptyset", FunctionDescriptor.of(JAVA_INT, ADDRESS), set);
      Posix.call("sigaddset", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), set, signal);
      pthread_sigmask(SIG_BLOCK, set, before);
      int number = (int) Posix.call("signalfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
          -1, set, 0);
      return new SignalDescriptor(number, before, arena);
    }

    private static void pthread_sigmask(int how, MemorySegment set, MemorySegment before) throws IOException {
      Posix.call("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), how, set, before);
    }

    @Override
    public void close() throws IOException {
      Posix.close(number);
      pthread_sigmask(SIG_SETMASK, maskBefore, MemorySegment.NULL);
      arena.close();
    }
  }
}
