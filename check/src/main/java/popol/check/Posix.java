package popol.check;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** The C functions of Linux that the checks call themselves, one method for each. They share no code with popol. */
final class Posix {

  static final int POLLIN = 1;
  static final int POLLPRI = 2;
  static final int POLLOUT = 4;
  static final int POLLERR = 8;
  static final int POLLHUP = 16;
  static final int POLLRDHUP = 0x2000;

  /** What poll is asked for; it tells of an error and a hang-up in any case. */
  static final int ASKED = POLLIN | POLLPRI | POLLOUT | POLLRDHUP;

  static final int SIGWINCH = 28; // ignored unless somebody asks for it

  static final int POLLFD_SIZE = 8; // int fd; short events, revents

  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int MSG_OOB = 1;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int HIGH = 700; // from here on no system call gives a number by itself
  private static final int HIGH_COUNT = 3000; // numbers, so that one that is closed is not given again soon
  private static final int ROOM = 1 << 16;

  private static final MethodHandle PIPE2 = link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SOCKETPAIR =
      link("socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle FCNTL = link("fcntl",
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
  private static final MethodHandle DUP3 = link("dup3", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ = link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle RECV =
      link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle POLL = link("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle GETTID = link("gettid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle TGKILL =
      link("tgkill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  private static final MethodHandle SIGNAL = link("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));

  /** Ten numbers, of which the fifth is what big blocks take and the eighth what all others take: mallinfo(3). */
  private static final MemoryLayout MALLINFO = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, JAVA_LONG));
  private static final MethodHandle MALLINFO2 = link("mallinfo2", FunctionDescriptor.of(MALLINFO));

  private static final MemorySegment BUFFER = Arena.global().allocate(ROOM); // what is in it does not matter

  private static final AtomicInteger MOVED = new AtomicInteger();

  private Posix() {}

  /** Two descriptors with numbers that are not given to anything else. */
  record Pair(int first, int second) {}

  /** A pipe that does not block: its read end, and its write end. */
  static Pair pipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      check("pipe2", call(() -> (int) PIPE2.invokeExact(ends, O_NONBLOCK | O_CLOEXEC)));
      return high(ends);
    }
  }

  /** Two stream sockets of the Unix domain that do not block. */
  static Pair socketpair() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      int type = SOCK_STREAM | O_NONBLOCK | O_CLOEXEC;
      check("socketpair", call(() -> (int) SOCKETPAIR.invokeExact(AF_UNIX, type, 0, ends)));
      return high(ends);
    }
  }

  private static Pair high(MemorySegment ends) throws IOException {
    return new Pair(high(ends.getAtIndex(JAVA_INT, 0)), high(ends.getAtIndex(JAVA_INT, 1)));
  }

  private static int high(int descriptor) throws IOException {
    int moved = dup(descriptor);
    close(descriptor);
    return moved;
  }

  /** Another number for the same file, which is not given to anything else. */
  static int dup(int descriptor) throws IOException {
    int from = HIGH + Math.floorMod(MOVED.getAndIncrement(), HIGH_COUNT);
    return (int) check("fcntl", call(() -> (int) FCNTL.invokeExact(descriptor, F_DUPFD_CLOEXEC, from)));
  }

  /** Gives a number to a file. */
  static void dup(int descriptor, int number) throws IOException {
    check("dup3", call(() -> (int) DUP3.invokeExact(descriptor, number, O_CLOEXEC)));
  }

  static void close(int descriptor) {
    call(() -> (int) CLOSE.invokeExact(descriptor));
  }

  /** Reads up to so many bytes; 0 at the end, below 0 if there are none, or the read fails. */
  static int read(int descriptor, int count) {
    return (int) call(() -> (long) READ.invokeExact(descriptor, BUFFER, (long) Math.min(count, ROOM)));
  }

  /** Writes up to so many bytes; below 0 if there is no room, or the write fails. */
  static int write(int descriptor, int count) {
    return (int) call(() -> (long) WRITE.invokeExact(descriptor, BUFFER, (long) Math.min(count, ROOM)));
  }

  /** Takes an urgent byte. */
  static void takeUrgent(int descriptor) throws IOException {
    check("recv", call(() -> (long) RECV.invokeExact(descriptor, BUFFER, 1L, MSG_OOB)));
  }

  /** Asks the kernel, without waiting, of an array of {@code struct pollfd}. */
  static void poll(MemorySegment array, int count) throws IOException {
    check("poll", call(() -> (int) POLL.invokeExact(array, (long) count, 0)));
  }

  /** Has a signal end the system calls of the thread that it is sent to, and do nothing else. */
  @SuppressWarnings("restricted")
  static void handle(int signal) {
    MemorySegment harmless = Linker.nativeLinker().defaultLookup().findOrThrow("abs"); // takes an int, changes nothing
    call(() -> ((MemorySegment) SIGNAL.invokeExact(signal, harmless)).address());
  }

  /** The memory that C code has allocated and not freed, the JVM's own code included, in bytes. */
  static long allocated() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = (MemorySegment) MALLINFO2.invokeExact((SegmentAllocator) arena);
      return told.getAtIndex(JAVA_LONG, 4) + told.getAtIndex(JAVA_LONG, 7);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The kernel's number of the current thread. */
  static int gettid() {
    return (int) call(() -> (int) GETTID.invokeExact());
  }

  /** Sends a signal to a thread of this process; says whether there is such a thread. */
  static boolean tgkill(int thread, int signal) {
    int process = (int) ProcessHandle.current().pid();
    return call(() -> (int) TGKILL.invokeExact(process, thread, signal)) == 0;
  }

  private interface Call {
    long make() throws Throwable;
  }

  private static long call(Call call) {
    try {
      return call.make();
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static long check(String name, long result) throws IOException {
    if (result < 0) {
      throw new IOException(name + " of the check's own has failed");
    }
    return result;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }
}
