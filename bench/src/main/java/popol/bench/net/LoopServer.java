package popol.bench.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** One thread, non-blocking channels, one direct buffer for all of them. */
final class LoopServer implements Server {

  private static final int ROOM = 64 * 1024;

  private final Loop loop;
  private final int fanout;
  private final Peer listener;
  private final List<Peer> peers = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM);
  private final int port;
  private volatile int connections;
  private final Thread thread;

  LoopServer(Loop loop, int fanout) throws IOException {
    this.loop = loop;
    this.fanout = fanout;
    ServerSocketChannel channel = ServerSocketChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    channel.configureBlocking(false);
    this.port = channel.socket().getLocalPort();
    this.listener = new Peer(channel);
    this.thread = Thread.ofPlatform().daemon().name("server").start(this::run);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int connections() {
    return connections;
  }

  private void run() {
    try {
      loop.register(listener);
      while (true) {
        loop.await(this);
      }
    } catch (ClosedSelectorException end) {
      closeAll();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void serve(Peer peer, boolean readable, boolean writable) throws IOException {
    if (peer == listener) {
      accept();
      return;
    }
    try {
      if (writable) {
        sendRest(peer);
      }
      if (readable) {
        receive(peer);
      } else if (!writable) {
        leave(peer); // neither is possible any more
      }
    } catch (IOException reset) {
      leave(peer);
    }
  }

  private void accept() throws IOException {
    ServerSocketChannel channel = (ServerSocketChannel) listener.channel;
    for (SocketChannel socket = channel.accept(); socket != null; socket = channel.accept()) {
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Peer peer = new Peer(socket);
      peer.place = peers.size();
      peers.add(peer);
      loop.register(peer);
      connections = peers.size();
    }
  }

  private void receive(Peer peer) throws IOException {
    buffer.clear();
    if (peer.begun != null) {
      buffer.put(peer.begun);
      peer.begun = null;
    }
    if (peer.socket().read(buffer) < 0) {
      leave(peer);
      return;
    }
    buffer.flip();
    if (fanout == 0) {
      send(peer);
    } else {
      relay(peer);
    }
  }

  /** Sends whole messages to those who come after the peer. */
  private void relay(Peer peer) {
    int all = buffer.limit();
    int whole = all - all % MESSAGE;
    if (whole < all) {
      peer.begun = copyOf(buffer.slice(whole, all - whole));
    }
    for (int i = 1; i <= Math.min(fanout, peers.size()); i++) {
      buffer.limit(whole).rewind();
      send(peers.get((peer.place + i) % peers.size()));
    }
  }

  /** Sends what the buffer has, or what the socket takes of it and the rest when there is room. */
  private void send(Peer to) {
    if (to.unsent != null) {
      ByteBuffer longer = ByteBuffer.allocate(to.unsent.remaining() + buffer.remaining());
      to.unsent = longer.put(to.unsent).put(buffer).flip();
      return;
    }
    try {
      to.socket().write(buffer);
    } catch (IOException reset) {
      return; // the next read from it says so too
    }
    if (buffer.hasRemaining()) {
      to.unsent = copyOf(buffer);
      // Who does not take its own echo is not read from; what others send it is theirs to limit.
      loop.interest(to, fanout > 0, true);
    }
  }

  private void sendRest(Peer to) throws IOException {
    if (to.unsent != null) {
      to.socket().write(to.unsent);
      if (!to.unsent.hasRemaining()) {
        to.unsent = null;
        loop.interest(to, true, false);
      }
    }
  }

  private static ByteBuffer copyOf(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  private void leave(Peer peer) throws IOException {
    loop.unregister(peer);
    peer.channel.close();
    peers.remove(peer.place);
    connections = peers.size();
    for (int i = peer.place; i < peers.size(); i++) {
      peers.get(i).place = i;
    }
  }

  private void closeAll() {
    try {
      listener.channel.close();
      for (Peer peer : peers) {
        peer.channel.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    loop.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
