package popol.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import popol.Event;
import popol.Sources;
import popol.Waker;
import popol.examples.parts.Acceptor;
import popol.examples.parts.Console;
import popol.examples.parts.Output;

/**
 * An echo server with a virtual thread for each connection, whose code simply blocks, beside a loop for what is not a
 * connection: the listener, commands, and the time that a peer may be silent.
 *
 * <p>A thread sets its timer anew in the loop's registry, which any thread may do. When a timer expires, the loop
 * closes the connection, and the blocked call ends with an exception.
 */
public final class VirtualThreads implements AutoCloseable {

  /** What the loop waits for. */
  private sealed interface Key permits Listener, Retry, Commands, Left, Silent {}

  private record Listener() implements Key {}

  private record Retry() implements Key {}

  private record Commands() implements Key {}

  /** Threads have ended. */
  private record Left() implements Key {}

  /** The end of the time that a peer may be silent, or not read what it is sent. */
  private record Silent(SocketChannel peer) implements Key {}

  private static final int MOST_PEERS = 1000;
  private static final int MOST_BYTES = 8 * 1024; // for each peer

  private final Sources<Key> sources;
  private final Duration patience;
  private final Output out;
  private final Waker waker;
  private final Queue<SocketChannel> left = new ConcurrentLinkedQueue<>();
  private final Set<SocketChannel> peers = new HashSet<>();
  private final Acceptor<Key> acceptor;
  private final Console<Key> console;
  private boolean running = true;

  private VirtualThreads(Sources<Key> sources, int port, Duration patience, Output out) throws IOException {
    this.sources = sources;
    this.patience = patience;
    this.out = out;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    waker = sources.waker(new Left());
    acceptor = new Acceptor<>(sources, new Listener(), new Retry(), address, MOST_PEERS, out::println);
    console = new Console<>(sources, new Commands(), out::println);
  }

  /**
   * Serves until {@code quit} is typed.
   *
   * @param args the port, or 0 for any free one, and the seconds that a peer may be silent
   * @throws IOException if the port cannot be listened on, or the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Duration patience = Duration.ofSeconds(Long.parseLong(args[1]));
    openPollers();
    try (Output out = new Output();
        Sources<Key> sources = Sources.open();
        VirtualThreads server = new VirtualThreads(sources, Integer.parseInt(args[0]), patience, out)) {
      server.run();
    }
  }

  /**
   * Lets the JDK open the descriptors that virtual threads wait with. It opens them at the first such wait and never
   * again, and by then the peers may have taken all.
   */
  private static void openPollers() throws IOException, InterruptedException {
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody.setSoTimeout(1);
      Thread.ofVirtual().start(() -> {
        try {
          nobody.accept().close();
        } catch (IOException timeout) {
          // it has waited
        }
      }).join();
    }
  }

  private void run() throws IOException, InterruptedException {
    out.println("listening on port " + acceptor.port());
    while (running) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Listener() -> acceptor.accept(this::join);
          case Retry() -> acceptor.resume();
          case Commands() -> console.read(event, this::obey);
          case Silent(SocketChannel peer) -> peer.close(); // its thread notices
          case Left() -> forget();
        }
      }
    }
  }

  private void obey(String line) {
    if (line.strip().equals("quit")) {
      running = false;
    } else {
      out.println("peers: " + peers.size());
    }
  }

  private void join(SocketChannel channel) throws IOException {
    channel.configureBlocking(true);
    sources.timer(new Silent(channel), patience);
    peers.add(channel);
    Thread.ofVirtual().start(() -> talk(channel));
  }

  /** In the peer's own thread. */
  private void talk(SocketChannel channel) {
    try (channel) {
      ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES);
      while (channel.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) { // on a virtual thread a write may take a part, also in blocking mode
          channel.write(buffer);
        }
        sources.timer(new Silent(channel), patience);
      }
    } catch (IOException | ClosedSelectorException end) {
      // reset by the peer, closed by the loop, or all is over
    } finally {
      left.add(channel);
      waker.wake();
    }
  }

  /** Only the loop counts the peers, so this is its part. */
  private void forget() {
    for (SocketChannel channel = left.poll(); channel != null; channel = left.poll()) {
      sources.unregister(new Silent(channel)); // the thread sets it no more
      peers.remove(channel);
      acceptor.release();
    }
  }

  @Override
  public void close() throws IOException {
    acceptor.close();
    for (SocketChannel peer : peers) {
      peer.close();
    }
  }
}
