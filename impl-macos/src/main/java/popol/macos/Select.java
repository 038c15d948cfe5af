package popol.macos;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.Readiness;

/** Asks {@code select} about one descriptor, without waiting. A set has a bit for each, from the lowest of its bytes up. */
final class Select implements AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment read = arena.allocate(MacosHeaders.FD_SET);
  private final MemorySegment write = arena.allocate(MacosHeaders.FD_SET);
  private final MemorySegment noTime = arena.allocate(MacosHeaders.TIMEVAL);

  /** {@return readable and writable, or invalid if select says so or cannot be asked about so high a number} */
  int readiness(long descriptor) {
    if (descriptor >= MacosHeaders.FD_SETSIZE) {
      return Readiness.INVALID;
    }
    int number = (int) descriptor;
    set(read, number, true);
    set(write, number, true);
    int result = LibSystem.select(number + 1, read, write, noTime);
    int readiness = result < 0
        ? Readiness.INVALID
        : (isSet(read, number) ? Readiness.READABLE : 0) | (isSet(write, number) ? Readiness.WRITABLE : 0);
    set(read, number, false);
    set(write, number, false);
    return readiness;
  }

  private static void set(MemorySegment set, int number, boolean in) {
    set.set(JAVA_BYTE, number / Byte.SIZE, (byte) (in ? 1 << number % Byte.SIZE : 0));
  }

  private static boolean isSet(MemorySegment set, int number) {
    return set.get(JAVA_BYTE, number / Byte.SIZE) != 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
