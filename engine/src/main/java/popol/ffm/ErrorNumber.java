package popol.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Where a call leaves its error number: {@code errno} on Unix systems; on Windows {@code GetLastError}, which
 * {@code WSAGetLastError} reads too.
 */
final class ErrorNumber {

  private static final String NAME = System.getProperty("os.name").startsWith("Windows") ? "GetLastError" : "errno";
  private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
  private static final long OFFSET = LAYOUT.byteOffset(PathElement.groupElement(NAME));

  /** Bytes that the captured state takes, a multiple of the largest alignment. */
  static final long SIZE = 16;

  static {
    if (LAYOUT.byteSize() > SIZE) {
      throw new AssertionError("this JDK captures " + LAYOUT.byteSize() + " bytes");
    }
  }

  private ErrorNumber() {}

  static Linker.Option capture() {
    return Linker.Option.captureCallState(NAME);
  }

  static int of(MemorySegment state) {
    return state.get(JAVA_INT, OFFSET);
  }
}
