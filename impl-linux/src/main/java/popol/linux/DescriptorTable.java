package popol.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import popol.unix.OpenDescriptors;

/**
 * The numbers below the size of the process's table of descriptors, which the kernel doubles where it is full. Asking
 * for a number that is not open costs a fraction of having a folder list those that are; unless the table is far too
 * large, because it never shrinks.
 */
final class DescriptorTable implements OpenDescriptors {

  private static final int LARGE = 65_536;
  private static final int ROOM = 4096; // bytes, for more than any file that is read here
  private static final OpenDescriptors LISTED = OpenDescriptors.listedIn("/proc/self/fd");

  private static final String STATUS = "/proc/self/status"; // proc_pid_status(5)
  private static final String SIZE = "\nFDSize:";

  @Override
  public int[] numbers() throws IOException {
    int size = size();
    if (size > LARGE) {
      return LISTED.numbers();
    }
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private static int size() throws IOException {
    String status = read(STATUS);
    int start = status.indexOf(SIZE);
    int end = status.indexOf('\n', start + 1);
    if (start < 0 || end < 0) {
      throw new IOException(STATUS + " does not tell the size of the table of descriptors");
    }
    return Integer.parseInt(status.substring(start + SIZE.length(), end).strip());
  }

  /** By a stream, because a channel would be closed by an interrupt. */
  static String read(String file) throws IOException {
    try (InputStream in = new FileInputStream(file)) {
      byte[] bytes = new byte[ROOM];
      return new String(bytes, 0, in.readNBytes(bytes, 0, ROOM), StandardCharsets.ISO_8859_1);
    }
  }
}
