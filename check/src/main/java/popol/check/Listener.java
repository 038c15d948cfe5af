package popol.check;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A listening TCP socket. To write to it is to connect to it, and to read from it is to accept. */
final class Listener extends End {

  private static final int BACKLOG = 10;

  private final ServerSocketChannel server;
  private final SocketAddress address;
  private final Deque<SocketChannel> clients = new ArrayDeque<>(); // not yet accepted

  Listener(ServerSocketChannel server) throws IOException {
    super(new ChannelAccess(server));
    this.server = server;
    this.address = server.getLocalAddress();
  }

  @Override
  int truth() {
    return clients.isEmpty() ? 0 : Posix.POLLIN;
  }

  @Override
  void write() throws IOException {
    if (isOpen() && clients.size() < BACKLOG) {
      clients.add(SocketChannel.open(address));
    }
  }

  @Override
  void read() throws IOException {
    while (isOpen() && !clients.isEmpty()) {
      readOne();
    }
  }

  @Override
  void readOne() throws IOException {
    if (isOpen() && !clients.isEmpty()) {
      SocketChannel accepted = server.accept();
      require(accepted != null, "there is a connection");
      drop(accepted);
      drop(clients.remove());
    }
  }

  /** Without a connection that the kernel remembers for a minute. */
  private static void drop(@Nullable SocketChannel channel) throws IOException {
    if (channel != null) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }
  }

  @Override
  void gone() {}

  @Override
  void release() throws IOException {
    super.release();
    while (!clients.isEmpty()) {
      drop(clients.remove());
    }
  }
}
