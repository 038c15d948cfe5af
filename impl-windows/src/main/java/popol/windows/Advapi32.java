package popol.windows;

import popol.ffm.NativeFunction;
import popol.ffm.NativeLibrary;
import popol.ffm.NativeMemory;

/** The function of {@code advapi32.dll} that popol uses, as {@link Kernel32} has its functions. */
final class Advapi32 {

  private static final NativeFunction CONVERT = NativeFunction.of(
      NativeLibrary.load("advapi32.dll"), WindowsHeaders.CONVERTSTRINGSECURITYDESCRIPTORTOSECURITYDESCRIPTORW);

  private Advapi32() {}

  /**
   * Makes a security descriptor of the words for it.
   *
   * @param words the address of the words
   * @param descriptor where to put the address of the descriptor, which {@link Kernel32#localFree} frees
   */
  static boolean convertStringSecurityDescriptorToSecurityDescriptor(NativeMemory memory, long words, long descriptor) {
    return CONVERT.raw(memory, words, WindowsHeaders.SDDL_REVISION_1, descriptor, 0, 0, 0) != 0;
  }
}
