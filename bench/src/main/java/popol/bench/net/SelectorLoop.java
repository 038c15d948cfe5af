package popol.bench.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

final class SelectorLoop implements Loop {

  private final Selector selector = Selector.open();

  SelectorLoop() throws IOException {}

  @Override
  public void register(Peer peer) throws IOException {
    peer.channel.register(selector, peer.channel.validOps() & (SelectionKey.OP_ACCEPT | SelectionKey.OP_READ), peer);
  }

  @Override
  public void interest(Peer peer, boolean read, boolean write) {
    peer.channel.keyFor(selector)
        .interestOps((read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0));
  }

  @Override
  public void unregister(Peer peer) {
    peer.channel.keyFor(selector).cancel();
  }

  @Override
  public void await(LoopServer server) throws IOException {
    selector.select();
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        server.serve((Peer) key.attachment(), (key.readyOps() & ~SelectionKey.OP_WRITE) != 0, key.isWritable());
      }
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
