package popol.examples.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import popol.Event;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/**
 * A node of a peer-to-peer network. It finds others from one address, keeps connections to some of them, and passes on
 * what one says until all have heard it.
 *
 * <p>It is one thread, which waits for everything at once and owns all that is here; other threads {@link #say}
 * something, read the {@link #status}, or close the registry, which ends the node.
 */
final class Node {

  /** What the node waits for. */
  sealed interface Key {}

  private record Listener() implements Key {}

  private record Commands() implements Key {}

  /** Another thread has something to say. */
  private record Posted() implements Key {}

  /** The time to look for more peers. */
  private record Pace() implements Key {}

  private record Link(Peer peer) implements Key {}

  /** The time by which a peer must have been heard. */
  private record Patience(Peer peer) implements Key {}

  private static final int MOST_POSTS = 1024; // that other threads can be ahead
  private static final int MOST_TOLD = 32; // addresses in one frame
  private static final int MOST_REFUSED = 16; // connections that are told at one time that there is no room

  private final Sources<Key> sources;
  private final Config config;
  private final Limits limits;
  private final Consumer<String> log;

  private final Random random = new SecureRandom();
  private final long id = random.nextLong();
  private final Queue<String> posts = new ArrayBlockingQueue<>(MOST_POSTS);
  private final Waker waker;
  private final AddressBook book;
  private final Seen seen = new Seen();
  private final Set<Peer> peers = new HashSet<>(); // those that are ready and all others
  private final Map<Long, Peer> ready = new HashMap<>(); // by their ids
  private boolean running = true;
  private int port;
  private int mostQueued;
  private volatile Status status;

  /**
   * A node that waits with a registry which nothing else uses.
   *
   * @param sources the registry; closing it, from any thread, ends the node
   * @param log is told in a line each what happens, by the node's thread
   */
  Node(Sources<Key> sources, Config config, Limits limits, Consumer<String> log) {
    this.sources = sources;
    this.config = config;
    this.limits = limits;
    this.log = log;
    this.book = new AddressBook(limits.pace(), random);
    this.waker = sources.waker(new Posted());
    publish();
  }

  /** How the node was after it last handled what it waited for. */
  Status status() {
    return status;
  }

  /**
   * Sends a message to every node, from any thread.
   *
   * @return whether the node takes it; it does not if it has too many to send already
   */
  boolean say(String text) {
    boolean taken = posts.offer(text);
    waker.wake();
    return taken;
  }

  /** Runs without commands. */
  void run() throws IOException, InterruptedException {
    run(null);
  }

  /**
   * Runs until {@code quit} or the end of the commands.
   *
   * @param console where commands come from, or null
   * @throws ClosedSelectorException if the registry is closed
   */
  void run(Console console) throws IOException, InterruptedException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listen(listener);
      if (console != null) {
        sources.register(new Commands(), console.source(), Interest.READ);
      }
      sources.timer(new Pace(), limits.pace());
      lookForPeers();

      while (running) {
        publish();
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case Listener() -> accept(listener);
            case Commands() -> obey(console.read());
            case Posted() -> sayPosted();
            case Pace() -> lookForPeers();
            case Link(Peer peer) -> serve(peer, event);
            case Patience(Peer peer) -> check(peer);
          }
        }
      }
    } finally {
      peers.forEach(peer -> close(peer.channel));
    }
  }

  private void listen(ServerSocketChannel listener) throws IOException {
    listener.bind(config.listen());
    listener.configureBlocking(false);
    sources.register(new Listener(), listener, Interest.READ);
    port = listener.socket().getLocalPort();
    log.accept("listening on port " + port);
    config.known().forEach(address -> book.addPermanent(address, System.nanoTime()));
  }

  private void publish() {
    status = new Status(id, port, Set.copyOf(ready.keySet()), connections(), book.size(), mostQueued);
  }

  // Commands

  private void obey(List<String> commands) {
    if (commands == null) {
      running = false;
      return;
    }
    commands.forEach(this::obey);
  }

  private void obey(String command) {
    if (command.startsWith("say ")) {
      gossip(command.substring("say ".length()).strip());
      return;
    }
    switch (command) {
      case "peers" -> {
        log.accept("peers: " + ready.size());
        ready.values().forEach(peer -> log.accept("peer: " + peer));
      }
      case "quit" -> running = false;
      case "" -> {}
      default -> log.accept("unknown command " + command + ", there are: peers, say TEXT, quit");
    }
  }

  private void sayPosted() {
    // What is posted from now on wakes the next poll.
    for (int count = posts.size(); count > 0; count--) {
      gossip(posts.remove());
    }
  }

  // Connections

  /** Those that count: who is refused will not stay. */
  private int connections() {
    return (int) peers.stream().filter(peer -> peer.state != Peer.State.REFUSED).count();
  }

  private void lookForPeers() {
    sources.interest(new Listener(), Interest.READ);
    sources.timer(new Pace(), limits.pace());
    Set<InetSocketAddress> inUse =
        peers.stream().map(peer -> peer.address).filter(Objects::nonNull).collect(Collectors.toSet());
    book.due(System.nanoTime(), limits.dialUntil() - connections(), inUse).forEach(this::dial);
  }

  private void dial(InetSocketAddress address) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      // Not left to connect: in a JVM without flags popol knows a socket by the address that it is bound to.
      channel.bind(new InetSocketAddress(config.listen().getAddress(), 0));
      channel.connect(address);
      add(Peer.dialled(channel, address, limits.queue()), Interest.WRITE);
    } catch (IOException e) {
      book.failed(address, System.nanoTime());
      close(channel);
      log.accept("left: " + address + ": " + e.getMessage());
    }
  }

  private void accept(ServerSocketChannel listener) {
    SocketChannel channel;
    try {
      channel = listener.accept();
    } catch (IOException e) {
      log.accept("cannot accept: " + e.getMessage());
      sources.interest(new Listener(), Interest.NONE); // it would be ready again at once; look later
      return;
    }
    if (channel == null) {
      return; // it has left again
    }
    try {
      channel.configureBlocking(false);
      admit(Peer.accepted(channel, (InetSocketAddress) channel.getRemoteAddress(), limits.queue()));
    } catch (IOException e) {
      close(channel);
    }
  }

  /** One peer too many is told whom else to ask; that many more are not even told. */
  private void admit(Peer peer) throws IOException {
    int connections = connections();
    if (connections < limits.most()) {
      add(peer, Interest.READ);
      greet(peer);
    } else if (peers.size() - connections < MOST_REFUSED) {
      peer.state = Peer.State.REFUSED;
      add(peer, Interest.READ);
      tell(peer);
    } else {
      close(peer.channel);
    }
  }

  private void add(Peer peer, Interest interest) throws IOException {
    peers.add(peer); // first: should the registry be closed right now, it is closed with the others
    try {
      peer.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      sources.register(new Link(peer), peer.channel, interest);
      sources.timer(new Patience(peer), limits.patience());
    } catch (ClosedSelectorException e) {
      throw e;
    } catch (IOException | IllegalStateException e) {
      // In a JVM without flags a connection that is broken already is not found any more.
      peers.remove(peer);
      throw new IOException(e.getMessage(), e);
    }
  }

  private void drop(Peer peer, String reason) {
    if (peer.state == Peer.State.GONE) {
      return;
    }
    log.accept("left: " + peer + ": " + reason);
    sources.unregister(new Link(peer));
    sources.unregister(new Patience(peer));
    peers.remove(peer);
    ready.remove(peer.id, peer);
    peer.state = Peer.State.GONE;
    if (peer.address != null) {
      book.failed(peer.address, System.nanoTime());
    }
    close(peer.channel);
  }

  private static void close(Channel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e); // sockets are closed without an error
    }
  }

  // One peer

  private void serve(Peer peer, Event<Key> event) {
    try {
      if (peer.state == Peer.State.CONNECTING) {
        peer.channel.finishConnect();
        peer.state = Peer.State.GREETING;
        sources.interest(new Link(peer), Interest.READ);
        greet(peer);
        return;
      }
      if (event.isReadable()) {
        receive(peer);
      }
      if (event.isWritable() && peer.state != Peer.State.GONE) {
        write(peer);
      }
      if (!event.isReadable() && !event.isWritable()) {
        drop(peer, "hung up");
      }
    } catch (IOException e) {
      drop(peer, e.getMessage());
    } catch (WireException e) {
      drop(peer, "sent " + e.getMessage());
    }
  }

  private void receive(Peer peer) throws IOException, WireException {
    boolean more = peer.receive();
    if (peer.state == Peer.State.REFUSED) {
      peer.forgetInput();
    }
    for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
      peer.heard = true;
      handle(peer, frame);
      if (peer.state == Peer.State.GONE) {
        return;
      }
    }
    if (!more) {
      drop(peer, "closed");
    }
  }

  private void handle(Peer peer, Frame frame) {
    switch (frame) {
      case Frame.Hello hello when peer.state == Peer.State.GREETING -> join(peer, hello);
      case Frame.Peers(List<InetSocketAddress> addresses) when peer.isReady() || peer.dialled ->
          addresses.forEach(address -> book.add(address, System.nanoTime()));
      case Frame.Ping() when peer.isReady() -> {
        send(peer, Wire.encode(new Frame.Pong()));
        tell(peer);
      }
      case Frame.Pong() when peer.isReady() -> {}
      case Frame.Gossip gossip when peer.isReady() -> hear(peer, gossip);
      default -> drop(peer, "sent a " + frame.getClass().getSimpleName() + " out of turn");
    }
  }

  private void join(Peer peer, Frame.Hello hello) {
    InetSocketAddress address = new InetSocketAddress(peer.remote.getAddress(), hello.port());
    if (hello.id() == id) {
      drop(peer, "is this node");
      book.own(address, System.nanoTime());
      return;
    }
    Peer other = ready.get(hello.id());
    if (other != null) {
      Peer worse = isBetter(peer, other, hello.id()) ? other : peer;
      drop(worse, "is connected twice");
      if (worse == peer) {
        return;
      }
    }
    peer.state = Peer.State.READY;
    peer.id = hello.id();
    peer.address = address;
    ready.put(peer.id, peer);
    book.reached(address, System.nanoTime());
    log.accept("joined: " + peer);
    tell(peer);
  }

  /** Of two connections both nodes must keep the same one: that which the node with the lower id has dialled. */
  private boolean isBetter(Peer peer, Peer other, long otherId) {
    return peer.dialled != other.dialled && peer.dialled == id < otherId;
  }

  /** A peer has one such time to connect and say hello, and then one after each ping. */
  private void check(Peer peer) {
    if (!peer.isReady()) {
      drop(peer, "took too long");
    } else if (!peer.heard) {
      drop(peer, "is silent");
    } else {
      peer.heard = false;
      sources.timer(new Patience(peer), limits.patience());
      send(peer, Wire.encode(new Frame.Ping()));
    }
  }

  // What goes out

  private void greet(Peer peer) {
    send(peer, Wire.encode(new Frame.Hello(id, port)));
  }

  /** Tells of nodes that this one is connected to: those are alive, as what one only has heard of may not be. */
  private void tell(Peer peer) {
    List<InetSocketAddress> others = ready.values().stream()
        .filter(other -> other != peer)
        .map(other -> other.address)
        .toList();
    send(peer, Wire.encode(new Frame.Peers(AddressBook.sample(others, MOST_TOLD, random))));
  }

  private void gossip(String text) {
    Frame.Gossip gossip = new Frame.Gossip(random.nextLong(), text);
    try {
      pass(gossip, null);
    } catch (IllegalArgumentException e) {
      log.accept("cannot say that: " + e.getMessage());
    }
  }

  private void hear(Peer peer, Frame.Gossip gossip) {
    if (pass(gossip, peer)) {
      log.accept("heard: " + gossip.text().replaceAll("\\p{C}", "?")); // nothing that commands a terminal
    }
  }

  /** Sends a message on, the first time it comes. */
  private boolean pass(Frame.Gossip gossip, Peer from) {
    ByteBuffer frame = Wire.encode(gossip);
    boolean isNew = seen.add(gossip.id());
    if (isNew) {
      for (Peer peer : List.copyOf(ready.values())) {
        if (peer != from) {
          send(peer, frame);
        }
      }
    }
    return isNew;
  }

  private void send(Peer peer, ByteBuffer frame) {
    try {
      if (!peer.offer(frame)) {
        peer.send();
        if (!peer.offer(frame)) {
          drop(peer, "reads too slowly");
          return;
        }
      }
      mostQueued = Math.max(mostQueued, peer.queued());
      sources.enable(new Link(peer), Interest.WRITE);
    } catch (IOException e) {
      drop(peer, e.getMessage());
    }
  }

  private void write(Peer peer) throws IOException {
    peer.send();
    if (peer.queued() == 0) {
      sources.disable(new Link(peer), Interest.WRITE);
      if (peer.state == Peer.State.REFUSED) {
        peer.channel.shutdownOutput(); // and not closed: with its hello unread it would lose what it was told
      }
    }
  }
}
