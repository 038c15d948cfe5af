package popol.bench.net;

import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/** A channel of a {@link LoopServer}: a connection, or the listener. */
final class Peer {

  final SelectableChannel channel;
  int place; // among the connections
  ByteBuffer unsent; // what the socket has not taken yet; null if there is nothing
  ByteBuffer begun; // the start of a message whose rest has not come yet; null if there is none

  Peer(SelectableChannel channel) {
    this.channel = channel;
  }

  SocketChannel socket() {
    return (SocketChannel) channel;
  }
}
