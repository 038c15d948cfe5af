package popol.windows;

import java.nio.ByteBuffer;
import popol.ffm.NativeMemory;
import popol.spi.Readiness;
import popol.spi.SlicedPoller;
import popol.spi.Watch;

/**
 * Whether standard input can be read. Windows has no call that waits on it and on sockets too, so it is asked. Nothing
 * is read here, so the user finds every byte where it is. By what it is:
 *
 * <ul>
 *   <li>a file, or the null device: always, as on other systems;
 *   <li>a pipe: when bytes are in it, or nobody can write to it any more;
 *   <li>a console: when a line has been ended, or, for a program that has turned line input off, a key has been
 *       pressed. Keys are shown while a read is under way, so a line appears when it is read. The rest of a line that
 *       was read in part is not told from no line: read with room for a whole one.
 * </ul>
 *
 * <p>Asking about a pipe can wait while another thread is in a read of it: the vendor says so, Wine does not do it.
 */
final class StandardInput implements SlicedPoller.Question, AutoCloseable {

  /** What popol calls it: no SOCKET is 0. */
  static final long DESCRIPTOR = 0;

  /** {@code INPUT_RECORD}: its size, and where its members are. */
  static final int RECORD_SIZE = 20;

  static final int TYPE = 0;
  static final int KEY_DOWN = 4;
  static final int CHARACTER = 14;

  private final NativeMemory number = NativeMemory.allocate(Integer.BYTES); // what a call tells by a pointer
  private final long handle = Kernel32.getStdHandle(number, WindowsHeaders.STD_INPUT_HANDLE);
  private final int type = Kernel32.getFileType(number, handle);
  private NativeMemory records = NativeMemory.none(); // a copy of the console's input, grown as it is needed
  private int room; // for records

  @Override
  public int readiness(Watch watch) {
    return switch (type) {
      case WindowsHeaders.FILE_TYPE_UNKNOWN -> Readiness.INVALID;
      case WindowsHeaders.FILE_TYPE_PIPE -> ofPipe();
      case WindowsHeaders.FILE_TYPE_CHAR ->
          Kernel32.getConsoleMode(number, handle, number.address()) ? ofConsole(told()) : Readiness.READABLE;
      default -> Readiness.READABLE;
    };
  }

  private int ofPipe() {
    if (Kernel32.peekNamedPipe(number, handle, number.address())) {
      return told() == 0 ? 0 : Readiness.READABLE;
    }
    return switch (number.errorNumber()) {
      case WindowsHeaders.ERROR_BROKEN_PIPE, WindowsHeaders.ERROR_PIPE_NOT_CONNECTED ->
          Readiness.READABLE | Readiness.HANGUP;
      default -> Readiness.READABLE | Readiness.ERROR;
    };
  }

  private int ofConsole(int mode) {
    if (!Kernel32.getNumberOfConsoleInputEvents(number, handle, number.address())) {
      return Readiness.READABLE | Readiness.ERROR;
    }
    reserve(Math.max(1, told()));
    if (!Kernel32.peekConsoleInput(number, handle, records.address(), room, number.address())) {
      return Readiness.READABLE | Readiness.ERROR;
    }
    boolean lines = (mode & WindowsHeaders.ENABLE_LINE_INPUT) != 0;
    ByteBuffer bytes = records.bytes();
    for (int at = 0; at < told() * RECORD_SIZE; at += RECORD_SIZE) {
      if (bytes.getShort(at + TYPE) == WindowsHeaders.KEY_EVENT && bytes.getInt(at + KEY_DOWN) != 0) {
        int character = bytes.getShort(at + CHARACTER);
        if (lines ? character == '\r' : character != 0) {
          return Readiness.READABLE;
        }
      }
    }
    return 0;
  }

  private int told() {
    return number.bytes().getInt(0);
  }

  private void reserve(int count) {
    if (room < count) {
      NativeMemory larger = NativeMemory.allocate(count * 2 * RECORD_SIZE);
      records.free();
      records = larger;
      room = count * 2;
    }
  }

  @Override
  public void close() {
    records.free();
    number.free();
  }
}
