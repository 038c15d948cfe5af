package popol.bench.wait;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a wait that returns at once is made of, on Linux: the system call by the platform's linker in three ways, what
 * popol does around it, each alone, and the whole.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {
  "--enable-native-access=ALL-UNNAMED", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED"})
@SuppressWarnings("restricted")
public class Layers {

  private static final int SOURCES = 16; // enough for epoll
  private static final long MOST = 64; // events a wait
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64"); // epoll_ctl(2)
  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PLAIN = LINKER.downcallHandle(function("epoll_wait"), SHAPE);
  private static final MethodHandle CRITICAL =
      LINKER.downcallHandle(function("epoll_wait"), SHAPE, Linker.Option.critical(false));
  private static final MethodHandle ERROR_NUMBER =
      LINKER.downcallHandle(function("epoll_wait"), SHAPE, Linker.Option.captureCallState("errno"));
  private static final MemorySegment STATE = Arena.global().allocate(Linker.Option.captureStateLayout());

  /** Made by JMH. */
  public Layers() {}

  private static MemorySegment function(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  /** Connections that are watched by an epoll instance, a registry and a selector. */
  @State(Scope.Thread)
  public static class Watched {

    /** How many are ready. */
    @Param({"0", "1"}) public int ready;

    private final Connections connections = new Connections();
    private final MemorySegment events = Arena.global().allocate((PACKED ? 12 : 16) * MOST, Long.BYTES);
    private final long address = events.address();
    private final ReentrantLock lock = new ReentrantLock();
    private PopolWaiter popol;
    private Selector selector;
    private long epoll;

    /** Made by JMH. */
    public Watched() {}

    /**
     * Connects and registers.
     *
     * @throws Throwable if that fails
     */
    @Setup
    public void open() throws Throwable {
      popol = new PopolWaiter();
      selector = Selector.open();
      connections.connect(SOURCES, ready);
      MethodHandle create = LINKER.downcallHandle(function("epoll_create1"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      MethodHandle control = LINKER.downcallHandle(function("epoll_ctl"), SHAPE);
      epoll = (int) create.invokeExact(0);
      for (Peer peer : connections.peers()) {
        popol.register(peer);
        peer.channel.register(selector, SelectionKey.OP_READ, peer);
        events.set(JAVA_INT_UNALIGNED, 0, 1); // EPOLLIN
        events.set(JAVA_LONG_UNALIGNED, PACKED ? 4 : 8, 0);
        long descriptor = Descriptors.of(peer.channel);
        if ((int) (long) control.invokeExact(epoll, 1L, descriptor, address) != 0) { // EPOLL_CTL_ADD
          throw new IOException("epoll_ctl failed");
        }
      }
    }

    /**
     * Drops everything.
     *
     * @throws Throwable if that fails
     */
    @TearDown
    public void close() throws Throwable {
      MethodHandle close = LINKER.downcallHandle(function("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      int ignored = (int) close.invokeExact((int) epoll);
      popol.close();
      selector.close();
      connections.close();
    }
  }

  /**
   * The system call, and the way into native code and back.
   *
   * @param state what is watched
   * @return how many are ready
   * @throws Throwable never
   */
  @Benchmark
  public long callPlain(Watched state) throws Throwable {
    return (long) PLAIN.invokeExact(state.epoll, state.address, MOST, 0L);
  }

  /**
   * The same without the change of the thread's state: no collection can begin meanwhile.
   *
   * @param state what is watched
   * @return how many are ready
   * @throws Throwable never
   */
  @Benchmark
  public long callCritical(Watched state) throws Throwable {
    return (long) CRITICAL.invokeExact(state.epoll, state.address, MOST, 0L);
  }

  /**
   * The same with the error number, which popol asks for only where a call has failed.
   *
   * @param state what is watched
   * @return how many are ready
   * @throws Throwable never
   */
  @Benchmark
  public long callWithErrorNumber(Watched state) throws Throwable {
    return (long) ERROR_NUMBER.invokeExact(STATE, state.epoll, state.address, MOST, 0L);
  }

  /**
   * A lock that nobody else wants.
   *
   * @param state the lock
   * @return whether it is held
   */
  @Benchmark
  public boolean lock(Watched state) {
    state.lock.lock();
    try {
      return state.lock.isHeldByCurrentThread();
    } finally {
      state.lock.unlock();
    }
  }

  /** {@return the time} */
  @Benchmark
  public long clock() {
    return System.nanoTime();
  }

  /** {@return whether the thread has been interrupted} */
  @Benchmark
  public boolean interrupted() {
    return Thread.currentThread().isInterrupted();
  }

  /**
   * The whole of popol, with the events.
   *
   * @param state what is watched
   * @return how many are ready
   * @throws Exception if that fails
   */
  @Benchmark
  public int popol(Watched state) throws Exception {
    return state.popol.look();
  }

  /**
   * The whole of the JDK's selector, with the events.
   *
   * @param state what is watched
   * @return how many are ready
   * @throws IOException if that fails
   */
  @Benchmark
  public int selector(Watched state) throws IOException {
    return state.selector.selectNow(key -> {
      if (key.isReadable()) {
        ((Peer) key.attachment()).readable++;
      }
    });
  }
}
