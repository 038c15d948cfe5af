package popol.windows;

import java.lang.foreign.SymbolLookup;
import popol.ffm.NativeFunction;
import popol.ffm.NativeLibrary;
import popol.ffm.NativeMemory;

/**
 * The functions of {@code kernel32.dll} that popol uses, one method for each, under its name. Where the function
 * returns a BOOL, the method says whether the call has succeeded; {@link NativeMemory#errorNumber} says why it has not.
 * Handles and pointers are addresses.
 */
final class Kernel32 {

  /** What is returned instead of a handle. A cast to a pointer in C, so the audit cannot see its value. */
  static final long INVALID_HANDLE_VALUE = -1;

  private static final SymbolLookup LIBRARY = NativeLibrary.load("kernel32.dll");

  private static final NativeFunction GETSTDHANDLE = NativeFunction.of(LIBRARY, WindowsHeaders.GETSTDHANDLE);
  private static final NativeFunction GETFILETYPE = NativeFunction.of(LIBRARY, WindowsHeaders.GETFILETYPE);
  private static final NativeFunction SETHANDLEINFORMATION =
      NativeFunction.of(LIBRARY, WindowsHeaders.SETHANDLEINFORMATION);
  private static final NativeFunction CLOSEHANDLE = NativeFunction.of(LIBRARY, WindowsHeaders.CLOSEHANDLE);
  private static final NativeFunction READFILE = NativeFunction.of(LIBRARY, WindowsHeaders.READFILE);
  private static final NativeFunction PEEKNAMEDPIPE = NativeFunction.of(LIBRARY, WindowsHeaders.PEEKNAMEDPIPE);
  private static final NativeFunction GETCONSOLEMODE = NativeFunction.of(LIBRARY, WindowsHeaders.GETCONSOLEMODE);
  private static final NativeFunction GETNUMBEROFCONSOLEINPUTEVENTS =
      NativeFunction.of(LIBRARY, WindowsHeaders.GETNUMBEROFCONSOLEINPUTEVENTS);
  private static final NativeFunction PEEKCONSOLEINPUTW = NativeFunction.of(LIBRARY, WindowsHeaders.PEEKCONSOLEINPUTW);

  private Kernel32() {}

  /** {@return the handle, or 0 or INVALID_HANDLE_VALUE, neither of which has a file type} */
  static long getStdHandle(NativeMemory memory, int which) {
    return GETSTDHANDLE.raw(memory, which, 0, 0, 0, 0, 0);
  }

  /** {@return one of FILE_TYPE_; FILE_TYPE_UNKNOWN for what is no handle} */
  static int getFileType(NativeMemory memory, long handle) {
    return (int) GETFILETYPE.raw(memory, handle, 0, 0, 0, 0, 0);
  }

  /** Sets those flags of a handle that the mask names. */
  static boolean setHandleInformation(NativeMemory memory, long handle, int mask, int flags) {
    return SETHANDLEINFORMATION.raw(memory, handle, mask, flags, 0, 0, 0) != 0;
  }

  /** Closes a handle. Whatever the call returns, the handle is gone. */
  static void closeHandle(long handle) {
    CLOSEHANDLE.raw(NativeMemory.none(), handle, 0, 0, 0, 0, 0);
  }

  /**
   * Reads.
   *
   * @param buffer where to put the bytes
   * @param most how many at most
   * @param count the address of an int: where to put how many were read
   */
  static boolean readFile(NativeMemory memory, long handle, long buffer, int most, long count) {
    return READFILE.raw(memory, handle, buffer, most, count, 0, 0) != 0;
  }

  /**
   * Reads nothing, and tells how much there is to read.
   *
   * @param available the address of an int: where to put the number of bytes
   */
  static boolean peekNamedPipe(NativeMemory memory, long handle, long available) {
    return PEEKNAMEDPIPE.raw(memory, handle, 0, 0, 0, available, 0) != 0;
  }

  /** {@return whether the handle is a console, whose mode has then been put at the address} */
  static boolean getConsoleMode(NativeMemory memory, long handle, long mode) {
    return GETCONSOLEMODE.raw(memory, handle, mode, 0, 0, 0, 0) != 0;
  }

  static boolean getNumberOfConsoleInputEvents(NativeMemory memory, long handle, long number) {
    return GETNUMBEROFCONSOLEINPUTEVENTS.raw(memory, handle, number, 0, 0, 0, 0) != 0;
  }

  /**
   * Copies records of a console's input, and leaves them there.
   *
   * @param records where to put them
   * @param most how many at most
   * @param number the address of an int: where to put how many were copied
   */
  static boolean peekConsoleInput(NativeMemory memory, long handle, long records, int most, long number) {
    return PEEKCONSOLEINPUTW.raw(memory, handle, records, most, number, 0, 0) != 0;
  }

  /**
   * Writes.
   *
   * @param buffer the bytes
   * @param count how many at most
   * @param written the address of an int: where to put how many were written
   */
  static boolean writeFile(NativeMemory memory, long handle, long buffer, int count, long written) {
    return Pipes.WRITEFILE.raw(memory, handle, buffer, count, written, 0, 0) != 0;
  }

  /**
   * Creates a pipe of bytes, of which this process has one end, which children do not inherit. Its reads and writes do
   * not wait. Only programs of this computer can open the other end, once.
   *
   * @param name the address of the name
   * @param access PIPE_ACCESS_INBOUND to read from it, PIPE_ACCESS_DUPLEX to write to it too
   * @param room for how many bytes that have not been read
   * @param security the address of SECURITY_ATTRIBUTES
   * @return the handle, or INVALID_HANDLE_VALUE
   */
  static long createNamedPipe(NativeMemory memory, long name, int access, int room, long security) {
    return Pipes.CREATENAMEDPIPE.rawOfMany(memory, name, access | WindowsHeaders.FILE_FLAG_FIRST_PIPE_INSTANCE,
        WindowsHeaders.PIPE_NOWAIT | WindowsHeaders.PIPE_REJECT_REMOTE_CLIENTS, 1, room, room, 0, security);
  }

  /** Lets the other end of a pipe that does not wait be opened. Says that it failed as long as nobody has done so. */
  static boolean connectNamedPipe(NativeMemory memory, long handle) {
    return Pipes.CONNECTNAMEDPIPE.raw(memory, handle, 0, 0, 0, 0, 0) != 0;
  }

  /** Ends the connection with whoever has opened the other end. */
  static boolean disconnectNamedPipe(NativeMemory memory, long handle) {
    return Pipes.DISCONNECTNAMEDPIPE.raw(memory, handle, 0, 0, 0, 0, 0) != 0;
  }

  /**
   * Opens a file.
   *
   * @param arguments as many as the function has parameters, in an array so that nothing is allocated here
   * @return the handle, or INVALID_HANDLE_VALUE
   */
  static long createFile(NativeMemory memory, long[] arguments) {
    return Pipes.CREATEFILE.rawOfMany(memory, arguments);
  }

  /** Frees memory that the system has allocated. */
  static void localFree(long address) {
    Pipes.LOCALFREE.raw(NativeMemory.none(), address, 0, 0, 0, 0, 0);
  }

  /**
   * Apart, because a function of more parameters than most is called by a shape of its own, which takes time to link.
   */
  private static final class Pipes {
    static final NativeFunction WRITEFILE = NativeFunction.of(LIBRARY, WindowsHeaders.WRITEFILE);
    static final NativeFunction CREATENAMEDPIPE = NativeFunction.of(LIBRARY, WindowsHeaders.CREATENAMEDPIPEW);
    static final NativeFunction CONNECTNAMEDPIPE = NativeFunction.of(LIBRARY, WindowsHeaders.CONNECTNAMEDPIPE);
    static final NativeFunction DISCONNECTNAMEDPIPE = NativeFunction.of(LIBRARY, WindowsHeaders.DISCONNECTNAMEDPIPE);
    static final NativeFunction CREATEFILE = NativeFunction.of(LIBRARY, WindowsHeaders.CREATEFILEW);
    static final NativeFunction LOCALFREE = NativeFunction.of(LIBRARY, WindowsHeaders.LOCALFREE);
  }
}
