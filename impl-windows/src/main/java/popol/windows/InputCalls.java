package popol.windows;

import popol.ffm.NativeFunction;
import popol.ffm.NativeMemory;

/** The functions of {@code kernel32.dll} that standard input needs, as {@link Kernel32} has its functions. */
final class InputCalls {

  private static final NativeFunction GETSTDHANDLE = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.GETSTDHANDLE);
  private static final NativeFunction GETFILETYPE = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.GETFILETYPE);
  private static final NativeFunction GETCONSOLEMODE =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.GETCONSOLEMODE);
  private static final NativeFunction GETNUMBEROFCONSOLEINPUTEVENTS =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.GETNUMBEROFCONSOLEINPUTEVENTS);
  private static final NativeFunction PEEKCONSOLEINPUT =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.PEEKCONSOLEINPUTW);
  private static final NativeFunction READCONSOLEINPUT =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.READCONSOLEINPUTW);
  private static final NativeFunction SETEVENT = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.SETEVENT);
  private static final NativeFunction WAITFORMULTIPLEOBJECTS =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.WAITFORMULTIPLEOBJECTS);
  private static final NativeFunction GETCURRENTTHREADID =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.GETCURRENTTHREADID);
  private static final NativeFunction OPENTHREAD = NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.OPENTHREAD);
  private static final NativeFunction CANCELSYNCHRONOUSIO =
      NativeFunction.of(Kernel32.LIBRARY, WindowsHeaders.CANCELSYNCHRONOUSIO);

  private InputCalls() {}

  /** {@return the handle, or 0 or INVALID_HANDLE_VALUE, neither of which has a file type} */
  static long getStdHandle(NativeMemory memory, int which) {
    return GETSTDHANDLE.raw(memory, which, 0, 0, 0, 0, 0);
  }

  /** {@return one of FILE_TYPE_; FILE_TYPE_UNKNOWN for what is no handle} */
  static int getFileType(NativeMemory memory, long handle) {
    return (int) GETFILETYPE.raw(memory, handle, 0, 0, 0, 0, 0);
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
    return PEEKCONSOLEINPUT.raw(memory, handle, records, most, number, 0, 0) != 0;
  }

  /** As {@link #peekConsoleInput}, and takes them away. Waits for the first one. */
  static boolean readConsoleInput(NativeMemory memory, long handle, long records, int most, long number) {
    return READCONSOLEINPUT.raw(memory, handle, records, most, number, 0, 0) != 0;
  }

  static void setEvent(NativeMemory memory, long event) {
    SETEVENT.raw(memory, event, 0, 0, 0, 0, 0);
  }

  /**
   * Waits without end until one of them is set.
   *
   * @param count how many
   * @param handles the address of the handles
   * @return the number of the first one that is set; another number if the call failed
   */
  static int waitForMultipleObjects(NativeMemory memory, int count, long handles) {
    return (int) WAITFORMULTIPLEOBJECTS.raw(memory, count, handles, 0, WindowsHeaders.INFINITE, 0, 0);
  }

  static int getCurrentThreadId(NativeMemory memory) {
    return (int) GETCURRENTTHREADID.raw(memory, 0, 0, 0, 0, 0, 0);
  }

  /** {@return a handle of the thread with which its calls can be cancelled, or 0; children do not inherit it} */
  static long openThread(NativeMemory memory, int id) {
    return OPENTHREAD.raw(memory, WindowsHeaders.THREAD_TERMINATE, 0, id, 0, 0, 0);
  }

  /** Ends a call of a thread that waits for a file or a pipe. Says that it failed if the thread is in no such call. */
  static boolean cancelSynchronousIo(NativeMemory memory, long thread) {
    return CANCELSYNCHRONOUSIO.raw(memory, thread, 0, 0, 0, 0, 0) != 0;
  }
}
