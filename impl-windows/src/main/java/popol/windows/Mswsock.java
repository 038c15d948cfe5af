package popol.windows;

import popol.ffm.NativeFunction;
import popol.ffm.NativeLibrary;
import popol.ffm.NativeMemory;

/** The function of {@code mswsock.dll} that popol uses, as {@link Kernel32} has its functions. */
final class Mswsock {

  private static final NativeFunction ACCEPTEX =
      NativeFunction.of(NativeLibrary.load("mswsock.dll"), WindowsHeaders.ACCEPTEX);

  private Mswsock() {}

  /**
   * Accepts a connection into a socket that exists. The call goes on until there is one.
   *
   * @param listener accepts
   * @param socket one that is neither bound nor connected
   * @param addresses where to put the addresses of both ends, twice the room
   * @param room for one of them
   * @param received the address of an int: where to put how many bytes came, which are none
   * @param overlapped the address of an OVERLAPPED
   */
  static boolean acceptEx(
      NativeMemory memory, long listener, long socket, long addresses, int room, long received, long overlapped) {
    return ACCEPTEX.rawOfMany(memory, listener, socket, addresses, 0, room, room, received, overlapped) != 0;
  }
}
