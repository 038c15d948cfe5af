package popol.windows;

import popol.ffm.NativeFunction;
import popol.ffm.NativeMemory;

/**
 * The functions of {@code kernel32.dll} that pipes need, as {@link Kernel32} has its functions. Apart, because a
 * function of more parameters than most is called by a shape of its own, which takes time to link.
 */
final class PipeCalls {

  private static final NativeFunction WRITEFILE = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.WRITEFILE);
  private static final NativeFunction CREATENAMEDPIPE =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.CREATENAMEDPIPEW);
  private static final NativeFunction CONNECTNAMEDPIPE =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.CONNECTNAMEDPIPE);
  private static final NativeFunction DISCONNECTNAMEDPIPE =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.DISCONNECTNAMEDPIPE);
  private static final NativeFunction CREATEFILE = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.CREATEFILEW);
  private static final NativeFunction LOCALFREE = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.LOCALFREE);
  private static final NativeFunction CREATEIOCOMPLETIONPORT =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.CREATEIOCOMPLETIONPORT);
  private static final NativeFunction GETQUEUEDCOMPLETIONSTATUS =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.GETQUEUEDCOMPLETIONSTATUS);
  private static final NativeFunction POSTQUEUEDCOMPLETIONSTATUS =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.POSTQUEUEDCOMPLETIONSTATUS);

  private PipeCalls() {}

  /**
   * Writes.
   *
   * @param buffer the bytes
   * @param count how many at most
   * @param written the address of an int: where to put how many were written
   */
  static boolean writeFile(NativeMemory memory, long handle, long buffer, int count, long written) {
    return WRITEFILE.raw(memory, handle, buffer, count, written, 0, 0) != 0;
  }

  /**
   * Creates a pipe of bytes, of which this process has one end, which children do not inherit. Only programs of this
   * computer can open the other end, once.
   *
   * @param name the address of the name
   * @param access PIPE_ACCESS_INBOUND to read from it, PIPE_ACCESS_DUPLEX to write to it too, and flags
   * @param mode PIPE_NOWAIT, or 0
   * @param room for how many bytes that have not been read
   * @param security the address of SECURITY_ATTRIBUTES
   * @return the handle, or INVALID_HANDLE_VALUE
   */
  static long createNamedPipe(NativeMemory memory, long name, int access, int mode, int room, long security) {
    return CREATENAMEDPIPE.rawOfMany(memory, name, access | WindowsHeaders.FILE_FLAG_FIRST_PIPE_INSTANCE,
        mode | WindowsHeaders.PIPE_REJECT_REMOTE_CLIENTS, 1, room, room, 0, security);
  }

  /**
   * Lets the other end of a pipe be opened.
   *
   * @param overlapped 0 for a pipe that does not wait, or the address of an OVERLAPPED, for a call that goes on until
   *     the other end is opened
   */
  static boolean connectNamedPipe(NativeMemory memory, long handle, long overlapped) {
    return CONNECTNAMEDPIPE.raw(memory, handle, overlapped, 0, 0, 0, 0) != 0;
  }

  /** Ends the connection with whoever has opened the other end. */
  static boolean disconnectNamedPipe(NativeMemory memory, long handle) {
    return DISCONNECTNAMEDPIPE.raw(memory, handle, 0, 0, 0, 0, 0) != 0;
  }

  /**
   * Opens a file.
   *
   * @param arguments as many as the function has parameters, in an array so that nothing is allocated here
   * @return the handle, or INVALID_HANDLE_VALUE
   */
  static long createFile(NativeMemory memory, long[] arguments) {
    return CREATEFILE.rawOfMany(memory, arguments);
  }

  /** Frees memory that the system has allocated. */
  static void localFree(long address) {
    LOCALFREE.raw(NativeMemory.none(), address, 0, 0, 0, 0, 0);
  }

  /**
   * Opens a completion port, or has it told when a call of a handle that went on is over.
   *
   * @param handle INVALID_HANDLE_VALUE to open a port
   * @param port the port, 0 to open one
   * @param key what the port then calls the handle
   * @return the port, or 0
   */
  static long createIoCompletionPort(NativeMemory memory, long handle, long port, long key) {
    return CREATEIOCOMPLETIONPORT.raw(memory, handle, port, key, 1, 0, 0);
  }

  /**
   * Waits until a call is over.
   *
   * @param count the address of an int: where to put the number of bytes
   * @param key the address of a long: where to put the key of the handle
   * @param overlapped the address of a long: where to put the address of the OVERLAPPED; 0 if this call failed
   * @return whether the call that is over has succeeded
   */
  static boolean getQueuedCompletionStatus(NativeMemory memory, long port, long count, long key, long overlapped) {
    return GETQUEUEDCOMPLETIONSTATUS.raw(memory, port, count, key, overlapped, WindowsHeaders.INFINITE, 0) != 0;
  }

  /** Has a wait at a port end as if a call of the key's handle were over. */
  static void postQueuedCompletionStatus(NativeMemory memory, long port, long key) {
    POSTQUEUEDCOMPLETIONSTATUS.raw(memory, port, 0, key, 0, 0, 0);
  }
}
