package popol.windows;

import java.lang.foreign.SymbolLookup;
import popol.ffm.NativeFunction;
import popol.ffm.NativeLibrary;
import popol.ffm.NativeMemory;

/**
 * The functions of {@code kernel32.dll} that more than one part of popol uses, one method for each, under its name;
 * {@link PipeCalls} and {@link InputCalls} have others. Where the function returns a BOOL, the method says whether the
 * call has succeeded; {@link NativeMemory#errorNumber} says why it has not. Handles and pointers are addresses.
 */
final class Kernel32 {

  /** What is returned instead of a handle. A cast to a pointer in C, so the audit cannot see its value. */
  static final long INVALID_HANDLE_VALUE = -1;

  /** {@code OVERLAPPED}: its size, and where it has its status and its event. */
  static final int OVERLAPPED_SIZE = 32;

  static final int STATUS = 0;
  static final int EVENT = 24;

  static final SymbolLookup LIBRARY = NativeLibrary.load("kernel32.dll");

  private static final NativeFunction CLOSEHANDLE = NativeFunction.of(LIBRARY, WindowsHeaders.CLOSEHANDLE);
  private static final NativeFunction READFILE = NativeFunction.of(LIBRARY, WindowsHeaders.READFILE);
  private static final NativeFunction PEEKNAMEDPIPE = NativeFunction.of(LIBRARY, WindowsHeaders.PEEKNAMEDPIPE);
  private static final NativeFunction CREATEEVENT = NativeFunction.of(LIBRARY, WindowsHeaders.CREATEEVENTW);
  private static final NativeFunction WAITFORSINGLEOBJECT =
      NativeFunction.of(LIBRARY, WindowsHeaders.WAITFORSINGLEOBJECT);
  private static final NativeFunction CANCELIOEX = NativeFunction.of(LIBRARY, WindowsHeaders.CANCELIOEX);
  private static final NativeFunction GETOVERLAPPEDRESULT =
      NativeFunction.of(LIBRARY, WindowsHeaders.GETOVERLAPPEDRESULT);

  private Kernel32() {}

  /** Closes a handle. Whatever the call returns, the handle is gone. */
  static void closeHandle(long handle) {
    CLOSEHANDLE.raw(NativeMemory.none(), handle, 0, 0, 0, 0, 0);
  }

  /**
   * Reads. Waits until there is something to read, also if it is to read no bytes: then nothing is taken.
   *
   * @param buffer where to put the bytes
   * @param most how many at most
   * @param count the address of an int: where to put how many were read; 0 beside an OVERLAPPED
   * @param overlapped 0, or the address of an OVERLAPPED for a read that goes on after the call
   */
  static boolean readFile(NativeMemory memory, long handle, long buffer, int most, long count, long overlapped) {
    return READFILE.raw(memory, handle, buffer, most, count, overlapped, 0) != 0;
  }

  /**
   * Reads nothing, and tells how much there is to read.
   *
   * @param available the address of an int: where to put the number of bytes
   */
  static boolean peekNamedPipe(NativeMemory memory, long handle, long available) {
    return PEEKNAMEDPIPE.raw(memory, handle, 0, 0, 0, available, 0) != 0;
  }

  /**
   * Creates an event that is not set, and that children do not inherit.
   *
   * @param manual whether it stays set until somebody resets it, and not until one wait has seen it
   * @return its handle, or 0
   */
  static long createEvent(NativeMemory memory, boolean manual) {
    return CREATEEVENT.raw(memory, 0, manual ? 1 : 0, 0, 0, 0, 0);
  }

  /** {@return WAIT_OBJECT_0, or another number after the milliseconds} */
  static int waitForSingleObject(NativeMemory memory, long handle, int milliseconds) {
    return (int) WAITFORSINGLEOBJECT.raw(memory, handle, milliseconds, 0, 0, 0, 0);
  }

  /** Cancels a call that goes on. It is over when its OVERLAPPED says so, and then has the error or has succeeded. */
  static void cancelIoEx(NativeMemory memory, long handle, long overlapped) {
    CANCELIOEX.raw(memory, handle, overlapped, 0, 0, 0, 0);
  }

  /**
   * Waits for the end of a call that went on.
   *
   * @param count the address of an int: where to put how many bytes it has read
   * @return whether the call has succeeded
   */
  static boolean getOverlappedResult(NativeMemory memory, long handle, long overlapped, long count) {
    return GETOVERLAPPEDRESULT.raw(memory, handle, overlapped, count, 1, 0, 0) != 0;
  }
}
