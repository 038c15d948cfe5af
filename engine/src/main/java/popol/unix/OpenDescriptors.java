package popol.unix;

import java.io.File;
import java.io.IOException;

/** Tells which descriptors this process may have. */
@FunctionalInterface
public interface OpenDescriptors {

  /**
   * The descriptors to look at.
   *
   * @return all that are open during the call, and maybe others
   * @throws IOException if the system does not tell
   */
  int[] numbers() throws IOException;

  /**
   * Those that a folder lists, which costs about as much as asking each for its name.
   *
   * @param folder such as {@code /dev/fd}
   * @return what reads the folder
   */
  static OpenDescriptors listedIn(String folder) {
    return () -> {
      String[] names = new File(folder).list();
      if (names == null) {
        throw new IOException(folder + " cannot be read");
      }
      int[] numbers = new int[names.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Integer.parseInt(names[i]);
      }
      return numbers;
    };
  }
}
