package popol.contract;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The C functions that the tests call for raw descriptors, one method for each, under its name. */
final class Posix {

  private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");

  static final int O_RDWR = 2;
  static final int O_NONBLOCK = MAC ? 0x4 : 0x800;
  static final int O_NOCTTY = MAC ? 0x20000 : 0x100;
  static final int SIGWINCH = 28; // ignored unless somebody asks for it
  static final int MSG_OOB = 1;

  private static final int F_GETFL = 3;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int RLIMIT_NOFILE = MAC ? 8 : 7;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private Posix() {}

  /** The two ends of a pipe, or two sockets connected to each other. */
  record Pair(int first, int second) implements AutoCloseable {
    @Override
    public void close() {
      Posix.close(first);
      Posix.close(second);
    }
  }

  /** The first is the read end, the second the write end. */
  static Pair pipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      call("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS), ends);
      return new Pair(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
    }
  }

  /** Two stream sockets of the Unix domain. */
  static Pair socketpair() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      call("socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
          AF_UNIX, SOCK_STREAM, 0, ends);
      return new Pair(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
    }
  }

  /** A TCP socket. */
  static int socket() throws IOException {
    return (int) call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), AF_INET, SOCK_STREAM, 0);
  }

  /** Connects a TCP socket to a port of 127.0.0.1. */
  static void connect(int descriptor, int port) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(16); // struct sockaddr_in: family, port, address, padding
      if (MAC) {
        address.set(JAVA_BYTE, 0, (byte) 16);
        address.set(JAVA_BYTE, 1, (byte) AF_INET);
      } else {
        address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort(0, (short) AF_INET);
      }
      address.asByteBuffer().putShort(2, (short) port).putInt(4, 0x7f000001);
      call("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), descriptor, address, 16);
    }
  }

  static String read(int descriptor, int count) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(count);
      long got = call("read", TRANSFER, descriptor, buffer, (long) count);
      return text(buffer, got);
    }
  }

  static String recv(int descriptor, int count, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(count);
      long got = call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
          descriptor, buffer, (long) count, flags);
      return text(buffer, got);
    }
  }

  static void write(int descriptor, String text) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      call("write", TRANSFER, descriptor, arena.allocateFrom(JAVA_BYTE, bytes), (long) bytes.length);
    }
  }

  /** Whatever it returns, the descriptor is gone. */
  static void close(int descriptor) {
    try {
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), descriptor);
    } catch (IOException ignored) {
      // Not open: the tests close some descriptors early.
    }
  }

  /** Opens a file or directory for reading; {@code open} is variadic, but not with these two arguments. */
  static int open(String path) throws IOException {
    return open(path, 0);
  }

  /** The same with flags. */
  static int open(String path, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return (int) call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2),
          arena.allocateFrom(path), flags);
    }
  }

  /** Makes a pipe that has a name. */
  static void mkfifo(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      call("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), arena.allocateFrom(path), 0600);
    }
  }

  /** The process that leads the session of this one. */
  static long getsid() throws IOException {
    return call("getsid", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 0);
  }

  static int dup(int descriptor) throws IOException {
    return (int) call("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT), descriptor);
  }

  static void dup2(int descriptor, int number) throws IOException {
    call("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), descriptor, number);
  }

  /** {@code fcntl(descriptor, F_GETFL)}, a variadic call: some processors pass those differently. */
  static int fcntlGetFlags(int descriptor) throws IOException {
    return (int) call("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2),
        descriptor, F_GETFL);
  }

  /** The limit of open descriptors that counts now. */
  static long getrlimit() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return limits(arena).getAtIndex(JAVA_LONG, 0);
    }
  }

  /** Sets the limit of open descriptors that counts now; the one up to which it can be raised stays. */
  static void setrlimit(long limit) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = limits(arena);
      limits.setAtIndex(JAVA_LONG, 0, limit);
      call("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), RLIMIT_NOFILE, limits);
    }
  }

  private static MemorySegment limits(Arena arena) throws IOException {
    MemorySegment limits = arena.allocate(JAVA_LONG, 2); // rlim_cur, rlim_max
    call("getrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), RLIMIT_NOFILE, limits);
    return limits;
  }

  /** Has a signal call a C function, whose address this is; gives what it did before. */
  static MemorySegment signal(int signal, MemorySegment handler) {
    try {
      return (MemorySegment) link("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS))
          .invoke(signal, handler);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static long pthread_self() {
    try {
      return (long) link("pthread_self", FunctionDescriptor.of(JAVA_LONG)).invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void pthread_kill(long thread, int signal) {
    try {
      int failure = (int) link("pthread_kill", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT))
          .invoke(thread, signal);
      if (failure != 0) {
        throw new IllegalStateException("pthread_kill failed: errno " + failure);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The address of a C function. */
  static MemorySegment function(String name) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(name);
  }

  /** The bytes of native memory in use, by glibc's {@code mallinfo2}; empty where that is missing. */
  static Optional<Long> mallinfo2() {
    StructLayout layout = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, JAVA_LONG)); // ten size_t
    return Linker.nativeLinker().defaultLookup().find("mallinfo2").map(address -> {
      try (Arena arena = Arena.ofConfined()) {
        SegmentAllocator allocator = arena;
        MemorySegment info = (MemorySegment) link("mallinfo2", FunctionDescriptor.of(layout)).invoke(allocator);
        return info.getAtIndex(JAVA_LONG, 4) + info.getAtIndex(JAVA_LONG, 7); // hblkhd and uordblks
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static String text(MemorySegment buffer, long length) {
    return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  /** Calls a C function that returns nothing, or an integer that is below 0 where it fails. */
  static long call(String name, FunctionDescriptor descriptor, Object... arguments) throws IOException {
    return result(name, link(name, descriptor, Linker.Option.captureCallState("errno")), arguments);
  }

  /** The same of a variadic function. */
  static long call(String name, FunctionDescriptor descriptor, Linker.Option option, Object... arguments)
      throws IOException {
    return result(name, link(name, descriptor, option, Linker.Option.captureCallState("errno")), arguments);
  }

  private static long result(String name, MethodHandle handle, Object... arguments) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      Object[] all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      long result = handle.invokeWithArguments(all) instanceof Number number ? number.longValue() : 0;
      if (result < 0) {
        throw new IOException(name + " failed: errno " + state.get(JAVA_INT, ERRNO));
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(function(name), descriptor, options);
  }
}
