package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;

/** Rules 13 and 15: connections that come, are made, refused and reset. */
class ConnectTest extends ContractTest {

  @Test
  @DisplayName("rule 13: a listener is readable while connections wait to be accepted")
  void accept() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    server.configureBlocking(false);
    sources.register("server", server, Interest.READ);
    assertNow(NOTHING, "rule 13: nobody has connected");
    keep(SocketChannel.open(server.getLocalAddress()));
    keep(SocketChannel.open(server.getLocalAddress()));
    for (int i = 0; i < 2; i++) {
      assertNext(Map.of("server", "readable"), "rule 13: a connection waits");
      assertNotNull(keep(server.accept()), "rule 13: it can be accepted");
    }
    assertNow(NOTHING, "rule 13: no more connections wait");
  }

  @Test
  @DisplayName("rule 13: a finished connect is writable, and not readable")
  void connect() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    SocketChannel client = keep(SocketChannel.open());
    client.configureBlocking(false);
    client.connect(server.getLocalAddress());
    sources.register("client", client, Interest.READ_WRITE);
    assertNext(Map.of("client", "writable"), "rule 13: a connect is writable, not readable");
    assertTrue(client.finishConnect(), "rule 13: the connect has finished");
    sources.interest("client", Interest.READ);
    assertSilent("rule 13: a connect is not readable");
  }

  @Test
  @DisplayName("rule 13: a refused connect is reported to a writer and a reader, and finishConnect says why")
  void refused() throws Exception {
    for (Interest interest : new Interest[] {Interest.WRITE, Interest.READ, Interest.READ_WRITE}) {
      SocketChannel client = keep(SocketChannel.open());
      client.configureBlocking(false);
      SocketAddress nobody = addressOfNobody();
      try {
        client.connect(nobody);
      } catch (ConnectException atOnce) {
        continue; // the system may say so without waiting
      }
      sources.register("client", client, interest);
      String found = next().get("client");
      assertTrue(!interest.includes(Interest.WRITE) || found.contains("writable"), "rule 13: finished: " + found);
      assertTrue(!interest.includes(Interest.READ) || found.contains("readable"), "rule 13: readable: " + found);
      assertTrue(found.contains("error") || found.contains("hangup"), "rule 13: with an error: " + found);
      assertThrows(ConnectException.class, client::finishConnect, "rule 13: the channel gives the right error");
      assertFalse(client.isOpen(), "the JDK closes a channel whose connect failed");
      assertNow(Map.of("client", "invalid"), "rule 16: that is reported");
    }
  }

  @Test
  @DisplayName("rule 15: a refused connect that nobody is interested in is reported once")
  void refusedWithoutInterest() throws Exception {
    SocketChannel client = keep(SocketChannel.open());
    client.configureBlocking(false);
    try {
      client.connect(addressOfNobody());
    } catch (ConnectException atOnce) {
      return; // the system may say so without waiting
    }
    sources.register("client", client, Interest.NONE);
    String found = next().get("client");
    assertTrue(found.contains("error") || found.contains("hangup"), "rule 15: always reported: " + found);
    assertSilent("rule 15: once");
    assertThrows(ConnectException.class, client::finishConnect, "rule 13: the channel gives the right error");
  }

  @Test
  @DisplayName("rule 15: a channel registered before it is connected is heard of once its interest is set after connect")
  void registeredBeforeConnect() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    SocketChannel client = keep(SocketChannel.open());
    client.configureBlocking(false);
    sources.register("client", client, Interest.NONE);
    String found = Found.in(sources.poll(MOMENT)).getOrDefault("client", "hangup"); // systems differ in what this is
    assertTrue(found.contains("hangup"),
        "rule 15: a socket without a connection has hung up, or says nothing: " + found);
    assertSilent("rule 15: no more than once");
    client.connect(server.getLocalAddress());
    sources.interest("client", Interest.WRITE);
    assertNext(Map.of("client", "writable"), "rule 13: the connect has finished");
    assertTrue(client.finishConnect(), "rule 13: it was no failure");
    SocketChannel far = keep(server.accept());
    Link.send(far, "x");
    sources.interest("client", Interest.READ);
    assertNext(Map.of("client", "readable"), "rule 13: it is heard of like any other");
  }

  /** A port that was just free again: nobody listens there. */
  private static SocketAddress addressOfNobody() throws IOException {
    try (ServerSocketChannel server = Link.listener()) {
      return server.getLocalAddress();
    }
  }

  @Test
  @DisplayName("rule 13: a reset by the peer is readable and an error, and read says so")
  void reset() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ);
    reset(link.far());
    String found = next().get("key");
    assertTrue(found.contains("readable"), "rule 13: a reader is told that a read will not block: " + found);
    assertTrue(found.contains("error") || found.contains("hangup"), "rule 13: with an error: " + found);
    if (Emulation.readsResetAsEnd()) {
      assertNull(Link.receive(link.near()), "rule 14: the read gives the end");
    } else {
      assertThrows(IOException.class, () -> Link.receive(link.near()), "rule 13: the read gives the reset");
    }
  }

  @Test
  @DisplayName("rule 13: a reset is reported to a writer")
  void resetForWriter() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.NONE);
    reset(link.far());
    String alone = next().get("key");
    assertTrue(alone.contains("error") || alone.contains("hangup"), "rule 15: reported to NONE: " + alone);
    assertSilent("rule 15: once");
    sources.interest("key", Interest.WRITE);
    String found = next().get("key");
    assertTrue(found.contains("writable"), "rule 13: a writer is told that a write will not block: " + found);
    assertThrows(IOException.class, () -> Link.send(link.near(), "x"), "rule 13: the write gives the reset");
    assertEquals(1, sources.size(), "rule 15: an error does not remove the entry");
  }

  private static void reset(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.configureBlocking(true); // SO_LINGER counts in blocking mode
    channel.close();
  }
}
