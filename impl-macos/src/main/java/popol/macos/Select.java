package popol.macos;

import java.nio.ByteBuffer;
import popol.ffm.NativeMemory;
import popol.spi.Readiness;

/**
 * Asks {@code select} about one descriptor, without waiting. A set has a bit for each, from the lowest of its bytes up.
 */
final class Select implements AutoCloseable {

  /** {@code fd_set}, and {@code struct timeval}: their sizes. */
  static final int SET_SIZE = MacosHeaders.FD_SETSIZE / Byte.SIZE;

  static final int TIME_SIZE = 16;

  private static final int READ = 0;
  private static final int WRITE = SET_SIZE;
  private static final int NO_TIME = 2 * SET_SIZE; // stays 0

  private final NativeMemory memory = NativeMemory.allocate(NO_TIME + TIME_SIZE);

  /** {@return readable and writable, or invalid if select says so or cannot be asked about so high a number} */
  int readiness(long descriptor) {
    if (descriptor >= MacosHeaders.FD_SETSIZE) {
      return Readiness.INVALID;
    }
    ByteBuffer sets = memory.bytes();
    int at = (int) descriptor / Byte.SIZE;
    byte bit = (byte) (1 << descriptor % Byte.SIZE);
    sets.put(READ + at, bit);
    sets.put(WRITE + at, bit);
    long address = memory.address();
    int result = LibSystem.select(memory, (int) descriptor + 1, address + READ, address + WRITE, address + NO_TIME);
    boolean readable = sets.get(READ + at) != 0;
    boolean writable = sets.get(WRITE + at) != 0;
    sets.put(READ + at, (byte) 0);
    sets.put(WRITE + at, (byte) 0);
    return result < 0
        ? Readiness.INVALID
        : (readable ? Readiness.READABLE : 0) | (writable ? Readiness.WRITABLE : 0);
  }

  @Override
  public void close() {
    memory.free();
  }
}
