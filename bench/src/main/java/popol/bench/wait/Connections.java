package popol.bench.wait;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A work on connections whose other ends are in the same process, for JMH. */
final class Connections {

  private final List<SocketChannel> others = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();
  private Work work;

  void open(String what, String library, int sources, int active) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int i = 0; i < sources && !what.startsWith("timer"); i++) {
        SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        peers.add(new Peer(channel));
        SocketChannel other = listener.accept();
        other.setOption(StandardSocketOptions.TCP_NODELAY, true);
        other.setOption(StandardSocketOptions.SO_LINGER, 0); // no address stays taken
        others.add(other);
      }
    }
    for (int i = 0; i < sources && what.startsWith("timer"); i++) {
      peers.add(new Peer(null));
    }
    if (what.equals("wait-block")) {
      Thread.ofPlatform().daemon().start(() -> echo(others.getLast()));
    } else {
      for (int i = 0; i < active; i++) {
        others.get((i + 1) * sources / active - 1).write(ByteBuffer.allocate(1));
      }
    }
    work = Work.of(what, Library.valueOf(library), peers);
    work.start();
  }

  private static void echo(SocketChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    try {
      while (channel.read(buffer.clear()) == 1) {
        channel.write(buffer.flip());
      }
    } catch (IOException closed) {
      // the benchmark is over
    }
  }

  long run(long steps) throws Exception {
    return work.run(steps);
  }

  void close() throws Exception {
    work.stop();
    for (SocketChannel other : others) {
      other.close();
    }
    work.close();
    for (Peer peer : peers) {
      if (peer.channel != null) {
        peer.channel.close();
      }
    }
  }
}
