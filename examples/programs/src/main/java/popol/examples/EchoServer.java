package popol.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.examples.parts.Acceptor;
import popol.examples.parts.Console;
import popol.examples.parts.Output;

/**
 * Sends back what its peers send, and obeys what is typed: one thread, which waits for the listener, the peers and
 * standard input at once.
 *
 * <p>No peer can harm the others. An idle one costs no buffer. One that does not read is not read from, and costs one
 * buffer of {@value #MOST_BYTES} bytes. All together cannot cost more than {@value #MOST_PEERS} of them.
 */
public final class EchoServer implements AutoCloseable {

  /** What the server waits for. */
  sealed interface Key permits Listener, Retry, Commands, Peer {}

  private record Listener() implements Key {}

  /** The time to accept again, after it has failed. */
  private record Retry() implements Key {}

  private record Commands() implements Key {}

  private static final class Peer implements Key {

    final SocketChannel channel;
    final SocketAddress address;
    ByteBuffer rest = NOTHING; // what it has not taken yet

    Peer(SocketChannel channel) throws IOException {
      this.channel = channel;
      this.address = channel.getRemoteAddress();
    }
  }

  private static final int MOST_PEERS = 1000;
  private static final int MOST_BYTES = 16 * 1024; // on their way back to a peer
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Sources<Key> sources;
  private final Output out;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES); // for each peer in turn
  private final Set<Peer> peers = new HashSet<>();
  private final Acceptor<Key> acceptor;
  private final Console<Key> console; // null where standard input is not this program's
  private boolean running = true;

  /**
   * A server that waits with a registry which nothing else uses.
   *
   * @param sources the registry; closing it, from any thread, ends the server
   * @param port the port to listen on; 0 for any free one
   * @param commands whether it obeys standard input
   * @param out where it says what happens
   */
  EchoServer(Sources<Key> sources, int port, boolean commands, Output out) throws IOException {
    this.sources = sources;
    this.out = out;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    acceptor = new Acceptor<>(sources, new Listener(), new Retry(), address, MOST_PEERS, out::println);
    console = commands ? new Console<>(sources, new Commands(), out::println) : null;
  }

  /**
   * Runs a server until {@code quit} is typed.
   *
   * @param args the port; any free one if there is none
   * @throws IOException if the port cannot be listened on, or the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    try (Output out = new Output();
        Sources<Key> sources = Sources.open();
        EchoServer server = new EchoServer(sources, port, true, out)) {
      server.run();
    }
  }

  /**
   * Serves until {@code quit}.
   *
   * @throws java.nio.channels.ClosedSelectorException if the registry is closed
   */
  void run() throws IOException, InterruptedException {
    out.println("listening on port " + acceptor.port());
    printPeers();
    while (running) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Listener() -> acceptor.accept(this::join);
          case Retry() -> acceptor.resume();
          case Commands() -> console.read(event, this::obey);
          case Peer peer -> {
            if (!serve(peer, event)) {
              leave(peer);
            }
          }
        }
      }
    }
  }

  private void join(SocketChannel channel) throws IOException {
    Peer peer = new Peer(channel);
    sources.register(peer, channel, Interest.READ);
    peers.add(peer);
    out.println("joined: " + peer.address);
  }

  private void leave(Peer peer) throws IOException {
    sources.unregister(peer);
    peers.remove(peer);
    peer.channel.close();
    acceptor.release();
    out.println("left: " + peer.address);
  }

  /** Does what a peer is ready for; false if it has left. */
  private boolean serve(Peer peer, Event<Key> event) {
    try {
      if (event.isReadable()) {
        return receive(peer);
      }
      if (event.isWritable()) {
        sendRest(peer);
        return true;
      }
      return false; // neither is possible any more
    } catch (IOException reset) {
      return false;
    }
  }

  /**
   * Reads once, so that a peer that sends much does not keep the others waiting, and sends it back. If something is
   * left, the server waits for room instead of for more.
   */
  private boolean receive(Peer peer) throws IOException {
    boolean more = peer.channel.read(buffer.clear()) >= 0;
    peer.channel.write(buffer.flip());
    if (buffer.hasRemaining()) {
      peer.rest = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
      sources.interest(peer, Interest.WRITE);
    }
    return more;
  }

  private void sendRest(Peer peer) throws IOException {
    peer.channel.write(peer.rest);
    if (!peer.rest.hasRemaining()) {
      peer.rest = NOTHING;
      sources.interest(peer, Interest.READ);
    }
  }

  private void obey(String line) {
    switch (line.strip()) {
      case "peers" -> printPeers();
      case "quit" -> running = false;
      case "" -> {}
      default -> out.println("unknown command " + line.strip() + ", there are: peers, quit");
    }
  }

  private void printPeers() {
    out.println("peers: " + peers.size());
  }

  @Override
  public void close() throws IOException {
    acceptor.close();
    for (Peer peer : peers) {
      peer.channel.close();
    }
  }
}
