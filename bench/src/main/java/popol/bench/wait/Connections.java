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

/** Connections whose other ends are in the same process, and the work on them, if there is one. */
final class Connections {

  private final List<SocketChannel> others = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();
  private Work work;

  void open(String what, String library, int sources, int active) throws Exception {
    if (what.startsWith("timer")) {
      for (int i = 0; i < sources; i++) {
        peers.add(new Peer(null));
      }
    } else {
      connect(sources, what.equals("wait-block") ? 0 : active);
      if (what.equals("wait-block")) {
        Thread.ofPlatform().daemon().start(() -> echo(others.getLast()));
      }
    }
    work = Work.of(what, Library.valueOf(library), peers);
    work.start();
  }

  /** Makes connections, of which some have an unread byte, the last among them. */
  void connect(int sources, int active) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int i = 0; i < sources; i++) {
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
    for (int i = 0; i < active; i++) {
      others.get((i + 1) * sources / active - 1).write(ByteBuffer.allocate(1));
    }
  }

  List<Peer> peers() {
    return peers;
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
    if (work != null) {
      work.stop();
    }
    for (SocketChannel other : others) {
      other.close();
    }
    if (work != null) {
      work.close();
    }
    for (Peer peer : peers) {
      if (peer.channel != null) {
        peer.channel.close();
      }
    }
  }
}
