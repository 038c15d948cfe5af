package popol.spi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Where a native call leaves its error number: {@code errno}, or {@code WSAGetLastError} on Windows. A caller allocates
 * the memory once and passes it to each call, so that no call allocates.
 */
public final class CallState {

  private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();

  private final long offset;

  /**
   * The state of one name.
   *
   * @param name what {@link Linker.Option#captureCallState} was given
   */
  public CallState(String name) {
    offset = LAYOUT.byteOffset(PathElement.groupElement(name));
  }

  /**
   * Memory to capture the state in.
   *
   * @param arena what it belongs to
   * @return memory to pass to calls, by one thread at a time
   */
  public static MemorySegment allocate(Arena arena) {
    return arena.allocate(LAYOUT);
  }

  /**
   * What a call returned, with its error number folded in.
   *
   * @param returned what it returned; below 0 is failure
   * @param state the memory passed to it
   * @return the same, or the negative of the error number
   */
  public int result(int returned, MemorySegment state) {
    return returned >= 0 ? returned : -state.get(JAVA_INT, offset);
  }

  /**
   * As {@link #result(int, MemorySegment)}, for {@code ssize_t}.
   *
   * @param returned what the call returned; below 0 is failure
   * @param state the memory passed to it
   * @return the same, or the negative of the error number
   */
  public long result(long returned, MemorySegment state) {
    return returned >= 0 ? returned : -state.get(JAVA_INT, offset);
  }

  /**
   * What to throw for what a method handle threw. {@code invokeExact} declares {@code Throwable}, but a handle to a C
   * function throws only what the platform itself throws, such as for memory that has been freed.
   *
   * @param thrown what came
   * @return never
   */
  public static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
  }
}
