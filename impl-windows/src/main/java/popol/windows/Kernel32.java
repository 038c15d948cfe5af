package popol.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import popol.spi.CFunction;
import popol.spi.CallState;

/**
 * The functions that popol uses of {@code kernel32.dll}, one method for each, under its name. Linked when standard input
 * is first waited on.
 */
final class Kernel32 {

  private static final String LAST_ERROR = "GetLastError";
  private static final CallState STATE = new CallState(LAST_ERROR);

  private static final MethodHandle GET_STD_HANDLE = link(WindowsHeaders.GETSTDHANDLE);
  private static final MethodHandle GET_FILE_TYPE = link(WindowsHeaders.GETFILETYPE);
  private static final MethodHandle PEEK_NAMED_PIPE = link(WindowsHeaders.PEEKNAMEDPIPE);
  private static final MethodHandle GET_CONSOLE_MODE = link(WindowsHeaders.GETCONSOLEMODE);
  private static final MethodHandle GET_NUMBER_OF_CONSOLE_INPUT_EVENTS =
      link(WindowsHeaders.GETNUMBEROFCONSOLEINPUTEVENTS);
  private static final MethodHandle PEEK_CONSOLE_INPUT = link(WindowsHeaders.PEEKCONSOLEINPUTW);

  private Kernel32() {}

  /** {@return the handle, or null or INVALID_HANDLE_VALUE, neither of which has a file type} */
  static MemorySegment getStdHandle(int which, MemorySegment error) {
    try {
      return (MemorySegment) GET_STD_HANDLE.invokeExact(error, which);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int getFileType(MemorySegment handle, MemorySegment error) {
    try {
      return (int) GET_FILE_TYPE.invokeExact(error, handle);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /**
   * Reads nothing, and tells how much there is to read.
   *
   * @param available an int
   * @return 0, or below 0 the negative of the error
   */
  static int peekNamedPipe(MemorySegment handle, MemorySegment available, MemorySegment error) {
    try {
      MemorySegment none = MemorySegment.NULL;
      return result((int) PEEK_NAMED_PIPE.invokeExact(error, handle, none, 0, none, available, none), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return 0, or below 0 the negative of the error: it is no console} */
  static int getConsoleMode(MemorySegment handle, MemorySegment mode, MemorySegment error) {
    try {
      return result((int) GET_CONSOLE_MODE.invokeExact(error, handle, mode), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int getNumberOfConsoleInputEvents(MemorySegment handle, MemorySegment number, MemorySegment error) {
    try {
      return result((int) GET_NUMBER_OF_CONSOLE_INPUT_EVENTS.invokeExact(error, handle, number), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int peekConsoleInput(
      MemorySegment handle, MemorySegment records, int length, MemorySegment number, MemorySegment error) {
    try {
      return result((int) PEEK_CONSOLE_INPUT.invokeExact(error, handle, records, length, number), error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** These functions return a BOOL. */
  private static int result(int succeeded, MemorySegment error) {
    return succeeded != 0 ? 0 : STATE.result(-1, error);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function) {
    return Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("kernel32.dll", Arena.global()).findOrThrow(function.name()),
        function.type(),
        function.options(LAST_ERROR));
  }
}
