package popol.examples.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.time.Duration;
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
import popol.examples.parts.Acceptor;
import popol.examples.parts.Console;

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

  /** The time to accept again, after it has failed. */
  private record Retry() implements Key {}

  private record Commands() implements Key {}

  /** Another thread has something to say. */
  private record Posted() implements Key {}

  /** The time to look for more peers. */
  private record Pace() implements Key {}

  private record Link(Peer peer) implements Key {}

  /** The time by which a peer must have been heard. */
  private record Patience(Peer peer) implements Key {}

  /** The time by which a peer must have taken half of what waits for it. */
  private record Slow(Peer peer) implements Key {}

  /** The time to look again at peers that have to wait. */
  private record Refill() implements Key {}

  private static final int MOST_POSTS = 1024; // that other threads can be ahead
  private static final int MOST_REFUSED = 16; // connections that are told at one time that there is no room
  private static final Duration REFILL = Duration.ofMillis(50);

  private final Sources<Key> sources;
  private final Config config;
  private final Limits limits;
  private final Consumer<String> log;

  private final Random random = new SecureRandom();
  private final long id = random.nextLong();
  private final Queue<String> posts = new ArrayBlockingQueue<>(MOST_POSTS);
  private final Waker waker;
  private final AddressBook book;
  private final Seen seen;
  private final Set<Peer> peers = new HashSet<>(); // those that are ready and all others
  private final Map<Long, Peer> ready = new HashMap<>(); // by their ids
  private final Set<Peer> slow = new HashSet<>(); // those whose queue was full, until half of it is free
  private final Set<Peer> waiting = new HashSet<>(); // those that are not read from now
  private Acceptor<Key> acceptor; // once it runs
  private boolean running = true;
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
    this.seen = new Seen(limits.memory(), System.nanoTime());
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

  /**
   * Runs until {@code quit}.
   *
   * @param commands whether to obey standard input
   * @throws ClosedSelectorException if the registry is closed
   */
  void run(boolean commands) throws IOException, InterruptedException {
    int most = limits.most() + 2 * MOST_REFUSED; // more than the node admits, so that it can refuse some
    try (var listening = new Acceptor<Key>(sources, new Listener(), new Retry(), config.listen(), most, log)) {
      acceptor = listening;
      Console<Key> console = commands ? new Console<>(sources, new Commands(), log) : null;
      log.accept("listening on port " + listening.port());
      config.known().forEach(address -> book.addPermanent(address, System.nanoTime()));
      sources.timer(new Pace(), Duration.ZERO, limits.pace());

      while (running) {
        publish();
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case Listener() -> listening.accept(this::admit);
            case Retry() -> listening.resume();
            case Commands() -> console.read(event, this::obey);
            case Posted(),Refill() -> {} // see goOn
            case Pace() -> lookForPeers();
            case Link(Peer peer) -> serve(peer, event);
            case Patience(Peer peer) -> check(peer);
            case Slow(Peer peer) -> drop(peer, "reads too slowly");
          }
        }
        goOn();
      }
    } finally {
      peers.forEach(peer -> close(peer.channel));
    }
  }

  private void publish() {
    int port = acceptor == null ? 0 : acceptor.port();
    status = new Status(id, port, Set.copyOf(ready.keySet()), connections(), book.size(), mostQueued);
  }

  // Commands

  private void obey(String line) {
    String command = line.strip();
    if (command.startsWith("say ")) {
      if (!say(command.substring("say ".length()).strip())) {
        log.accept("cannot say that: too much waits to be said");
      }
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

  // Connections

  /** Those that count: who is refused will not stay. */
  private int connections() {
    return (int) peers.stream().filter(peer -> peer.state != Peer.State.REFUSED).count();
  }

  /** Those who came and have not said hello do not count: they would keep this node from those it knows. */
  private void lookForPeers() {
    int count = (int) peers.stream().filter(peer -> peer.dialled || peer.isReady()).count();
    Set<InetSocketAddress> inUse =
        peers.stream().map(peer -> peer.address).filter(Objects::nonNull).collect(Collectors.toSet());
    book.due(System.nanoTime(), limits.dialUntil() - count, inUse).forEach(this::dial);
  }

  private void dial(InetSocketAddress address) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      // Not left to connect: in a JVM without flags popol knows a socket by the address that it is bound to.
      channel.bind(new InetSocketAddress(config.listen().getAddress(), 0));
      channel.connect(address);
      add(Peer.dialled(channel, address, limits), Interest.WRITE);
    } catch (IOException | UnsupportedAddressTypeException e) { // the latter for IPv6 on a machine that has none
      book.failed(address, System.nanoTime());
      close(channel);
      log.accept("left: " + address + ": " + (e.getMessage() == null ? e : e.getMessage()));
    }
  }

  /** One peer too many is told whom else to ask; that many more are not even told. */
  private void admit(SocketChannel channel) throws IOException {
    Peer peer = Peer.accepted(channel, (InetSocketAddress) channel.getRemoteAddress(), limits);
    int connections = connections();
    if (connections < limits.most()) {
      add(peer, Interest.READ);
      greet(peer);
    } else if (peers.size() - connections < MOST_REFUSED) {
      peer.state = Peer.State.REFUSED;
      add(peer, Interest.READ);
      tell(peer);
    } else {
      close(channel);
      acceptor.release();
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
      // No descriptor is left, or, in a JVM without flags, a connection that is broken already is not found.
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
    sources.unregister(new Slow(peer));
    peers.remove(peer);
    slow.remove(peer);
    waiting.remove(peer);
    ready.remove(peer.id, peer);
    peer.state = Peer.State.GONE;
    if (peer.address != null) {
      book.failed(peer.address, System.nanoTime());
    }
    close(peer.channel);
    if (!peer.dialled) {
      acceptor.release();
    }
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

  // What comes in

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
    handleInput(peer);
    if (!more) {
      drop(peer, "closed");
    }
  }

  /**
   * Handles what has come from a peer, until all of it is handled or the peer has to wait: then it is not read from.
   */
  private void handleInput(Peer peer) throws WireException {
    boolean wait = mustWait(peer);
    for (Frame frame; !wait && (frame = peer.next()) != null; wait = mustWait(peer)) {
      peer.heard = true;
      handle(peer, frame);
      if (peer.state == Peer.State.GONE) {
        return;
      }
    }
    if (wait && waiting.add(peer)) {
      sources.disable(new Link(peer), Interest.READ);
    } else if (!wait && waiting.remove(peer)) {
      sources.enable(new Link(peer), Interest.READ);
    }
  }

  /** It has sent more than its share, or has a message for which another one has no room. */
  private boolean mustWait(Peer peer) {
    return peer.budget.isSpent(System.nanoTime()) || !slow.isEmpty() && peer.hasGossip();
  }

  /** Goes on with what had to wait: no poll sees what has been read already. */
  private void goOn() {
    for (int count = posts.size(); count > 0 && slow.isEmpty(); count--) {
      gossip(posts.remove());
    }
    for (Peer peer : List.copyOf(waiting)) {
      try {
        if (peer.state != Peer.State.GONE) {
          handleInput(peer);
        }
      } catch (WireException e) {
        drop(peer, "sent " + e.getMessage());
      }
    }
    if (!waiting.isEmpty() && !sources.contains(new Refill())) {
      sources.timer(new Refill(), REFILL);
    }
  }

  private void handle(Peer peer, Frame frame) {
    switch (frame) {
      case Frame.Hello hello when peer.state == Peer.State.GREETING -> join(peer, hello);
      case Frame.Peers(List<InetSocketAddress> addresses) when peer.isReady() || peer.dialled -> {
        peer.budget.spend(addresses.size());
        addresses.forEach(address -> book.add(address, System.nanoTime()));
      }
      case Frame.Ping() when peer.isReady() -> send(peer, Wire.encode(new Frame.Pong()));
      case Frame.Pong() when peer.isReady() -> {}
      case Frame.Gossip gossip when peer.isReady() -> hear(peer, gossip);
      default -> drop(peer, "sent a " + frame.getClass().getSimpleName() + " out of turn");
    }
  }

  private void join(Peer peer, Frame.Hello hello) {
    if (hello.id() == id) {
      drop(peer, "is this node");
      if (peer.dialled) { // who came can claim any address
        book.own(peer.remote, System.nanoTime());
      }
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
    peer.address = new InetSocketAddress(peer.remote.getAddress(), hello.port());
    ready.put(peer.id, peer);
    book.reached(peer.address, System.nanoTime());
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
    } else if (!peer.heard && !waiting.contains(peer)) {
      drop(peer, "is silent");
    } else {
      peer.heard = false;
      sources.timer(new Patience(peer), limits.patience());
      send(peer, Wire.encode(new Frame.Ping()));
      tell(peer);
    }
  }

  // What goes out

  private void greet(Peer peer) {
    send(peer, Wire.encode(new Frame.Hello(id, acceptor.port())));
  }

  /** Tells of nodes that this one is connected to: those are alive, as what one only has heard of may not be. */
  private void tell(Peer peer) {
    List<InetSocketAddress> others = ready.values().stream()
        .filter(other -> other != peer)
        .map(other -> other.address)
        .toList();
    send(peer, Wire.encode(new Frame.Peers(AddressBook.sample(others, Wire.MOST_ADDRESSES, random))));
  }

  private void gossip(String text) {
    try {
      pass(new Frame.Gossip(random.nextLong(), 0, text), null);
    } catch (IllegalArgumentException e) {
      log.accept("cannot say that: " + e.getMessage());
    }
  }

  private void hear(Peer peer, Frame.Gossip gossip) {
    if (pass(gossip, peer)) {
      log.accept("heard: " + gossip.text().replaceAll("\\p{C}", "?")); // nothing that commands a terminal
    }
  }

  /** Sends a message on, the first time it comes and unless it has come a long way. */
  private boolean pass(Frame.Gossip gossip, Peer from) {
    ByteBuffer frame = Wire.encode(gossip.further());
    if (!seen.add(gossip.id(), System.nanoTime())) {
      return false;
    }
    if (gossip.hops() < Frame.Gossip.MOST_HOPS) {
      for (Peer peer : List.copyOf(ready.values())) {
        if (peer != from) {
          send(peer, frame);
        }
      }
    }
    return true;
  }

  /**
   * Sends a frame as soon as the peer takes it. A peer whose queue is full has some time to make room, while messages
   * wait. A frame that does not even then fit is lost: those are small ones, answers to a peer that asks and does not
   * read.
   */
  private void send(Peer peer, ByteBuffer frame) {
    if (peer.offer(frame)) {
      mostQueued = Math.max(mostQueued, peer.queued());
      sources.enable(new Link(peer), Interest.WRITE);
    }
    if (peer.isFull() && slow.add(peer)) {
      sources.timer(new Slow(peer), limits.patience().dividedBy(2)); // before it takes this node for silent
    }
  }

  private void write(Peer peer) throws IOException {
    peer.send();
    if (peer.isHalfFree() && slow.remove(peer)) {
      sources.unregister(new Slow(peer));
    }
    if (peer.queued() == 0) {
      sources.disable(new Link(peer), Interest.WRITE);
      if (peer.state == Peer.State.REFUSED) {
        peer.channel.shutdownOutput(); // and not closed: with its hello unread it would lose what it was told
      }
    }
  }
}
