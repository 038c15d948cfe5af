package popol.windows;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;
import popol.spi.Readiness;

/**
 * Whether standard input can be read. Windows has no call that waits on it and on sockets too, so it is asked; nothing
 * is read here, so that the user finds every byte where it is. By what it is:
 *
 * <ul>
 *   <li>a file, or the null device: always, as on other systems;
 *   <li>a pipe: when bytes are in it, or nobody can write to it any more;
 *   <li>a console: when a line has been ended, or, for a program that has turned line input off, a key been pressed. Keys
 *       are shown while a read is under way, so a line appears when it is read. The rest of a line that was read in part
 *       is not told from no line: read with room for a whole one.
 * </ul>
 *
 * <p>Asking about a pipe can wait while another thread is in a read of it: the vendor says so, Wine does not do it.
 */
final class StandardInput implements AutoCloseable {

  /** What popol calls it: no SOCKET is 0. */
  static final long DESCRIPTOR = 0;

  private static final long TYPE = offset("EventType");
  private static final long DOWN = offset("Event.KeyEvent.bKeyDown");
  private static final long CHARACTER = offset("Event.KeyEvent.uChar.UnicodeChar");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment error = CallState.allocate(arena);
  private final MemorySegment number = arena.allocate(JAVA_INT);
  private final MemorySegment handle = Kernel32.getStdHandle(WindowsHeaders.STD_INPUT_HANDLE);
  private final int type = Kernel32.getFileType(handle);
  private Arena recordArena = Arena.ofShared();
  private MemorySegment records = recordArena.allocate(0);

  /** {@return what it is now, in bits of {@link Readiness}} */
  int readiness() {
    return switch (type) {
      case WindowsHeaders.FILE_TYPE_UNKNOWN -> Readiness.INVALID;
      case WindowsHeaders.FILE_TYPE_PIPE -> ofPipe();
      case WindowsHeaders.FILE_TYPE_CHAR ->
          Kernel32.getConsoleMode(handle, number) ? ofConsole(number.get(JAVA_INT, 0)) : Readiness.READABLE;
      default -> Readiness.READABLE;
    };
  }

  private int ofPipe() {
    if (Kernel32.peekNamedPipe(handle, number)) {
      return number.get(JAVA_INT, 0) == 0 ? 0 : Readiness.READABLE;
    }
    return switch (Kernel32.errorOfPeekNamedPipe(handle, error)) {
      case WindowsHeaders.ERROR_BROKEN_PIPE, WindowsHeaders.ERROR_PIPE_NOT_CONNECTED ->
          Readiness.READABLE | Readiness.HANGUP;
      default -> Readiness.READABLE | Readiness.ERROR;
    };
  }

  private int ofConsole(int mode) {
    if (!Kernel32.getNumberOfConsoleInputEvents(handle, number)) {
      return Readiness.READABLE | Readiness.ERROR;
    }
    reserve(number.get(JAVA_INT, 0));
    int room = (int) (records.byteSize() / WindowsHeaders.INPUT_RECORD.byteSize());
    if (!Kernel32.peekConsoleInput(handle, records, room, number)) {
      return Readiness.READABLE | Readiness.ERROR;
    }
    boolean lines = (mode & WindowsHeaders.ENABLE_LINE_INPUT) != 0;
    for (int i = 0; i < number.get(JAVA_INT, 0); i++) {
      long at = i * WindowsHeaders.INPUT_RECORD.byteSize();
      if (records.get(JAVA_SHORT, at + TYPE) == WindowsHeaders.KEY_EVENT && records.get(JAVA_INT, at + DOWN) != 0) {
        int character = records.get(JAVA_SHORT, at + CHARACTER);
        if (lines ? character == '\r' : character != 0) {
          return Readiness.READABLE;
        }
      }
    }
    return 0;
  }

  private void reserve(int count) {
    long size = Math.max(1, count) * WindowsHeaders.INPUT_RECORD.byteSize();
    if (records.byteSize() < size) {
      Arena next = Arena.ofShared();
      records = next.allocate(size * 2, Integer.BYTES);
      recordArena.close();
      recordArena = next;
    }
  }

  private static long offset(String member) {
    return WindowsHeaders.INPUT_RECORD.byteOffset(groupElement(member));
  }

  @Override
  public void close() {
    recordArena.close();
    arena.close();
  }
}
