package popol.windows;

import popol.ffm.NativeMemory;
import popol.spi.Readiness;

/**
 * Windows' calls about standard input. No byte is read here, so the user finds each where it is. By what it is:
 *
 * <ul>
 *   <li>a file, or the null device: it can be read, always, as on other systems;
 *   <li>a pipe: when bytes are in it, or nobody can write to it any more. A read of no bytes waits for that. While it
 *       goes on, Windows lets no other call about the pipe begin, so it is cancelled when the wait is over;
 *   <li>a console: when a line has been ended, or, for a program that has turned line input off, a key has been
 *       pressed. The console is waited for until there is a record of anything, and asked while there are records and
 *       no line is ended. Keys are shown while a read is under way, so a line appears when it is read. The rest of a
 *       line that was read in part is not told from no line: read with room for a whole one.
 * </ul>
 */
final class WindowsInput implements InputThread.Input {

  /** {@code INPUT_RECORD}: its size, and where its members are. */
  static final int RECORD_SIZE = 20;

  static final int TYPE = 0;
  static final int KEY_DOWN = 4;
  static final int CHARACTER = 14;

  // Offsets in the memory.
  private static final int NUMBER = 0; // an int that a call tells
  private static final int HANDLES = 8; // two: what a console's wait is for

  private static final int CANCEL_ALONE = 1; // of the handles
  private static final int BOTH = 2;

  private final NativeMemory memory = NativeMemory.allocate(HANDLES + 2 * Long.BYTES);
  private final NativeMemory none = NativeMemory.none();
  private final long cancelled; // an event
  private final long thread; // a handle of the only thread that calls this
  private final long handle;
  private final int type;
  private final boolean isConsole;
  private NativeMemory records = NativeMemory.none(); // a copy of the console's input, grown as it is needed
  private int room; // for records
  private boolean canWait;
  private int handles; // how many of them a wait is for
  private boolean hasFailed; // a wait

  WindowsInput() {
    long event = 0;
    long opened = 0;
    boolean succeeded = false;
    try {
      event = Kernel32.createEvent(memory, false);
      opened = InputCalls.openThread(memory, InputCalls.getCurrentThreadId(memory));
      if (event == 0 || opened == 0) {
        throw new IllegalStateException("GetLastError " + memory.errorNumber());
      }
      cancelled = event;
      thread = opened;
      handle = InputCalls.getStdHandle(memory, WindowsHeaders.STD_INPUT_HANDLE);
      type = InputCalls.getFileType(memory, handle);
      isConsole = InputCalls.getConsoleMode(memory, handle, at(NUMBER));
      memory.bytes().putLong(HANDLES, cancelled);
      memory.bytes().putLong(HANDLES + Long.BYTES, handle);
      succeeded = true;
    } finally {
      if (!succeeded) {
        Kernel32.closeHandle(event);
        Kernel32.closeHandle(opened);
        memory.free();
      }
    }
  }

  @Override
  public int readiness() {
    canWait = true;
    handles = CANCEL_ALONE; // what never changes, or what nobody wants to read
    return switch (type) {
      case WindowsHeaders.FILE_TYPE_UNKNOWN -> Readiness.INVALID;
      case WindowsHeaders.FILE_TYPE_PIPE -> ofPipe();
      case WindowsHeaders.FILE_TYPE_CHAR -> isConsole ? ofConsole() : Readiness.READABLE;
      default -> Readiness.READABLE;
    };
  }

  /** Bytes that nobody wants to read would end each wait at once: the end is asked for beside them. */
  private int ofPipe() {
    if (Kernel32.peekNamedPipe(memory, handle, at(NUMBER))) {
      canWait = told() == 0;
      return canWait ? 0 : Readiness.READABLE;
    }
    return switch (memory.errorNumber()) {
      case WindowsHeaders.ERROR_BROKEN_PIPE, WindowsHeaders.ERROR_PIPE_NOT_CONNECTED ->
          Readiness.READABLE | Readiness.HANGUP;
      default -> Readiness.READABLE | Readiness.ERROR;
    };
  }

  /** One that was closed has an error: a read then says which. */
  private int ofConsole() {
    boolean isOpen = InputCalls.getConsoleMode(memory, handle, at(NUMBER));
    boolean lines = (told() & WindowsHeaders.ENABLE_LINE_INPUT) != 0;
    if (!isOpen || !InputCalls.getNumberOfConsoleInputEvents(memory, handle, at(NUMBER))) {
      return Readiness.READABLE | Readiness.ERROR;
    }
    reserve(Math.max(1, told()));
    if (!InputCalls.peekConsoleInput(memory, handle, records.address(), room, at(NUMBER))) {
      return Readiness.READABLE | Readiness.ERROR;
    }
    int count = told();
    for (int i = 0; i < count; i++) {
      if (isKeyDown(i) && (lines ? character(i) == '\r' : character(i) != 0)) {
        return Readiness.READABLE;
      }
    }
    handles = BOTH;
    canWait = count == (lines ? takeSilent(count) : 0);
    return 0;
  }

  /**
   * Takes the first records away that no line can have: keys that were let go, such as the Enter that has started the
   * program, the mouse, the focus. A read of a line would pass over them; until then they would end each wait at once.
   * Returns how many.
   */
  private int takeSilent(int count) {
    int silent = 0;
    while (silent < count && !isKeyDown(silent)
        && (type(silent) != WindowsHeaders.KEY_EVENT || character(silent) == 0)) {
      silent++;
    }
    if (silent > 0) {
      InputCalls.readConsoleInput(memory, handle, records.address(), silent, at(NUMBER));
    }
    return silent;
  }

  private boolean isKeyDown(int record) {
    return type(record) == WindowsHeaders.KEY_EVENT && records.bytes().getInt(record * RECORD_SIZE + KEY_DOWN) != 0;
  }

  private short type(int record) {
    return records.bytes().getShort(record * RECORD_SIZE + TYPE);
  }

  private int character(int record) {
    return records.bytes().getShort(record * RECORD_SIZE + CHARACTER);
  }

  @Override
  public boolean canWait() {
    return canWait && !hasFailed;
  }

  /** A call that fails at once would have the input asked without end, so it is asked every 10 ms from then on. */
  @Override
  public void await() {
    if (type == WindowsHeaders.FILE_TYPE_PIPE) {
      hasFailed = !Kernel32.readFile(memory, handle, at(NUMBER), 0, at(NUMBER), 0)
          && memory.errorNumber() != WindowsHeaders.ERROR_OPERATION_ABORTED;
    } else {
      int first = InputCalls.waitForMultipleObjects(memory, handles, at(HANDLES));
      hasFailed = first < 0 || first >= handles;
    }
  }

  @Override
  public void cancel() {
    if (type == WindowsHeaders.FILE_TYPE_PIPE) {
      InputCalls.cancelSynchronousIo(none, thread);
    } else {
      InputCalls.setEvent(none, cancelled);
    }
  }

  private int told() {
    return memory.bytes().getInt(NUMBER);
  }

  private long at(int offset) {
    return memory.address() + offset;
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
    Kernel32.closeHandle(cancelled);
    Kernel32.closeHandle(thread);
    records.free();
    memory.free();
  }
}
