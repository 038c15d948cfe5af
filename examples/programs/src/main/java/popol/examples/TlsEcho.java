package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * An echo server that speaks TLS, in one thread: {@code SSLEngine} makes of bytes other bytes, and popol says when the
 * network has some or takes some. Ends at the end of standard input.
 */
public final class TlsEcho {

  /** What the server waits for. */
  private sealed interface Key permits Listener, Commands, Peer {}

  private record Listener() implements Key {}

  private record Commands() implements Key {}

  private record Peer(TlsConnection connection) implements Key {}

  private final Sources<Key> sources;
  private final SSLContext context;
  private final Set<Peer> peers = new HashSet<>();

  private TlsEcho(Sources<Key> sources, SSLContext context) {
    this.sources = sources;
    this.context = context;
  }

  /**
   * Serves on any free port.
   *
   * @param args the file to write the server's certificate to, which a client has to trust
   * @throws IOException if the wait fails
   * @throws InterruptedException never, since nobody interrupts
   * @throws GeneralSecurityException if this JDK has no TLS
   */
  public static void main(String[] args) throws IOException, InterruptedException, GeneralSecurityException {
    SSLContext context = SelfSigned.create(Path.of(args[0]));
    try (Sources<Key> sources = Sources.open()) {
      new TlsEcho(sources, context).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.configureBlocking(false);
      sources.register(new Listener(), listener, Interest.READ);
      sources.register(new Commands(), Source.stdin(), Interest.READ);
      System.out.println("listening on port " + listener.socket().getLocalPort());

      boolean running = true;
      while (running) {
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case Listener() -> accept(listener);
            case Commands() -> running = stdin.read(new byte[256]) >= 0;
            case Peer peer -> serve(peer);
          }
        }
      }
    } finally {
      for (Peer peer : peers) {
        peer.connection().close();
      }
    }
  }

  private void accept(ServerSocketChannel listener) throws IOException {
    SocketChannel channel = listener.accept();
    if (channel == null) {
      return; // it has left again
    }
    channel.configureBlocking(false);
    Peer peer = new Peer(new TlsConnection(channel, context.createSSLEngine()));
    peers.add(peer);
    sources.register(peer, channel, Interest.READ);
  }

  private void serve(Peer peer) throws IOException {
    Interest interest;
    try {
      interest = peer.connection().step();
    } catch (IOException broken) {
      System.out.println("left: " + broken.getMessage());
      interest = null;
    }
    if (interest != null) {
      sources.interest(peer, interest);
    } else {
      sources.unregister(peer);
      peers.remove(peer);
      peer.connection().close();
    }
  }
}
