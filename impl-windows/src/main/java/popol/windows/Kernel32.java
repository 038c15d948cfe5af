package popol.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import popol.spi.CFunction;
import popol.spi.CallState;

/**
 * The functions that popol uses of {@code kernel32.dll}, one method for each, under its name; those that return a BOOL
 * return whether it is not 0. Linked when a pipe is opened, or standard input first waited on. As in {@link Winsock},
 * calls of each wait do not capture the error.
 */
final class Kernel32 {

  private static final String LAST_ERROR = "GetLastError";
  private static final CallState STATE = new CallState(LAST_ERROR);

  private static final MethodHandle GET_STD_HANDLE = link(WindowsHeaders.GETSTDHANDLE);
  private static final MethodHandle GET_FILE_TYPE = link(WindowsHeaders.GETFILETYPE);
  private static final MethodHandle PEEK_NAMED_PIPE = link(WindowsHeaders.PEEKNAMEDPIPE);
  private static final MethodHandle PEEK_NAMED_PIPE_WITH_ERROR =
      link(WindowsHeaders.PEEKNAMEDPIPE, WindowsHeaders.PEEKNAMEDPIPE.options(LAST_ERROR));
  private static final MethodHandle GET_CONSOLE_MODE = link(WindowsHeaders.GETCONSOLEMODE);
  private static final MethodHandle GET_NUMBER_OF_CONSOLE_INPUT_EVENTS =
      link(WindowsHeaders.GETNUMBEROFCONSOLEINPUTEVENTS);
  private static final MethodHandle PEEK_CONSOLE_INPUT = link(WindowsHeaders.PEEKCONSOLEINPUTW);

  private Kernel32() {}

  /** {@return the error of the call that captured it} */
  static int error(MemorySegment error) {
    return -STATE.result(-1, error);
  }

  /**
   * Opens a new pipe of bytes, of which this process has the read end, closed in children.
   *
   * @param room for how many bytes that have not been read
   * @return the handle, or INVALID_HANDLE_VALUE, which has no file type
   */
  static MemorySegment createNamedPipe(String name, int room, MemorySegment error) {
    try (Arena arena = Arena.ofConfined()) {
      return (MemorySegment) Pipes.CREATE.invokeExact(
          error,
          arena.allocateFrom(name, StandardCharsets.UTF_16LE),
          WindowsHeaders.PIPE_ACCESS_INBOUND | WindowsHeaders.FILE_FLAG_FIRST_PIPE_INSTANCE,
          WindowsHeaders.PIPE_REJECT_REMOTE_CLIENTS, // of bytes, and with reads that wait, for which there is no flag
          1, 0, room, 0, MemorySegment.NULL);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static boolean readFile(
      MemorySegment handle, MemorySegment buffer, int most, MemorySegment count, MemorySegment error) {
    try {
      return (int) Pipes.READ.invokeExact(error, handle, buffer, most, count, MemorySegment.NULL) != 0;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static void closeHandle(MemorySegment handle) {
    try {
      int ignored = (int) Pipes.CLOSE.invokeExact(handle);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return the handle, or null or INVALID_HANDLE_VALUE, neither of which has a file type} */
  static MemorySegment getStdHandle(int which) {
    try {
      return (MemorySegment) GET_STD_HANDLE.invokeExact(which);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static int getFileType(MemorySegment handle) {
    try {
      return (int) GET_FILE_TYPE.invokeExact(handle);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /**
   * Reads nothing, and tells how much there is to read.
   *
   * @param available an int
   */
  static boolean peekNamedPipe(MemorySegment handle, MemorySegment available) {
    try {
      MemorySegment none = MemorySegment.NULL;
      return (int) PEEK_NAMED_PIPE.invokeExact(handle, none, 0, none, available, none) != 0;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return why {@link #peekNamedPipe} fails, or 0 if it does not} */
  static int errorOfPeekNamedPipe(MemorySegment handle, MemorySegment error) {
    try {
      MemorySegment none = MemorySegment.NULL;
      int succeeded = (int) PEEK_NAMED_PIPE_WITH_ERROR.invokeExact(error, handle, none, 0, none, none, none);
      return succeeded != 0 ? 0 : error(error);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return whether it is a console} */
  static boolean getConsoleMode(MemorySegment handle, MemorySegment mode) {
    try {
      return (int) GET_CONSOLE_MODE.invokeExact(handle, mode) != 0;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static boolean getNumberOfConsoleInputEvents(MemorySegment handle, MemorySegment number) {
    try {
      return (int) GET_NUMBER_OF_CONSOLE_INPUT_EVENTS.invokeExact(handle, number) != 0;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  static boolean peekConsoleInput(MemorySegment handle, MemorySegment records, int length, MemorySegment number) {
    try {
      return (int) PEEK_CONSOLE_INPUT.invokeExact(handle, records, length, number) != 0;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(CFunction function, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("kernel32.dll", Arena.global()).findOrThrow(function.name()),
        function.type(),
        options);
  }

  private static final class Pipes {
    static final MethodHandle CREATE =
        link(WindowsHeaders.CREATENAMEDPIPEW, WindowsHeaders.CREATENAMEDPIPEW.options(LAST_ERROR));
    static final MethodHandle READ = link(WindowsHeaders.READFILE, WindowsHeaders.READFILE.options(LAST_ERROR));
    static final MethodHandle CLOSE = link(WindowsHeaders.CLOSEHANDLE);
  }
}
