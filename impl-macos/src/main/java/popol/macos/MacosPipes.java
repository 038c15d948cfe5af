package popol.macos;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.unix.PipeCalls;

/**
 * The calls for pipes that are macOS's own. It has neither pipe2 nor dup3: a child that another thread starts between
 * two calls inherits what the first one opened.
 */
final class MacosPipes implements PipeCalls {

  /** The child's end blocks: what a child opens by its name shares the flags. */
  @Override
  public void open(NativeMemory memory, int own) throws IOException {
    require("pipe", LibSystem.pipe(memory, memory.address()));
    int ownEnd = memory.bytes().getInt(own * Integer.BYTES);
    int childEnd = memory.bytes().getInt((WRITE_END - own) * Integer.BYTES);
    require("fcntl", closeInChildren(memory, ownEnd));
    require("fcntl", closeInChildren(memory, childEnd));
    require("fcntl", LibSystem.fcntl(memory, ownEnd, MacosHeaders.F_SETFL, MacosHeaders.O_NONBLOCK));
  }

  private static void require(String call, int result) throws IOException {
    if (result < 0) {
      throw LibSystem.SYSTEM.failure(call, -result);
    }
  }

  @Override
  public int replace(NativeMemory memory, int descriptor, int number) {
    int result = LibSystem.dup2(memory, descriptor, number);
    return result < 0 ? result : closeInChildren(memory, number);
  }

  private static int closeInChildren(NativeMemory memory, int descriptor) {
    return LibSystem.fcntl(memory, descriptor, MacosHeaders.F_SETFD, MacosHeaders.FD_CLOEXEC);
  }
}
