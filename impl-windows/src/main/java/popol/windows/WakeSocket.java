package popol.windows;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.WakeHandle;

/**
 * A socket that is readable while a byte of its other end is in it: WSAPoll waits on nothing but sockets. TCP, because
 * a datagram may be lost, and the wake with it. Other programs break it where they close the connections of all
 * (firewalls do): the waiter then hears the end, and the engine opens another one.
 */
final class WakeSocket implements WakeHandle {

  private static final int ROOM = 64; // bytes; late ones are taken together

  private final NativeMemory memory;
  private final SocketPair pair;
  private boolean isMute; // the writer is closed

  /**
   * A handle that is not set.
   *
   * @param pair two sockets, which are the handle's from now on
   */
  WakeSocket(SocketPair pair) {
    this.pair = pair;
    try {
      memory = NativeMemory.allocate(ROOM);
    } catch (Throwable t) {
      pair.close();
      throw t;
    }
  }

  @Override
  public long descriptor() {
    return pair.reader();
  }

  @Override
  public boolean owns(long descriptor) {
    return descriptor == pair.reader() || descriptor == pair.writer() && !isMute;
  }

  /**
   * Does not block: where there is no room for a byte, others are there, and the socket is readable. After a failure
   * the writer is closed, so that the waiter hears the end.
   */
  @Override
  public void set() throws IOException {
    if (isMute) {
      throw new IOException("the socket that ends a wait is closed; the next poll opens another one");
    }
    int result = Winsock.send(memory, pair.writer(), memory.address(), 1);
    if (result < 0 && -result != WindowsHeaders.WSAEWOULDBLOCK) {
      isMute = true;
      Winsock.closesocket(pair.writer());
      throw WindowsErrors.failure("send", -result);
    }
  }

  @Override
  public boolean reset() {
    int result = Winsock.recv(memory, pair.reader(), memory.address(), ROOM);
    return !isMute && (result > 0 || -result == WindowsHeaders.WSAEWOULDBLOCK);
  }

  @Override
  public void close() {
    if (isMute) {
      Winsock.closesocket(pair.reader());
    } else {
      pair.close();
    }
    memory.free();
  }
}
