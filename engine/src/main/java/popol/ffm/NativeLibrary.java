package popol.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** Libraries of the operating system beside the C library, such as the DLLs of Windows. */
public final class NativeLibrary {

  private NativeLibrary() {}

  /**
   * Loads a library, which then stays loaded.
   *
   * @param name the name that the system's loader knows it by
   * @return where {@link NativeFunction#of(SymbolLookup, CFunction)} looks its functions up
   * @throws IllegalArgumentException if the system does not have it
   */
  @SuppressWarnings("restricted")
  public static SymbolLookup load(String name) {
    return SymbolLookup.libraryLookup(name, Arena.global());
  }
}
