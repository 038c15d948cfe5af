package startup;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.Pipe;

/** Waits by epoll by hand: the least that the platform's linker takes, with one shape of call for all functions. */
public final class Floor extends Waits {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL = LINKER.downcallHandle(
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
      Linker.Option.captureCallState("errno"));
  private static final long EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final long MOST = 64; // events a wait
  // struct epoll_event is packed on x86-64 alone: its bytes, and where its data are; see epoll_ctl(2)
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
  private static final long EVENT = PACKED ? 12 : 16;
  private static final long DATA = PACKED ? 4 : 8;

  private final MemorySegment state = Arena.global().allocate(Linker.Option.captureStateLayout());
  private final MemorySegment events = Arena.global().allocate(EVENT * MOST, Long.BYTES);
  private final MemorySegment wait = function("epoll_wait");
  private final MemorySegment control = function("epoll_ctl");
  private final long epoll;

  private Floor() throws Throwable {
    epoll = (long) CALL.invokeExact(function("epoll_create1"), state, 0L, 0L, 0L, 0L);
  }

  public static void main(String[] numbers) throws Throwable {
    new Floor().run(numbers);
  }

  private static MemorySegment function(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  @Override
  void register(int number, Pipe.SourceChannel source) throws Throwable {
    events.set(JAVA_INT_UNALIGNED, 0, EPOLLIN);
    events.set(JAVA_LONG_UNALIGNED, DATA, number);
    long descriptor = ((sun.nio.ch.SelChImpl) source).getFDVal();
    long result = (long) CALL.invokeExact(control, state, epoll, EPOLL_CTL_ADD, descriptor, events.address());
    if ((int) result != 0) {
      throw new IOException("epoll_ctl failed");
    }
  }

  @Override
  void await() throws Throwable {
    int ready = (int) (long) CALL.invokeExact(wait, state, epoll, events.address(), MOST, -1L);
    for (int i = 0; i < ready; i++) {
      read((int) events.get(JAVA_LONG_UNALIGNED, EVENT * i + DATA));
    }
  }
}
