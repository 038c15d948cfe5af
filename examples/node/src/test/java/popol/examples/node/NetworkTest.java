package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many nodes in one JVM, each with a registry and a thread of its own, which all know one of them at first. */
@Timeout(300)
class NetworkTest {

  private static final Limits LIMITS =
      Limits.DEFAULT.withPatience(Duration.ofSeconds(5)).withPace(Duration.ofMillis(100));

  private final List<TestNode> nodes = new ArrayList<>();
  private Leftovers before;

  @BeforeEach
  void remember() throws Exception {
    TestNode.start(LIMITS).close(); // what the JDK opens once and keeps
    before = Leftovers.now();
  }

  @AfterEach
  void closeAll() throws IOException {
    for (TestNode node : nodes) {
      node.close();
    }
    before.assertNoMore();
  }

  private void start(int count, Limits limits) throws Exception {
    TestNode first = TestNode.start(limits);
    nodes.add(first);
    while (nodes.size() < count) {
      nodes.add(TestNode.start(limits, first));
    }
  }

  private void awaitConnections(Limits limits) throws Exception {
    int least = Math.min(limits.dialUntil(), nodes.size() - 1);
    for (TestNode node : nodes) {
      node.await(status -> status.peers().size() >= least, "every node finds enough peers");
    }
    for (TestNode node : nodes) {
      assertTrue(node.status().connections() <= limits.most(), () -> "no node has too many connections: " + node);
    }
  }

  private void awaitMessage(String text, TestNode speaker) throws Exception {
    for (TestNode node : nodes) {
      if (node != speaker) {
        node.awaitLine("heard: " + text);
        assertEquals(1, node.count("heard: " + text), "a message is heard once");
      }
    }
    assertEquals(0, speaker.count("heard: " + text), "and not by who has said it");
  }

  @Test
  void aMessageReachesAllThatLive() throws Exception {
    start(50, LIMITS);
    awaitConnections(LIMITS);
    nodes.getLast().say("all of you");
    awaitMessage("all of you", nodes.getLast());

    // The first one, which all have come by, is among those that are killed.
    List<TestNode> killed = new ArrayList<>(nodes);
    Collections.shuffle(killed.subList(1, killed.size()), new Random(1));
    killed = killed.subList(0, nodes.size() / 5);
    nodes.removeAll(killed);
    for (int i = 0; i < killed.size(); i++) {
      nodes.get(i).say("message " + i);
      killed.get(i).close();
    }
    for (int i = 0; i < killed.size(); i++) {
      awaitMessage("message " + i, nodes.get(i));
    }
    awaitConnections(LIMITS);
    nodes.getLast().say("all that live");
    awaitMessage("all that live", nodes.getLast());
  }

  @Test
  void everyNodeFindsRoomWhereOthersAreFull() throws Exception {
    Limits narrow = LIMITS.withMost(12);
    start(30, narrow);
    awaitConnections(narrow);
    nodes.getFirst().say("round the full ones");
    awaitMessage("round the full ones", nodes.getFirst());
  }

  @Test
  void aNodeCanBeClosedAtAnyMoment() throws Exception {
    start(3, LIMITS);
    List<InetSocketAddress> known = nodes.stream().map(TestNode::address).toList();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      TestNode node = TestNode.launch(LIMITS, known);
      LockSupport.parkNanos(random.nextInt(2_000_000)); // while it starts, dials, greets or is told of others
      node.close();
    }
    for (TestNode node : nodes) {
      node.await(status -> status.connections() == 2, "those that were closed are gone");
    }
  }

  @Test
  void fewNodesAreAllConnected() throws Exception {
    start(5, LIMITS);
    awaitConnections(LIMITS);
    nodes.get(2).say("few");
    awaitMessage("few", nodes.get(2));
  }
}
