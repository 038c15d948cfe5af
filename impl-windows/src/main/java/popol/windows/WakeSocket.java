package popol.windows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;
import popol.spi.WakeHandle;

/**
 * A socket that is readable while a byte from its other end is in it: WSAPoll waits on nothing but sockets. TCP, because
 * a datagram may be lost, and with it the wake.
 */
final class WakeSocket implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes = arena.allocate(1);
  private final SocketPair pair;

  WakeSocket() throws IOException {
    try {
      pair = SocketPair.open();
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public long descriptor() {
    return pair.reader();
  }

  /** Does not block: the engine sets the handle once before it is reset. */
  @Override
  public void set() {
    Winsock.send(pair.writer(), bytes);
  }

  /** The byte has been sent, but need not have come yet: this waits for it. */
  @Override
  public void reset() {
    Winsock.recv(pair.reader(), bytes);
  }

  @Override
  public void close() {
    MemorySegment error = CallState.allocate(arena);
    Winsock.closesocket(pair.writer(), error);
    Winsock.closesocket(pair.reader(), error);
    arena.close();
  }
}
