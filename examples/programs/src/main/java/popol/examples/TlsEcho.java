package popol.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.Waker;
import popol.examples.parts.Acceptor;
import popol.examples.parts.Console;
import popol.examples.parts.Output;

/**
 * An echo server that speaks TLS. {@code SSLEngine} makes of bytes other bytes, and popol says when the network has
 * some or takes some. One thread does all of it but the expensive parts of handshakes, some milliseconds each: workers
 * do those, put the peer into a queue and wake the loop.
 */
public final class TlsEcho implements AutoCloseable {

  /** What the server waits for. */
  private sealed interface Key permits Listener, Retry, Commands, Worked, Late, Peer {}

  private record Listener() implements Key {}

  private record Retry() implements Key {}

  private record Commands() implements Key {}

  /** Workers have done something. */
  private record Worked() implements Key {}

  /** The end of the time that a peer has for its handshake, or to hear that it failed. */
  private record Late(Peer peer) implements Key {}

  private static final class Peer implements Key {

    final SocketAddress address;
    final TlsConnection connection;
    boolean working; // a worker has the connection

    Peer(SocketAddress address, TlsConnection connection) {
      this.address = address;
      this.connection = connection;
    }
  }

  private static final int MOST_PEERS = 200; // each costs 50 KiB for its buffers, and some for its keys
  private static final int WORKERS = 2;
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Sources<Key> sources;
  private final SSLContext context;
  private final Output out;
  private final Set<Peer> peers = new HashSet<>();
  private final ExecutorService workers =
      Executors.newFixedThreadPool(WORKERS, Thread.ofPlatform().daemon().name("handshakes-", 0).factory());
  private final Queue<Peer> worked = new ConcurrentLinkedQueue<>();
  private final Waker waker;
  private final Acceptor<Key> acceptor;
  private final Console<Key> console;
  private boolean running = true;

  private TlsEcho(Sources<Key> sources, SSLContext context, Output out) throws IOException {
    this.sources = sources;
    this.context = context;
    this.out = out;
    waker = sources.waker(new Worked());
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    acceptor = new Acceptor<>(sources, new Listener(), new Retry(), address, MOST_PEERS, out::println);
    console = new Console<>(sources, new Commands(), out::println);
  }

  /**
   * Serves on any free port until {@code quit} is typed.
   *
   * @param args the file to write the server's certificate to, which a client has to trust
   * @throws IOException if the wait fails
   * @throws InterruptedException never, since nobody interrupts
   * @throws GeneralSecurityException if this JDK has no TLS
   */
  public static void main(String[] args) throws IOException, InterruptedException, GeneralSecurityException {
    SSLContext context = SelfSigned.create(Path.of(args[0]));
    try (Output out = new Output();
        Sources<Key> sources = Sources.open();
        TlsEcho server = new TlsEcho(sources, context, out)) {
      server.run();
    }
  }

  private void run() throws IOException, InterruptedException {
    out.println("listening on port " + acceptor.port());
    while (running) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Listener() -> acceptor.accept(this::join);
          case Retry() -> acceptor.resume();
          case Commands() -> console.read(event, line -> running &= !line.equals("quit"));
          case Worked() -> takeFromWorkers();
          case Late(Peer peer) -> leave(peer, "took too long");
          case Peer peer when peer.working -> leave(peer, "hung up"); // it is silent but for that
          case Peer peer -> serve(peer);
        }
      }
    }
  }

  private void join(SocketChannel channel) throws IOException {
    Peer peer = new Peer(channel.getRemoteAddress(), new TlsConnection(channel, context.createSSLEngine()));
    sources.register(peer, channel, Interest.READ);
    sources.timer(new Late(peer), HANDSHAKE);
    peers.add(peer);
  }

  private void leave(Peer peer, String why) throws IOException {
    out.println("left: " + peer.address + ": " + why);
    sources.unregister(peer);
    sources.unregister(new Late(peer));
    peers.remove(peer);
    peer.connection.close();
    acceptor.release();
  }

  private void serve(Peer peer) throws IOException {
    try {
      switch (peer.connection.step()) {
        case READ -> sources.interest(peer, Interest.READ);
        case WRITE -> sources.interest(peer, Interest.WRITE);
        case WORK -> handToWorker(peer);
        case END -> leave(peer, "bye");
      }
      if (!peer.working && peer.connection.isEstablished()) {
        sources.unregister(new Late(peer)); // it can stay as long as it wants
      }
    } catch (SSLException wrong) {
      fail(peer, wrong);
    } catch (IOException broken) {
      leave(peer, broken.getMessage());
    }
  }

  private void handToWorker(Peer peer) {
    sources.interest(peer, Interest.NONE); // the worker has it
    peer.working = true;
    workers.execute(() -> {
      peer.connection.work();
      worked.add(peer);
      waker.wake();
    });
  }

  private void takeFromWorkers() throws IOException {
    for (Peer peer = worked.poll(); peer != null; peer = worked.poll()) {
      peer.working = false;
      if (peers.contains(peer)) { // it may have left meanwhile
        serve(peer);
      }
    }
  }

  private void fail(Peer peer, SSLException why) throws IOException {
    try {
      peer.connection.fail();
      out.println("failed: " + peer.address + ": " + why.getMessage());
      sources.interest(peer, Interest.READ);
      sources.timer(new Late(peer), FAREWELL);
    } catch (IOException gone) {
      leave(peer, why.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    workers.shutdownNow();
    acceptor.close();
    for (Peer peer : peers) {
      peer.connection.close();
    }
  }
}
