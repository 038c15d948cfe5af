package popol.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.Waker;
import popol.examples.parts.Acceptor;
import popol.examples.parts.Console;
import popol.examples.parts.Lines;
import popol.examples.parts.Output;

/**
 * Answers each line with a key made of it, as of a password: that takes a worker thread a good part of a second.
 *
 * <p>The way there: the loop takes a line, disables READ of its peer, and hands the line to a worker. The way back: the
 * worker puts the answer into a queue and wakes the loop, which sends it and enables READ again. So workers never touch
 * a peer, a peer has one line in work at most, and who sends more waits while the others are served.
 */
public final class Workers implements AutoCloseable {

  /** What the server waits for. */
  private sealed interface Key permits Listener, Retry, Commands, Worked, Peer {}

  private record Listener() implements Key {}

  private record Retry() implements Key {}

  private record Commands() implements Key {}

  /** Workers have done something. */
  private record Worked() implements Key {}

  private static final class Peer implements Key {

    final SocketChannel channel;
    final Lines lines = new Lines();
    final Queue<String> waiting = new ArrayDeque<>(); // lines of the last read
    ByteBuffer answer = NOTHING; // what it has not taken yet

    Peer(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private record Answer(Peer peer, String text) {}

  private static final int MOST_PEERS = 1000;
  private static final int WORKERS = 2;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Sources<Key> sources;
  private final Output out;
  private final Waker waker;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final byte[] bytes = new byte[1024]; // for each peer in turn
  private final Set<Peer> peers = new HashSet<>();
  private final Acceptor<Key> acceptor;
  private final Console<Key> console;
  private boolean running = true;

  private Workers(Sources<Key> sources, int port, Output out) throws IOException {
    this.sources = sources;
    this.out = out;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    waker = sources.waker(new Worked());
    acceptor = new Acceptor<>(sources, new Listener(), new Retry(), address, MOST_PEERS, out::println);
    console = new Console<>(sources, new Commands(), out::println);
  }

  /**
   * Serves until {@code quit} is typed.
   *
   * @param args the port; any free one if there is none
   * @throws IOException if the port cannot be listened on, or the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    keyOf("first"); // now, for the JDK opens files at the first time, and peers may take all descriptors
    try (Output out = new Output();
        Sources<Key> sources = Sources.open();
        Workers server = new Workers(sources, port, out)) {
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
          case Commands() -> console.read(event, line -> running &= !line.strip().equals("quit"));
          case Worked() -> takeAnswers();
          case Peer peer -> serve(peer, event);
        }
      }
    }
  }

  private void join(SocketChannel channel) throws IOException {
    Peer peer = new Peer(channel);
    sources.register(peer, channel, Interest.READ);
    peers.add(peer);
  }

  private void leave(Peer peer) throws IOException {
    sources.unregister(peer);
    peers.remove(peer);
    peer.channel.close();
    acceptor.release();
  }

  private void serve(Peer peer, Event<Key> event) throws IOException {
    try {
      if (event.isReadable()) {
        receive(peer);
      } else if (event.isWritable()) {
        send(peer);
      } else {
        leave(peer); // it has reset the connection, perhaps while a worker has its line
      }
    } catch (IOException reset) {
      leave(peer);
    }
  }

  private void receive(Peer peer) throws IOException {
    int count = peer.channel.read(ByteBuffer.wrap(bytes));
    if (count < 0) {
      leave(peer);
    } else {
      peer.lines.add(bytes, count, peer.waiting::add);
      next(peer);
    }
  }

  /** Gives a line of the peer to a worker, or listens to the peer if there is none. */
  private void next(Peer peer) {
    String line = peer.waiting.poll();
    if (line == null) {
      sources.enable(peer, Interest.READ);
    } else {
      sources.disable(peer, Interest.READ);
      workers.execute(() -> {
        answers.add(new Answer(peer, keyOf(line)));
        waker.wake();
      });
    }
  }

  private void takeAnswers() throws IOException {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      Peer peer = answer.peer();
      if (peers.contains(peer)) { // else it has left meanwhile
        peer.answer = ByteBuffer.wrap((answer.text() + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
          send(peer);
        } catch (IOException reset) {
          leave(peer);
        }
      }
    }
  }

  private void send(Peer peer) throws IOException {
    peer.channel.write(peer.answer);
    if (peer.answer.hasRemaining()) {
      sources.enable(peer, Interest.WRITE);
    } else {
      sources.disable(peer, Interest.WRITE);
      next(peer);
    }
  }

  private static String keyOf(String password) {
    try {
      PBEKeySpec slow = new PBEKeySpec(password.toCharArray(), new byte[] {1, 2, 3, 4}, 300_000, 256);
      byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(slow).getEncoded();
      return HexFormat.of().formatHex(key);
    } catch (Throwable e) { // a worker always answers, or else its peer would wait for ever
      return "no key: " + e;
    }
  }

  @Override
  public void close() throws IOException {
    workers.shutdownNow();
    acceptor.close();
    for (Peer peer : peers) {
      peer.channel.close();
    }
  }
}
