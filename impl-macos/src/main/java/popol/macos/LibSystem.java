package popol.macos;

import popol.ffm.NativeFunction;
import popol.ffm.NativeMemory;
import popol.unix.UnixSystem;

/**
 * The C functions that popol uses on macOS alone, one method for each, under its name. A result below 0 is the negative
 * of {@code errno}. Pointers are addresses. {@code poll}, which is called in every wait, is called once more where it
 * fails, without time, to be told why. What had a lasting reason fails again; a signal has passed.
 */
final class LibSystem {

  /** Where {@code struct sockaddr} has its family, in one byte. */
  static final int FAMILY = 1;

  static final UnixSystem SYSTEM = new UnixSystem(
      MacosHeaders.EAGAIN,
      MacosHeaders.ENOSYS,
      MacosHeaders.RLIMIT_NOFILE,
      MacosHeaders.AF_INET6,
      FAMILY,
      MacosHeaders.SOL_SOCKET,
      MacosHeaders.SO_TYPE,
      MacosHeaders.SO_ACCEPTCONN);

  private static final NativeFunction POLL = NativeFunction.of(MacosHeaders.POLL);
  private static final NativeFunction PIPE = NativeFunction.of(MacosHeaders.PIPE);
  private static final NativeFunction FCNTL = NativeFunction.of(MacosHeaders.FCNTL);
  private static final NativeFunction DUP2 = NativeFunction.of(MacosHeaders.DUP2);
  private static final NativeFunction SELECT = NativeFunction.of(MacosHeaders.SELECT);

  private LibSystem() {}

  static int poll(NativeMemory memory, long entries, int count, int milliseconds) {
    int result = POLL.plain(entries, count, milliseconds, 0);
    return result >= 0 ? result : (int) POLL.call(memory, entries, count, 0);
  }

  static int pipe(NativeMemory memory, long ends) {
    return (int) PIPE.call(memory, ends);
  }

  static int fcntl(NativeMemory memory, int descriptor, int command, int argument) {
    return (int) FCNTL.call(memory, descriptor, command, argument);
  }

  static int dup2(NativeMemory memory, int descriptor, int number) {
    return (int) DUP2.call(memory, descriptor, number);
  }

  static int select(NativeMemory memory, int count, long read, long write, long timeout) {
    return (int) SELECT.call(memory, count, read, write, 0, timeout);
  }
}
