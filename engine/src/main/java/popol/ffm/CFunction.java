package popol.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * The prototype of a C function, as the headers of its system declare it. It is data: {@link NativeFunction} binds it,
 * and the audit holds it against the headers of systems that this machine does not run.
 *
 * @param name the name in C
 * @param type the result and the parameters; of a variadic function those that popol passes
 * @param fixed the number of parameters before the variadic ones; in other functions the number of parameters
 */
public record CFunction(String name, FunctionDescriptor type, int fixed) {

  /**
   * A function that is not variadic.
   *
   * @param name the name in C
   * @param result the layout of the result
   * @param parameters the layouts of the parameters
   * @return the function
   */
  public static CFunction of(String name, MemoryLayout result, MemoryLayout... parameters) {
    return new CFunction(name, FunctionDescriptor.of(result, parameters), parameters.length);
  }

  /**
   * A function without a result.
   *
   * @param name the name in C
   * @param parameters the layouts of the parameters
   * @return the function
   */
  public static CFunction ofVoid(String name, MemoryLayout... parameters) {
    return new CFunction(name, FunctionDescriptor.ofVoid(parameters), parameters.length);
  }

  /**
   * The same function with variadic parameters after those in the header. Some processors pass them in another way.
   *
   * @param parameters the layouts of the parameters that are passed for "..."
   * @return the function
   */
  public CFunction variadic(MemoryLayout... parameters) {
    return new CFunction(name, type.appendArgumentLayouts(parameters), fixed);
  }

  /** {@return whether the function is variadic} */
  public boolean isVariadic() {
    return fixed < type.argumentLayouts().size();
  }
}
