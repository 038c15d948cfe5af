package popol.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Tells why calls failed that were made without their error number. To capture that costs time at start-up, and some
 * bytes of garbage for each call wherever the compiler does not see through, so it is left to the call that failed,
 * which is made once more.
 */
public final class FailedCalls {

  private final CallState state;
  private final Function<CFunction, MethodHandle> linker;
  private final Map<CFunction, MethodHandle> handles = new ConcurrentHashMap<>();

  /**
   * The calls of one system.
   *
   * @param state the name of the error number
   * @param linker links a function with that captured; called once for each function that has failed
   */
  public FailedCalls(String state, Function<CFunction, MethodHandle> linker) {
    this.state = new CallState(state);
    this.linker = linker;
  }

  /**
   * Makes a call that failed once more; one that waits is to be given no time. What had a lasting reason fails for it
   * again, a signal has passed, and what succeeds now has succeeded.
   *
   * @param function the function
   * @param arguments what it was given
   * @return what it returns now, or below 0 the negative of its error number
   * @throws Throwable as {@link MethodHandle#invokeExact}
   */
  public int again(CFunction function, Object... arguments) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = CallState.allocate(arena);
      MethodHandle handle = handles.computeIfAbsent(function, linker).bindTo(error);
      return state.result((int) handle.invokeWithArguments(arguments), error);
    }
  }
}
