package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/** Rule 22: the end of what the peer sends. */
class ReadClosedTest extends ContractTest {

  private static final Interest BOTH = Interest.READ.plus(Interest.READ_CLOSED);
  private static final String ONCE = "rule 22: the end of the peer's output is reported once";

  /** The words of an event that comes, which must say that the peer sends no more. */
  private String assertEnd(String rule) throws Exception {
    String found = next().getOrDefault("key", "nothing");
    assertTrue(found.contains("read-closed"), rule + ": " + found);
    return found;
  }

  @Test
  @DisplayName("rule 22: a peer that has shut down its output, or closed, is reported once, and no hang-up alone")
  void peerEnds() throws Exception {
    for (boolean closes : new boolean[] {false, true}) {
      Link link = link();
      sources.register("key", link.near(), Interest.READ_CLOSED);
      assertSilent("rule 22: the peer can still send");
      end(link.far(), closes);
      assertEnd("rule 22: the peer sends no more");
      assertSilent(ONCE);
      assertTrue(sources.contains("key"), "rule 22: the entry stays");
      sources.unregister("key");
    }
  }

  private static void end(SocketChannel channel, boolean closes) throws Exception {
    if (closes) {
      channel.close();
    } else {
      channel.shutdownOutput();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "WSAPoll tells of the end when all before it has been read")
  @DisplayName("rule 22: it is reported while unread data is there, which is still there to be read")
  void unreadData() throws Exception {
    Link link = link();
    Link.send(link.far(), "last");
    link.far().shutdownOutput();
    if (Emulation.tellsOfEndBehindData()) {
      sources.register("key", link.near(), Interest.READ_CLOSED);
      assertEnd("rule 22: the peer sends no more, though there is data");
      assertSilent(ONCE);
      sources.interest("key", BOTH);
    } else {
      sources.register("key", link.near(), BOTH);
    }
    String found;
    do { // the data can be there before the end is
      found = next().get("key");
      assertTrue(found.startsWith("readable"), "rule 14: unread data is readable: " + found);
    } while (!found.contains("read-closed"));
    for (int i = 0; i < 3; i++) {
      assertNow(Map.of("key", "readable"), ONCE);
    }
    assertEquals("last", Link.receive(link.near()), "rule 14: the data comes before the end");
    assertNow(Map.of("key", "readable"), "rule 14: the end is readable");
    assertNull(Link.receive(link.near()), "rule 14: read gives the end");
  }

  @Test
  @DisplayName("rule 22: setting the interest, to the same or another, has it reported again, once")
  void setAgain() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ_CLOSED);
    link.far().shutdownOutput();
    assertEnd("rule 22: the peer sends no more");
    sources.interest("key", Interest.READ_CLOSED);
    assertEnd("rule 22: the interest was set again");
    sources.enable("key", Interest.READ_CLOSED);
    assertEnd("rule 22: enable sets it too");
    sources.disable("key", Interest.PRIORITY);
    assertEnd("rule 22: and disable, of something else");
    assertSilent(ONCE);
    sources.disable("key", Interest.READ_CLOSED);
    assertSilent("rule 22: nobody asks for it any more");
    assertTrue(sources.unregister("key"), "rule 3: it was there");
    sources.register("key", link.near(), Interest.READ_CLOSED);
    assertEnd("rule 22: registering sets it too");
  }

  @Test
  @DisplayName("rule 22: it is not reported to whom has not asked for it")
  void notAskedFor() throws Exception {
    Link link = link();
    link.far().shutdownOutput();
    sources.register("key", link.near(), Interest.READ);
    String found = next().get("key");
    assertFalse(found.contains("read-closed"), "rule 22: a reader alone hears of the end by reading: " + found);
    sources.interest("key", Interest.WRITE);
    found = next().get("key");
    assertFalse(found.contains("read-closed"), "rule 22: a writer can still write: " + found);
  }

  @Test
  @DisplayName("rule 22: a hang-up implies it, and does not spin")
  void hangup() throws Exception {
    Link link = link();
    link.near().shutdownOutput();
    link.far().close();
    sources.register("key", link.near(), Interest.READ_CLOSED);
    String found;
    do { // the end of one direction can be there before the other one's
      found = next().get("key");
    } while (!found.contains("hangup") && Emulation.tellsHangupAfterEnd());
    assertTrue(found.contains("read-closed"), "rule 22: a hang-up implies it: " + found);
    assertSilent("rule 15: and is reported once");

    Pipe pipe = pipe();
    sources.register("pipe", pipe.source(), Interest.READ_CLOSED);
    assertNow(NOTHING, "rule 22: the writer is there");
    pipe.sink().close();
    found = next().get("pipe");
    assertTrue(found.contains("read-closed"), "rule 22: a pipe whose writer is gone sends no more: " + found);
    assertSilent("rule 15: and is reported once");
  }

  @Test
  @DisplayName("rule 22: a hang-up that comes after it is reported, once")
  void hangupLater() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ_CLOSED);
    link.far().shutdownOutput();
    assertEnd("rule 22: the peer sends no more");
    assertSilent(ONCE);
    link.near().shutdownOutput();
    if (Emulation.tellsHangupAfterEnd()) {
      String found = next().getOrDefault("key", "nothing");
      assertTrue(found.contains("hangup"), "rule 15: both directions are closed: " + found);
    }
    assertSilent("rule 15: reported once");
  }

  @Test
  @DisplayName("rule 22: a peer that leaves during a wait ends the wait, of a platform thread and of a virtual one")
  void duringWait() throws Exception {
    for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      Link link = link();
      sources.register("key", link.near(), Interest.READ_CLOSED);
      Waiting waiting = Waiting.on(threads, sources, null);
      link.far().shutdownOutput();
      String found = waiting.found().get("key");
      assertTrue(found.contains("read-closed"), "rule 22: the peer sends no more: " + found);
      sources.unregister("key");
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "WSAPoll tells of the end when all before it has been read")
  @DisplayName("rule 22: a gateway that holds a peer back, with NONE and READ_CLOSED in turn, hears that it leaves")
  void heldBack() throws Exception {
    Link link = link();
    sources.register("key", link.near(), BOTH);
    Link.send(link.far(), "x");
    assertNext(Map.of("key", "readable"), "rule 13: a byte was sent");
    sources.interest("key", Emulation.tellsOfEndBehindData() ? Interest.READ_CLOSED : BOTH);
    if (Emulation.tellsOfEndBehindData()) {
      assertSilent("rule 22: it is held back, and still there");
    }
    link.far().close();
    String found;
    do {
      found = next().get("key");
    } while (!found.contains("read-closed"));
    assertEquals("x", Link.receive(link.near()), "rule 22: what it sent is still to be read");
  }

  @Test
  @DisplayName("rule 22: two hundred peers leave one after another, each is reported once, under its key")
  void many() throws Exception {
    Link[] links = new Link[200];
    for (int i = 0; i < links.length; i++) {
      links[i] = link();
      sources.register("key " + i, links[i].near(), BOTH);
    }
    assertNow(NOTHING, "rule 22: all are there");
    for (int i = 0; i < links.length; i++) {
      links[i].far().shutdownOutput();
      int ended = 0;
      while (ended == 0) {
        for (Map.Entry<String, String> found : next().entrySet()) {
          if (found.getValue().contains("read-closed")) {
            assertEquals("key " + i, found.getKey(), ONCE);
            ended++;
          }
        }
      }
      sources.disable("key " + i, Interest.READ);
      sources.interest("key " + i, Interest.NONE);
    }
  }

  @Test
  @DisplayName("rule 22: of a Unix-domain peer as well")
  void unixDomain(@TempDir Path directory) throws Exception {
    try (ServerSocketChannel server = Link.openServer(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
      SocketChannel far = keep(SocketChannel.open(server.getLocalAddress()));
      SocketChannel near = keep(server.accept());
      sources.register("key", near, Interest.READ_CLOSED);
      assertSilent("rule 22: the peer can still send");
      far.shutdownOutput();
      assertEnd("rule 22: the peer sends no more");
      assertSilent(ONCE);
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 22: raw sockets: read-closed and nothing else, then a hang-up as well")
  void raw() throws Exception {
    try (ServerSocketChannel server = Link.listener()) {
      int near = Posix.socket();
      keep(() -> Posix.close(near));
      Posix.connect(near, server.socket().getLocalPort());
      SocketChannel far = keep(server.accept());
      sources.register("key", Source.of(near), Interest.READ_CLOSED);
      assertNow(NOTHING, "rule 22: the peer can still send");
      far.shutdownOutput();
      assertNext(Map.of("key", "read-closed"), "rule 22: it is neither readable, where nobody asks, nor a hang-up");
      assertSilent(ONCE);
    }
  }
}
