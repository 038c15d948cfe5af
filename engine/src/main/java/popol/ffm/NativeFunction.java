package popol.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A C function that can be called. Functions are called by few shapes, in which each argument and the result is a
 * {@code long}: linking the first shape takes the platform some 50 milliseconds and 50 classes, each further one some
 * 5. It is right because every calling convention that Java runs on passes an {@code int} in a register or slot of its
 * own, of which the function reads the low half. Results that are no {@code long} in C are narrowed here, because their
 * high half is not defined. Variadic functions have a shape of their own.
 *
 * <p>One convention for failure: a function that returns an integer gives a result of 0 or more, or the negative of its
 * error number. The number is captured by the call itself, into the memory that the caller passes, so that two threads
 * never share it. Such a call allocates 40 bytes where the compiler does not see through it. So what is called in every
 * wait is called by {@link #plain} first, and once more by {@link #call} where that fails.
 *
 * <p>Pointers are passed as addresses. The caller sees to it that the memory lives until the call returns.
 *
 * @param address where the function is
 * @param handle the shape that calls it, or null for the common one, which must stay a constant to the compiler
 * @param wide whether the result has 64 bits
 */
public record NativeFunction(MemorySegment address, @Nullable MethodHandle handle, boolean wide) {

  /** What most functions need; a shape of more than six would put the rest on the stack. */
  private static final int ARGUMENTS = 6;

  private static final MethodHandle COMMON = link(ARGUMENTS, ErrorNumber.capture());

  private static final MethodHandle PLAIN = link(4);

  /**
   * Binds a function of the C library.
   *
   * @param function its prototype
   * @return the function
   * @throws java.util.NoSuchElementException if the C library does not have it
   */
  public static NativeFunction of(CFunction function) {
    return of(Linker.nativeLinker().defaultLookup(), function);
  }

  /**
   * Binds a function of a library.
   *
   * @param library where to look the name up
   * @param function its prototype
   * @return the function
   * @throws java.util.NoSuchElementException if the library does not have it
   */
  public static NativeFunction of(SymbolLookup library, CFunction function) {
    int count = function.type().argumentLayouts().size();
    boolean wide = function.type().returnLayout().map(result -> result.byteSize() == Long.BYTES).orElse(false);
    MethodHandle handle = null;
    if (function.isVariadic()) {
      handle = padded(link(count, ErrorNumber.capture(), Linker.Option.firstVariadicArg(function.fixed())), count);
    } else if (count > ARGUMENTS) {
      handle = link(count, ErrorNumber.capture()).asSpreader(long[].class, count);
    }
    return new NativeFunction(library.findOrThrow(function.name()), handle, wide);
  }

  /** A handle of fewer arguments, called like the common one. */
  private static MethodHandle padded(MethodHandle handle, int count) {
    Class<?>[] unused = new Class<?>[ARGUMENTS - count];
    Arrays.fill(unused, long.class);
    return MethodHandles.dropArguments(handle, 2 + count, unused);
  }

  /** Links a shape of call: the function's address, the memory for the error number if that is captured, arguments. */
  @SuppressWarnings("restricted")
  private static MethodHandle link(int arguments, Linker.Option... options) {
    MemoryLayout[] parameters = new MemoryLayout[arguments];
    Arrays.fill(parameters, JAVA_LONG);
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, parameters), options);
  }

  /**
   * Calls the function with one argument.
   *
   * @param memory memory for the error number, used by one thread at a time
   * @param a the first argument
   * @return the result, or below 0 the negative of the error number
   */
  public long call(NativeMemory memory, long a) {
    return call(memory, a, 0, 0, 0, 0, 0);
  }

  /**
   * Calls the function with two arguments.
   *
   * @param memory as in {@link #call(NativeMemory, long)}
   * @param a the first argument
   * @param b the second
   * @return as in {@link #call(NativeMemory, long)}
   */
  public long call(NativeMemory memory, long a, long b) {
    return call(memory, a, b, 0, 0, 0, 0);
  }

  /**
   * Calls the function with three arguments.
   *
   * @param memory as in {@link #call(NativeMemory, long)}
   * @param a the first argument
   * @param b the second
   * @param c the third
   * @return as in {@link #call(NativeMemory, long)}
   */
  public long call(NativeMemory memory, long a, long b, long c) {
    return call(memory, a, b, c, 0, 0, 0);
  }

  /**
   * Calls the function with four arguments.
   *
   * @param memory as in {@link #call(NativeMemory, long)}
   * @param a the first argument
   * @param b the second
   * @param c the third
   * @param d the fourth
   * @return as in {@link #call(NativeMemory, long)}
   */
  public long call(NativeMemory memory, long a, long b, long c, long d) {
    return call(memory, a, b, c, d, 0, 0);
  }

  /**
   * Calls the function with five arguments.
   *
   * @param memory as in {@link #call(NativeMemory, long)}
   * @param a the first argument
   * @param b the second
   * @param c the third
   * @param d the fourth
   * @param e the fifth
   * @return as in {@link #call(NativeMemory, long)}
   */
  public long call(NativeMemory memory, long a, long b, long c, long d, long e) {
    return call(memory, a, b, c, d, e, 0);
  }

  /**
   * Calls the function with six arguments.
   *
   * @param memory as in {@link #call(NativeMemory, long)}
   * @param a the first argument
   * @param b the second
   * @param c the third
   * @param d the fourth
   * @param e the fifth
   * @param f the sixth
   * @return as in {@link #call(NativeMemory, long)}
   */
  public long call(NativeMemory memory, long a, long b, long c, long d, long e, long f) {
    long result = raw(memory, a, b, c, d, e, f);
    return result >= 0 ? result : -memory.errorNumber();
  }

  /**
   * Calls a function whose result says by other values than those below 0 that it failed: a {@code BOOL} or a handle of
   * Windows.
   *
   * @param memory as in {@link #call(NativeMemory, long)}; has the error number afterwards, if the function set one
   * @param a the first argument
   * @param b the second
   * @param c the third
   * @param d the fourth
   * @param e the fifth
   * @param f the sixth
   * @return the result as it is
   */
  public long raw(NativeMemory memory, long a, long b, long c, long d, long e, long f) {
    try {
      MemorySegment state = memory.state();
      long result = handle == null
          ? (long) COMMON.invokeExact(address, state, a, b, c, d, e, f)
          : (long) handle.invokeExact(address, state, a, b, c, d, e, f);
      return wide ? result : (int) result;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * Calls a function of an {@code int} result, and of at most four parameters, without its error number. It never
   * allocates.
   *
   * @param a the first argument
   * @param b the second
   * @param c the third
   * @param d the fourth
   * @return the result; below 0 if it failed
   */
  public int plain(long a, long b, long c, long d) {
    try {
      return (int) (long) PLAIN.invokeExact(address, a, b, c, d);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * Calls a function of more than six parameters.
   *
   * @param memory as in {@link #raw}
   * @param arguments as many as the function has parameters
   * @return the result as it is
   */
  @SuppressWarnings("NullAway") // it has a handle of its own
  public long rawOfMany(NativeMemory memory, long... arguments) {
    try {
      long result = (long) handle.invokeExact(address, memory.state(), arguments);
      return wide ? result : (int) result;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * What to throw for what a method handle threw. {@code invokeExact} declares {@code Throwable}, but a handle of a C
   * function throws errors of the platform alone.
   */
  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
  }
}
