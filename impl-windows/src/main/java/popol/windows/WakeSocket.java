package popol.windows;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.WakeHandle;

/**
 * A socket that is readable while a byte of its other end is in it: WSAPoll waits on nothing but sockets. TCP, because
 * a datagram may be lost, and the wake with it.
 */
final class WakeSocket implements WakeHandle {

  private final NativeMemory memory;
  private final SocketPair pair;
  private boolean sent; // a byte is in the socket, or on its way

  /**
   * A handle that is not set.
   *
   * @param pair two sockets, which are the handle's from now on
   */
  WakeSocket(SocketPair pair) {
    this.pair = pair;
    try {
      memory = NativeMemory.allocate(1); // the byte
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
    return descriptor == pair.reader() || descriptor == pair.writer();
  }

  /** Does not block: there is never more than one byte in the socket. */
  @Override
  public void set() throws IOException {
    int result = Winsock.send(memory, pair.writer(), memory.address(), 1);
    if (result < 0) {
      throw WindowsErrors.failure("send", -result);
    }
    sent = true;
  }

  /** Waits for the byte, which may still be on its way; where none was sent there is nothing to wait for. */
  @Override
  public void reset() {
    if (sent) {
      sent = false;
      Winsock.recv(memory, pair.reader(), memory.address(), 1);
    }
  }

  @Override
  public void close() {
    pair.close();
    memory.free();
  }
}
