package popol.windows;

import java.io.IOException;

/** Says what a failed call of Windows means. */
final class WindowsErrors {

  private WindowsErrors() {}

  /**
   * The exception for a call that failed.
   *
   * @param call the name of the function
   * @param error why it failed, as {@code GetLastError} or {@code WSAGetLastError} says it
   * @return the exception to throw, whose message says what to do
   */
  static IOException failure(String call, int error) {
    return new IOException(call + " failed: " + reason(error));
  }

  private static String reason(int error) {
    if (error == WindowsHeaders.WSAEMFILE) {
      return "this process has no sockets left (WSAEMFILE): close something";
    }
    if (error == WindowsHeaders.WSAENOBUFS) {
      return "the system has no buffer space left (WSAENOBUFS)";
    }
    return "error " + error + " of Windows";
  }
}
