package popol.itest.consumer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import popol.Event;
import popol.Interest;
import popol.Sources;

/** Sends back what its peers send, until its registry is closed; then it closes its sockets. The keys are channels. */
final class EchoServer implements Callable<Void> {

  private final Sources<Channel> sources;
  private final ServerSocketChannel listener;
  private final List<SocketChannel> peers = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(1024);

  EchoServer(Sources<Channel> sources, ServerSocketChannel listener) {
    this.sources = sources;
    this.listener = listener;
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    try {
      sources.register(listener, listener, Interest.READ);
      while (true) {
        for (Event<Channel> event : sources.poll()) {
          if (event.key() instanceof SocketChannel peer) {
            serve(peer);
          } else {
            accept();
          }
        }
      }
    } finally {
      for (SocketChannel peer : peers) {
        peer.close();
      }
      listener.close();
    }
  }

  private void accept() throws IOException {
    SocketChannel peer = listener.accept();
    if (peer != null) {
      peers.add(peer);
      peer.configureBlocking(false);
      sources.register(peer, peer, Interest.READ);
    }
  }

  /** What the peer does not take is lost: the tests send little. */
  private void serve(SocketChannel peer) throws IOException {
    if (peer.read(buffer.clear()) < 0) {
      sources.unregister(peer);
      peers.remove(peer);
      peer.close();
    } else {
      peer.write(buffer.flip());
    }
  }
}
