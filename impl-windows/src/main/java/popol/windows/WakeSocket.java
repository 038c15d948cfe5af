package popol.windows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;
import popol.spi.WakeHandle;

/**
 * A datagram socket on the loopback address, connected to itself: readable while a byte it has sent is in it, and deaf
 * to everybody else. WSAPoll waits on nothing but sockets. It does not block: a datagram may be lost.
 */
final class WakeSocket implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment error = CallState.allocate(arena);
  private final MemorySegment bytes = arena.allocate(1);
  private final long socket;

  WakeSocket() throws IOException {
    try {
      socket = Winsock.openLoopback();
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public long descriptor() {
    return socket;
  }

  @Override
  public void set() {
    Winsock.send(socket, bytes, error);
  }

  @Override
  public void reset() {
    Winsock.recv(socket, bytes, error);
  }

  @Override
  public void close() {
    Winsock.closesocket(socket, error);
    arena.close();
  }
}
