package popol.linux;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.unix.PipeCalls;

/** The calls for pipes that are Linux's own. */
final class LinuxPipes implements PipeCalls {

  /** The child's end does not block either. But the child opens it by its name, and what is opened so blocks. */
  @Override
  public void open(NativeMemory memory, int own) throws IOException {
    int result = Libc.pipe2(memory, memory.address(), LinuxHeaders.O_CLOEXEC | LinuxHeaders.O_NONBLOCK);
    if (result < 0) {
      throw Libc.SYSTEM.failure("pipe2", -result);
    }
    int standIn = Libc.eventfd(memory, 0, LinuxHeaders.EFD_CLOEXEC);
    if (standIn < 0) {
      throw Libc.SYSTEM.failure("eventfd", -standIn);
    }
    memory.bytes().putInt(STAND_IN * Integer.BYTES, standIn);
  }

  @Override
  public int replace(NativeMemory memory, int descriptor, int number) {
    return Libc.dup3(memory, descriptor, number, LinuxHeaders.O_CLOEXEC);
  }
}
