package popol.bench.wait;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One connection: what a registry has as the key of a source, and finds again when there is an event. */
final class Peer {

  final SocketChannel channel;
  Object handle; // what the waiter has registered it as
  long readable; // events

  // One each way: the answer can be received by another thread while the write has not returned yet.
  private final ByteBuffer out = ByteBuffer.allocateDirect(1);
  private final ByteBuffer in = ByteBuffer.allocateDirect(1);

  /**
   * @param channel the channel; null for an entry that is a waker or a timer
   */
  Peer(SocketChannel channel) {
    this.channel = channel;
  }

  void send() throws IOException {
    out.clear();
    if (channel.write(out) != 1) {
      throw new IOException("the partner takes no more bytes");
    }
  }

  void receive() throws IOException {
    in.clear();
    if (channel.read(in) != 1) {
      throw new IOException("there is no byte, though the wait has reported one");
    }
  }
}
