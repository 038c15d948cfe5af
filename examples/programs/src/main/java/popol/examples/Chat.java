package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.examples.parts.Acceptor;
import popol.examples.parts.Output;

/**
 * A chat in a terminal: shows what the peers say, and a clock, while a line is being typed. Each one listens and
 * connects to others; what is typed goes to all connected ones. One thread waits for single keys, for the clock, for
 * the listener and for all peers.
 */
public final class Chat implements AutoCloseable {

  /** What the chat waits for. */
  private sealed interface Key permits Keyboard, Clock, Redraw, Listener, Retry, Peer {}

  private record Keyboard() implements Key {}

  private record Clock() implements Key {}

  /** The time to draw what could not be drawn at once. */
  private record Redraw() implements Key {}

  private record Listener() implements Key {}

  private record Retry() implements Key {}

  private record Peer(ChatPeer connection, boolean accepted) implements Key {}

  private static final int MOST_PEERS = 100; // who have come by themselves
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final String name;
  private final Sources<Key> sources;
  private final Screen screen;
  private final FileInputStream keyboard = new FileInputStream(FileDescriptor.in);
  private final LineEditor editor = new LineEditor();
  private final List<Peer> peers = new ArrayList<>();
  private final Acceptor<Key> acceptor;
  private boolean running = true;

  private Chat(String name, int port, Sources<Key> sources, Screen screen) throws IOException {
    this.name = name;
    this.sources = sources;
    this.screen = screen;
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port); // this machine, an example
    acceptor = new Acceptor<>(sources, new Listener(), new Retry(), here, MOST_PEERS, line -> screen.add("* " + line));
    sources.register(new Keyboard(), Source.stdin(), Interest.READ);
    sources.timer(new Clock(), SECOND, SECOND);
  }

  /**
   * Chats until Ctrl-D or Ctrl-C.
   *
   * @param args a name, the port to listen on (0 for any), and the addresses of others, each as {@code host:port}
   * @throws IOException if standard input is no terminal, or the port cannot be listened on
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 2) {
      System.err.println("arguments: NAME PORT [HOST:PORT ...]");
      System.exit(2);
    }
    try (RawTerminal terminal = RawTerminal.open(); Output out = new Output(); Sources<Key> sources = Sources.open()) {
      Screen screen = new Screen(out, terminal.columns());
      try (Chat chat = new Chat(args[0], Integer.parseInt(args[1]), sources, screen)) {
        chat.run(List.of(args).subList(2, args.length));
      }
      screen.end();
    }
  }

  private void run(List<String> others) throws IOException, InterruptedException {
    for (String other : others) {
      connect(Addresses.parse(other));
    }
    draw();
    while (running) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Keyboard() -> readKeys();
          case Clock(),Redraw() -> {} // see draw, the picture has the time
          case Listener() -> acceptor.accept(this::join);
          case Retry() -> acceptor.resume();
          case Peer peer -> serve(peer, event);
        }
      }
      draw(); // once for all that has happened
    }
  }

  private void readKeys() throws IOException {
    byte[] keys = new byte[256];
    int count = keyboard.read(keys);
    running = count >= 0;
    for (int i = 0; i < count && running; i++) {
      switch (editor.type(Byte.toUnsignedInt(keys[i]))) {
        case MORE -> {}
        case LINE -> say(editor.take());
        case END -> running = false;
      }
    }
  }

  private void say(String line) throws IOException {
    if (line.isBlank()) {
      return;
    }
    screen.add(name + ": " + line);
    for (Peer peer : List.copyOf(peers)) {
      try {
        peer.connection().send(name + ": " + line);
        sources.interest(peer, peer.connection().interest());
      } catch (IOException e) {
        leave(peer, e.getMessage());
      }
    }
  }

  private void connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.bind(null); // in a JVM without flags it is found by that
    try {
      channel.connect(address);
      add(new Peer(new ChatPeer(channel, address), false), channel);
    } catch (IOException e) {
      channel.close();
      screen.add("* cannot connect to " + address + ": " + e.getMessage());
    }
  }

  private void join(SocketChannel channel) throws IOException {
    ChatPeer connection = new ChatPeer(channel, channel.getRemoteAddress());
    add(new Peer(connection, true), channel);
    screen.add("* " + connection.address() + " has come");
  }

  private void add(Peer peer, SocketChannel channel) {
    sources.register(peer, channel, peer.connection().interest());
    peers.add(peer);
  }

  private void serve(Peer peer, Event<Key> event) throws IOException {
    try {
      ChatPeer connection = peer.connection();
      if (!connection.isConnected()) {
        connection.finishConnect();
        screen.add("* connected to " + connection.address());
      }
      if (event.isReadable() && !connection.receive(screen::add)) {
        leave(peer, "bye");
        return;
      }
      connection.send();
      sources.interest(peer, connection.interest());
    } catch (IOException e) {
      leave(peer, e.getMessage());
    }
  }

  private void leave(Peer peer, String why) throws IOException {
    sources.unregister(peer);
    peers.remove(peer);
    peer.connection().close();
    if (peer.accepted()) {
      acceptor.release();
    }
    screen.add("* " + peer.connection().address() + " has left: " + why);
  }

  private void draw() {
    long connected = peers.stream().filter(peer -> peer.connection().isConnected()).count();
    boolean drawn = screen
        .draw(" " + TIME.format(LocalTime.now()) + "  " + name + " on port " + acceptor.port() + ", peers: " + connected
            + ", Ctrl-D ends ", editor.text());
    if (!drawn) {
      sources.timer(new Redraw(), SOON);
    }
  }

  @Override
  public void close() throws IOException {
    acceptor.close();
    for (Peer peer : peers) {
      peer.connection().close();
    }
  }
}
