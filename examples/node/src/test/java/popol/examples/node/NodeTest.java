package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node does with one peer, a good or a bad one. */
@Timeout(120)
class NodeTest {

  /** So much patience that a peer of these tests can answer in time. */
  private static final Limits SLOW = TestNode.QUICK.withPatience(Duration.ofSeconds(2));

  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    for (TestNode node : nodes) {
      node.close();
    }
  }

  private TestNode start(Limits limits, TestNode... known) throws Exception {
    TestNode node = TestNode.start(limits, known);
    nodes.add(node);
    return node;
  }

  /** A good peer joins: the node still does its work. */
  private static void assertServes(TestNode node) throws Exception {
    try (RawPeer good = RawPeer.join(node, new Random().nextLong())) {
      good.send(new Frame.Gossip(new Random().nextLong(), 0, "well?"));
      node.awaitLine("heard: well\\?");
    }
    node.assertLives();
  }

  // Finding each other

  @Test
  void talksToTheNodeItKnows() throws Exception {
    TestNode first = start(TestNode.PATIENT);
    TestNode second = start(TestNode.PATIENT, first);
    first.await(status -> first.isConnectedTo(second), "the first one has accepted the second");
    second.await(status -> second.isConnectedTo(first), "the second one has reached the first");
    assertTrue(first.say("one"), "there is room for a message");
    assertTrue(second.say("two"), "there is room for a message");
    second.awaitLine("heard: one");
    first.awaitLine("heard: two");
  }

  @Test
  void findsThoseThatItsPeersKnow() throws Exception {
    TestNode first = start(TestNode.PATIENT);
    TestNode second = start(TestNode.PATIENT, first);
    first.await(status -> first.isConnectedTo(second), "the first one knows the second");
    TestNode third = start(TestNode.PATIENT, first);
    third.await(status -> third.isConnectedTo(second), "the third is told of the second");
    second.await(status -> second.isConnectedTo(third), "and it of the third");
  }

  @Test
  void staysConnectedToThoseThatAnswer() throws Exception {
    TestNode first = start(SLOW);
    try (RawPeer peer = RawPeer.join(first, 7)) {
      for (int i = 0; i < 2; i++) {
        peer.expect(Frame.Ping.class);
        peer.expect(Frame.Peers.class);
        peer.send(new Frame.Pong());
      }
      peer.ping();
      assertEquals(Set.of(7L), first.status().peers(), "the peer that answers is still there");
    }
  }

  @Test
  void findsANodeAgainThatWasAway() throws Exception {
    TestNode first = start(TestNode.PATIENT);
    TestNode second = start(TestNode.PATIENT, first);
    first.await(status -> first.isConnectedTo(second), "connected");
    int port = second.status().port();
    nodes.remove(second);
    second.close();
    first.await(status -> status.peers().isEmpty(), "the first one notices that the second is gone");

    TestNode again = TestNode.start(TestNode.PATIENT, port, List.of());
    nodes.add(again);
    first.await(status -> first.isConnectedTo(again), "the first one finds a node that does not know it");
    again.say("back");
    first.awaitLine("heard: back");
  }

  @Test
  void dialsAgainWhereNobodyIsYet() throws Exception {
    int port;
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(TestNode.loopback(0));
      port = probe.getLocalPort();
    }
    TestNode early = TestNode.start(TestNode.PATIENT, 0, List.of(TestNode.loopback(port)));
    nodes.add(early);
    early.awaitLine("left: .*:" + port + ": Connection refused");
    try (ServerSocket late = new ServerSocket()) {
      late.bind(TestNode.loopback(port));
      try (RawPeer peer = RawPeer.accept(late)) {
        assertEquals(early.status().id(), peer.expect(Frame.Hello.class).id(), "who has dialled");
      }
    }
  }

  @Test
  void doesNotTalkToItself() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer gossip = RawPeer.join(node, 7)) {
      gossip.send(new Frame.Peers(List.of(node.address())));
      node.awaitLine("left: .*: is this node");
      node.await(status -> status.connections() == 1, "the gossip alone is left");
      assertEquals(Set.of(7L), node.status().peers(), "it is no peer of its own");
    }
  }

  @Test
  void keepsOneConnectionToEachPeer() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer first = RawPeer.join(node, 7);
        RawPeer second = RawPeer.dial(node)) {
      second.send(new Frame.Hello(7, 1));
      second.expectEnd();
      node.awaitLine("left: .*: is connected twice");
      node.await(status -> status.connections() == 1, "the first connection is kept");
      first.send(new Frame.Ping());
      first.expect(Frame.Pong.class);
    }
  }

  @Test
  void keepsTheConnectionThatTheLowerIdHasDialled() throws Exception {
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(TestNode.loopback(0));
      InetSocketAddress address = TestNode.loopback(listener.getLocalPort());
      for (long id : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
        try (TestNode node = TestNode.start(TestNode.PATIENT, 0, List.of(address));
            RawPeer dialled = RawPeer.accept(listener)) {
          dialled.expect(Frame.Hello.class);
          dialled.send(new Frame.Hello(id, address.getPort()));
          dialled.expect(Frame.Peers.class);
          try (RawPeer dials = RawPeer.dial(node)) {
            dials.send(new Frame.Hello(id, address.getPort()));
            RawPeer kept = id < node.status().id() ? dials : dialled;
            (kept == dials ? dialled : dials).expectEnd();
            node.await(status -> status.connections() == 1, "one of the two is left");
            kept.ping();
          }
        }
      }
    }
  }

  // Bad peers

  @Test
  void dropsAPeerThatSendsGarbage() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    Random random = new Random(1);
    for (int round = 0; round < 100; round++) {
      try (RawPeer peer = round % 2 == 0 ? RawPeer.dial(node) : RawPeer.join(node, round)) {
        byte[] garbage = new byte[1 + random.nextInt(100_000)];
        random.nextBytes(garbage);
        garbage[0] |= (byte) 0x80; // a length that cannot be; others can be waited for
        try {
          peer.send(garbage);
        } catch (SocketException closed) {
          // the node has not read all of it
        }
        peer.expectEnd();
      }
    }
    node.await(status -> status.connections() == 0, "all of them are dropped");
    assertServes(node);
  }

  @Test
  void dropsAPeerThatSpeaksOutOfTurn() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    List<Frame> early = List.of(new Frame.Ping(), new Frame.Pong(), new Frame.Gossip(1, 0, "early"),
        new Frame.Peers(List.of(TestNode.loopback(1))));
    for (Frame frame : early) {
      try (RawPeer peer = RawPeer.dial(node)) {
        peer.send(frame);
        peer.expectEnd();
      }
    }
    try (RawPeer peer = RawPeer.join(node, 7)) {
      peer.send(new Frame.Hello(8, 1));
      peer.expectEnd();
    }
    node.awaitLine("left: .*: sent a Hello out of turn");
    assertEquals(0, node.count("heard: early"), "nothing is heard of one who has not said hello");
    assertServes(node);
  }

  @Test
  void dropsAPeerOfAnotherVersion() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer peer = RawPeer.dial(node)) {
      peer.send(HexFormat.of().parseHex("0010" + "01" + "706f706c" + "01" + "0000000000000001" + "1b58"));
      peer.expectEnd();
    }
    node.awaitLine("left: .*: sent version 1 of the protocol");
  }

  @Test
  void outlivesPeersThatBreakTheirConnections() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    for (int round = 0; round < 200; round++) {
      RawPeer peer = RawPeer.dial(node);
      if (round % 2 == 0) {
        peer.send(new Frame.Hello(round, 1));
      }
      peer.reset();
    }
    node.await(status -> status.connections() == 0, "all of them are gone");
    assertServes(node);
  }

  @Test
  void takesFramesInPieces() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer peer = RawPeer.join(node, 7)) {
      for (byte one : Wire.encode(new Frame.Gossip(1, 0, "slowly")).array()) {
        peer.send(new byte[] {one});
      }
      node.awaitLine("heard: slowly");
    }
  }

  @Test
  void dropsAPeerThatDoesNotRead() throws Exception {
    TestNode node = start(SLOW);
    try (RawPeer slow = RawPeer.join(node, 7);
        RawPeer quick = RawPeer.join(node, 8)) {
      String text = "x".repeat(Wire.MAX_TEXT);
      for (int i = 0; node.status().peers().contains(7L); i++) {
        assertTrue(i < 100_000, "a peer that does not read is dropped in the end");
        assertTrue(node.say(text), "there is room for a message");
        assertEquals(text, quick.hear().text(), "who reads hears all, once there is room");
      }
      node.awaitLine("left: .*: reads too slowly");
      assertEquals(Set.of(8L), node.status().peers(), "the peer that reads is still there");
      slow.expectEnd();
    }
    int most = node.status().mostQueued();
    assertTrue(most > Limits.DEFAULT.queue() / 2 && most <= Limits.DEFAULT.queue(),
        "what waits for a slow peer is bounded: " + most);
    assertServes(node);
  }

  @Test
  void makesAPeerWaitThatAsksTooMuch() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer greedy = RawPeer.join(node, 7); RawPeer good = RawPeer.join(node, 8)) {
      AtomicLong sent = new AtomicLong();
      Thread asking = Thread.ofPlatform().start(() -> greedy.flood(Wire.encode(new Frame.Ping()).array(), sent));
      for (long before = -1; before != sent.get(); Thread.sleep(1000)) { // until it is not read from any more
        before = sent.get();
        good.ping();
      }
      assertTrue(asking.isAlive(), "it waits");
      assertTrue(node.status().mostQueued() <= Limits.DEFAULT.queue(), "what waits for it is bounded");
      assertServes(node);
      greedy.reset();
      asking.join();
    }
  }

  // Silent peers

  @Test
  void dropsAPeerThatDoesNotAnswer() throws Exception {
    TestNode node = start(SLOW);
    try (RawPeer silent = RawPeer.join(node, 7)) {
      silent.expect(Frame.Ping.class);
      silent.expectEnd();
    }
    node.awaitLine("left: .*: is silent");
  }

  @Test
  void dropsAPeerThatDoesNotSayHello() throws Exception {
    TestNode node = start(TestNode.QUICK);
    try (RawPeer silent = RawPeer.dial(node)) {
      silent.expect(Frame.Hello.class);
      silent.send(new byte[] {0, 16, 1}); // the start of one
      silent.expectEnd();
    }
    node.awaitLine("left: .*: took too long");
  }

  // Full nodes

  @Test
  void tellsThoseThatItHasNoRoomForWhomElseToAsk() throws Exception {
    TestNode node = start(TestNode.PATIENT.withMost(3));
    List<RawPeer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        peers.add(RawPeer.join(node, i));
      }
      for (int i = 0; i < 100; i++) {
        try (RawPeer refused = RawPeer.dial(node)) {
          refused.send(new Frame.Hello(100 + i, 1));
          assertEquals(3, refused.expect(Frame.Peers.class).addresses().size(), "the peers it has");
          refused.expectEnd();
          assertEquals(3, node.status().connections(), "no more than there may be");
        }
      }
      peers.removeLast().close();
      node.await(status -> status.connections() == 2, "there is room again");
      peers.add(RawPeer.join(node, 200));
    } finally {
      for (RawPeer peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  void doesNotWaitForThoseThatItHasRefused() throws Exception {
    TestNode node = start(TestNode.QUICK.withMost(0));
    List<RawPeer> refused = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        refused.add(RawPeer.dial(node)); // and stays
      }
      for (RawPeer peer : refused) {
        peer.expectEnd();
      }
      node.awaitLine("left: .*: took too long");
      assertEquals(0, node.status().connections(), "none of them counts");
    } finally {
      for (RawPeer peer : refused) {
        peer.close();
      }
    }
  }

  // Messages

  @Test
  void passesAMessageOnOnce() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer speaker = RawPeer.join(node, 7);
        RawPeer hearer = RawPeer.join(node, 8)) {
      speaker.send(new Frame.Gossip(1, 0, "once"));
      speaker.send(new Frame.Gossip(1, 0, "once"));
      assertEquals(new Frame.Gossip(1, 1, "once"), hearer.receive(), "a message is passed on");
      hearer.send(new Frame.Gossip(1, 1, "once"));
      hearer.send(new Frame.Ping());
      hearer.expect(Frame.Pong.class);
      speaker.send(new Frame.Ping());
      speaker.expect(Frame.Pong.class); // and no gossip
      assertEquals(1, node.count("heard: once"), "a message is heard once");
    }
  }

  @Test
  void showsNothingThatCommandsATerminal() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    try (RawPeer peer = RawPeer.join(node, 7)) {
      peer.send(new Frame.Gossip(1, 0, "a\u001b[2Jb\nheard: c\u202e"));
      node.awaitLine("heard: a\\?\\[2Jb\\?heard: c\\?");
    }
  }

  @Test
  void refusesToSayTooMuch() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    node.say("x".repeat(Wire.MAX_TEXT + 1));
    node.awaitLine("cannot say that: .*");
    assertServes(node);
  }

  @Test
  void boundsWhatOtherThreadsSay() throws Exception {
    TestNode node = start(TestNode.PATIENT);
    TestNode closed = TestNode.start(TestNode.PATIENT);
    closed.close();
    int taken = 0;
    while (closed.say("nobody sends this")) {
      taken++;
    }
    assertEquals(1024, taken, "the messages that wait are bounded");
    assertFalse(closed.say("nor this"), "and stay so");
    assertServes(node);
  }
}
