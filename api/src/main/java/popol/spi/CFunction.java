package popol.spi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/**
 * A C function as the linker is told of it. Apart from its handle, so that it can be held against the headers of a
 * system that this machine does not run.
 *
 * @param name as C has it
 * @param type its result and parameters; of a variadic one those that are passed
 * @param fixed how many parameters stand before the variadic ones; in other functions all of them
 */
public record CFunction(String name, FunctionDescriptor type, int fixed) {

  /**
   * A function.
   *
   * @param name as C has it
   * @param result the layout of the result
   * @param parameters the layouts of the parameters
   * @return the function
   */
  public static CFunction of(String name, MemoryLayout result, MemoryLayout... parameters) {
    return new CFunction(name, FunctionDescriptor.of(result, parameters), parameters.length);
  }

  /**
   * The same function, with parameters after those in the header: some processors pass them differently.
   *
   * @param parameters the layouts of the parameters that are passed for "..."
   * @return the function
   */
  public CFunction variadic(MemoryLayout... parameters) {
    return new CFunction(name, type.appendArgumentLayouts(parameters), fixed);
  }

  /**
   * A pointer to pass to a call that is made often. For memory of an arena the linker makes sure that it is not freed
   * during the call, by two atomic operations; who frees it after the call anyway can pass the address alone.
   *
   * @param memory what to point to
   * @return its address, as a segment of size 0
   */
  public static MemorySegment pointer(MemorySegment memory) {
    return MemorySegment.ofAddress(memory.address());
  }

  /**
   * What the linker is to be told beside the type.
   *
   * @param state the name of the error number to capture
   * @return options for {@link Linker#downcallHandle}
   */
  public Linker.Option[] options(String state) {
    Linker.Option capture = Linker.Option.captureCallState(state);
    return fixed == type.argumentLayouts().size()
        ? new Linker.Option[] {capture}
        : new Linker.Option[] {capture, Linker.Option.firstVariadicArg(fixed)};
  }
}
