package popol.macos;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.WakeHandle;
import popol.unix.PipeCalls;
import popol.unix.UnixCalls;

/** A pipe that is readable while a byte is in it: macOS has no eventfd. */
final class WakePipe implements WakeHandle {

  private final NativeMemory memory = NativeMemory.allocate(2 * Integer.BYTES); // both ends, later the byte
  private final int readEnd;
  private final int writeEnd;

  WakePipe() throws IOException {
    UnixCalls.link(); // closing may happen when no class can be loaded any more
    memory.bytes().putInt(0, -1).putInt(Integer.BYTES, -1);
    boolean opened = false;
    try {
      new MacosPipes().open(memory, PipeCalls.READ_END);
      opened = true;
    } finally {
      readEnd = memory.bytes().getInt(PipeCalls.READ_END * Integer.BYTES);
      writeEnd = memory.bytes().getInt(PipeCalls.WRITE_END * Integer.BYTES);
      if (!opened) {
        close();
      }
    }
  }

  @Override
  public long descriptor() {
    return readEnd;
  }

  @Override
  public boolean owns(long descriptor) {
    return descriptor == readEnd || descriptor == writeEnd;
  }

  /** Does not block: there is never more than one byte in the pipe. */
  @Override
  public void set() throws IOException {
    int result = UnixCalls.write(memory, writeEnd, memory.address(), 1);
    if (result < 0) {
      throw LibSystem.SYSTEM.failure("write", -result);
    }
  }

  /** Does not block: the read end is non-blocking. */
  @Override
  public boolean reset() {
    UnixCalls.read(memory, readEnd, memory.address(), 1);
    return true; // nobody else has an end of it
  }

  @Override
  public void close() {
    if (writeEnd >= 0) {
      UnixCalls.close(writeEnd);
      UnixCalls.close(readEnd);
    }
    memory.free();
  }
}
