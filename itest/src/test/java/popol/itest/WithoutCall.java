package popol.itest;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Sources;
import popol.Waker;

/**
 * A program to which a filter of seccomp(2) refuses a call, as a sandbox's filter can that does not know it. The
 * argument is its name. The program opens a pipe of popol's, waits for many of the JDK's, on a platform thread and on a
 * virtual one, and prints {@code ok}, or why something is not opened.
 */
@SuppressWarnings("restricted")
final class WithoutCall {

  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final long SECCOMP_SET_MODE_FILTER = 1;
  private static final long SECCOMP_FILTER_FLAG_TSYNC = 1; // all threads of the process
  private static final int SECCOMP_RET_ERRNO = 0x50000;
  private static final int SECCOMP_RET_ALLOW = 0x7FFF0000;
  private static final int ENOSYS = 38;
  private static final short LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final short JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final short RETURN = 0x06; // BPF_RET | BPF_K
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
  private static final int SECCOMP = X86 ? 317 : 277;
  private static final Map<String, Integer> CALLS = X86
      ? Map.of("epoll_create1", 291, "epoll_pwait2", 441, "eventfd2", 290, "pipe2", 293)
      : Map.of("epoll_create1", 20, "epoll_pwait2", 441, "eventfd2", 19, "pipe2", 59);
  private static final int PIPES = 50;

  private WithoutCall() {}

  public static void main(String[] arguments) throws Throwable {
    startThePlatformsOwn();
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i < PIPES; i++) {
      pipes.add(Pipe.open()); // the JDK may need the call that is refused
    }
    refuse(CALLS.get(arguments[0]));
    try {
      PipeSource.open().close();
      waitForAll(pipes);
      System.out.println("ok");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void waitForAll(List<Pipe> pipes) throws Exception {
    try (Sources<Integer> sources = Sources.open()) {
      for (int i = 0; i < PIPES; i++) {
        sources.register(i, pipes.get(i).source(), Interest.READ);
      }
      Waker waker = sources.waker(PIPES);
      waitForEach(sources, pipes, waker);
      FutureTask<Void> task = new FutureTask<>(() -> {
        waitForEach(sources, pipes, waker);
        return null;
      });
      Thread.ofVirtual().start(task);
      task.get();
    }
  }

  /** Has the JDK open the instance by which virtual threads wait for its sockets: it cannot do without. */
  private static void startThePlatformsOwn() throws Exception {
    FutureTask<Void> task = new FutureTask<>(() -> {
      try (ServerSocketChannel server = ServerSocketChannel.open()
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          SocketChannel client = SocketChannel.open(server.getLocalAddress());
          SocketChannel accepted = server.accept()) {
        FutureTask<Integer> write = new FutureTask<>(() -> accepted.write(ByteBuffer.allocate(1)));
        Thread.ofVirtual().start(write);
        client.read(ByteBuffer.allocate(1));
        write.get();
      }
      return null;
    });
    Thread.ofVirtual().start(task);
    task.get();
  }

  private static void refuse(int call) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.firstVariadicArg(1));
    MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = arena.allocate(4 * 8, 8);
      instruct(filter, 0, LOAD_WORD, 0, 0); // the number of the call, seccomp_data.nr
      instruct(filter, 1, JUMP_IF_EQUAL, 1, call); // else one further
      instruct(filter, 2, RETURN, 0, SECCOMP_RET_ERRNO | ENOSYS);
      instruct(filter, 3, RETURN, 0, SECCOMP_RET_ALLOW);
      MemorySegment program =
          arena.allocate(MemoryLayout.structLayout(JAVA_SHORT, MemoryLayout.paddingLayout(6), ADDRESS));
      program.set(JAVA_SHORT, 0, (short) 4);
      program.set(ADDRESS, 8, filter);
      if ((int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0
          || (long) syscall.invokeExact((long) SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
              program) != 0) {
        throw new IOException("no filter of seccomp can be set here");
      }
      if ((long) syscall.invokeExact((long) call, -1L, -1L, MemorySegment.NULL) != -1) {
        throw new IOException("the filter refuses nothing");
      }
    }
  }

  /** A struct sock_filter. */
  private static void instruct(MemorySegment filter, int number, short code, int otherwise, int value) {
    MemorySegment instruction = filter.asSlice(8L * number, 8);
    instruction.set(JAVA_SHORT, 0, code);
    instruction.set(JAVA_BYTE, 3, (byte) otherwise);
    instruction.set(JAVA_INT, 4, value);
  }

  /** Writes to each pipe and wakes, while the wait has or has not begun, until all were heard once. */
  private static void waitForEach(Sources<Integer> sources, List<Pipe> pipes, Waker waker) throws Exception {
    Thread writer = Thread.ofPlatform().start(() -> {
      try {
        for (Pipe pipe : pipes) {
          pipe.sink().write(ByteBuffer.allocate(1));
        }
        waker.wake();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    for (int left = PIPES + 1; left > 0;) {
      for (Event<Integer> event : sources.poll()) {
        if (event.isReadable()) {
          pipes.get(event.key()).source().read(ByteBuffer.allocate(1));
        }
        left--;
      }
    }
    writer.join();
  }
}
