package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
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

/**
 * A chat in a terminal: shows what the peers say, and a clock, while a line is being typed. Each one listens and
 * connects to others; what is typed goes to all connected ones. One thread waits for single keys, for the clock, for the
 * listener and for all peers.
 */
public final class Chat {

  /** What the chat waits for. */
  private sealed interface Key permits Keyboard, Clock, Listener, Peer {}

  private record Keyboard() implements Key {}

  private record Clock() implements Key {}

  private record Listener() implements Key {}

  private record Peer(ChatPeer connection) implements Key {}

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final String name;
  private final Sources<Key> sources;
  private final Screen screen;
  private final FileInputStream keyboard = new FileInputStream(FileDescriptor.in);
  private final LineEditor editor = new LineEditor();
  private final List<Peer> peers = new ArrayList<>();
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private boolean running = true;

  private Chat(String name, Sources<Key> sources, Screen screen) throws IOException {
    this.name = name;
    this.sources = sources;
    this.screen = screen;
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
    try (RawTerminal terminal = RawTerminal.open(); Sources<Key> sources = Sources.open()) {
      Screen screen = new Screen(terminal.columns());
      new Chat(args[0], sources, screen).run(Integer.parseInt(args[1]), List.of(args).subList(2, args.length));
      screen.end();
    }
  }

  private void run(int port, List<String> others) throws IOException, InterruptedException {
    try {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)); // an example is for this machine
      listener.configureBlocking(false);
      sources.register(new Listener(), listener, Interest.READ);
      sources.register(new Keyboard(), Source.stdin(), Interest.READ);
      sources.timer(new Clock(), SECOND);
      draw();
      for (String other : others) {
        connect(Addresses.parse(other));
      }
      while (running) {
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case Keyboard() -> readKeys();
            case Clock() -> sources.timer(new Clock(), SECOND);
            case Listener() -> accept();
            case Peer peer -> serve(peer, event);
          }
        }
        draw();
      }
    } finally {
      listener.close();
      for (Peer peer : peers) {
        peer.connection().close();
      }
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
    show(name + ": " + line);
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
      add(new Peer(new ChatPeer(channel, address)), channel);
    } catch (IOException e) {
      channel.close();
      show("* cannot connect to " + address + ": " + e.getMessage());
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = listener.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      Peer peer = new Peer(new ChatPeer(channel, channel.getRemoteAddress()));
      add(peer, channel);
      show("* " + peer.connection().address() + " has come");
    }
  }

  private void add(Peer peer, SocketChannel channel) {
    peers.add(peer);
    sources.register(peer, channel, peer.connection().interest());
  }

  private void serve(Peer peer, Event<Key> event) throws IOException {
    try {
      ChatPeer connection = peer.connection();
      if (!connection.isConnected()) {
        connection.finishConnect();
        show("* connected to " + connection.address());
      }
      if (event.isReadable()) {
        List<String> lines = new ArrayList<>();
        boolean more = connection.receive(lines::add);
        for (String line : lines) {
          show(line);
        }
        if (!more) {
          leave(peer, "bye");
          return;
        }
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
    show("* " + peer.connection().address() + " has left: " + why);
  }

  private void show(String line) throws IOException {
    screen.add(line, status(), editor.text());
  }

  private void draw() throws IOException {
    screen.draw(status(), editor.text());
  }

  private String status() throws IOException {
    long connected = peers.stream().filter(peer -> peer.connection().isConnected()).count();
    return " " + TIME.format(LocalTime.now()) + "  " + name + " on port " + listener.socket().getLocalPort()
        + ", peers: " + connected + ", Ctrl-D ends ";
  }
}
