package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Sends back what its peers send, and obeys what is typed: one thread, which waits for the listener, the peers and
 * standard input at once.
 */
public final class EchoServer {

  /** What the server waits for. */
  sealed interface Key permits Listener, Commands, Peer {}

  private record Listener() implements Key {}

  private record Commands() implements Key {}

  private record Peer(SocketChannel channel, SocketAddress address) implements Key {}

  private static final int BUFFER_SIZE = 64 * 1024; // bytes of a peer that can be on their way back

  private final Sources<Key> sources;
  private final FileInputStream commands;
  private final StringBuilder typed = new StringBuilder(); // since the last end of a line
  private final Map<Peer, ByteBuffer> peers = new HashMap<>();
  private boolean running = true;

  /**
   * A server that waits with a registry which nothing else uses.
   *
   * @param sources the registry; closing it, from any thread, ends the server
   * @param commands where commands come from: {@code peers} or {@code quit}, each on a line
   */
  EchoServer(Sources<Key> sources, FileInputStream commands) {
    this.sources = sources;
    this.commands = commands;
  }

  /**
   * Runs a server on standard input.
   *
   * @param args the port; any free one if there is none
   * @throws IOException if the port cannot be listened on, or the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    try (Sources<Key> sources = Sources.open()) {
      // Not System.in, which buffers: a poll cannot see what it has buffered.
      new EchoServer(sources, new FileInputStream(FileDescriptor.in)).run(port);
    }
  }

  /**
   * Serves until {@code quit} or the end of the commands.
   *
   * @param port the port to listen on; 0 for any free one
   * @throws java.nio.channels.ClosedSelectorException if the registry is closed
   */
  void run(int port) throws IOException, InterruptedException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      listener.configureBlocking(false);
      sources.register(new Listener(), listener, Interest.READ);
      sources.register(new Commands(), Source.of(commands.getFD()), Interest.READ);
      System.out.println("listening on port " + listener.socket().getLocalPort());
      printPeers();

      while (running) {
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case Listener() -> accept(listener);
            case Commands() -> readCommands();
            case Peer peer -> serve(peer, event);
          }
        }
      }
    } finally {
      for (Peer peer : peers.keySet()) {
        peer.channel().close();
      }
    }
  }

  private void accept(ServerSocketChannel listener) throws IOException {
    SocketChannel channel = listener.accept();
    if (channel == null) {
      return; // it has left again
    }
    channel.configureBlocking(false);
    Peer peer = new Peer(channel, channel.getRemoteAddress());
    peers.put(peer, ByteBuffer.allocate(BUFFER_SIZE));
    sources.register(peer, channel, Interest.READ);
    System.out.println("joined: " + peer.address());
  }

  private void serve(Peer peer, Event<Key> event) throws IOException {
    try {
      if (event.isReadable()) {
        receive(peer);
      } else if (event.isWritable()) {
        sendBack(peer);
      } else {
        leave(peer); // neither is possible any more
      }
    } catch (IOException reset) {
      leave(peer);
    }
  }

  private void receive(Peer peer) throws IOException {
    ByteBuffer buffer = peers.get(peer);
    if (peer.channel().read(buffer) < 0) {
      leave(peer);
    } else {
      buffer.flip();
      sendBack(peer);
    }
  }

  /**
   * Sends what the peer takes. As long as something is left, the server waits for room instead of for more: a peer that
   * does not read is not read from, and costs no more than its buffer.
   */
  private void sendBack(Peer peer) throws IOException {
    ByteBuffer buffer = peers.get(peer);
    peer.channel().write(buffer);
    if (buffer.hasRemaining()) {
      sources.interest(peer, Interest.WRITE);
    } else {
      buffer.clear();
      sources.interest(peer, Interest.READ);
    }
  }

  private void leave(Peer peer) throws IOException {
    sources.unregister(peer);
    peers.remove(peer);
    peer.channel().close();
    System.out.println("left: " + peer.address());
  }

  private void readCommands() throws IOException {
    byte[] bytes = new byte[256];
    int count = commands.read(bytes);
    if (count < 0) {
      running = false;
      return;
    }
    typed.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    for (int end = typed.indexOf("\n"); end >= 0; end = typed.indexOf("\n")) {
      obey(typed.substring(0, end).strip());
      typed.delete(0, end + 1);
    }
  }

  private void obey(String command) {
    switch (command) {
      case "peers" -> printPeers();
      case "quit" -> running = false;
      case "" -> {}
      default -> System.out.println("unknown command " + command + ", there are: peers, quit");
    }
  }

  private void printPeers() {
    System.out.println("peers: " + peers.size());
  }
}
