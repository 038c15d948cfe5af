package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.PipeSource;
import popol.Source;

/** Rule 14: data before the end, and the end. */
class EndOfStreamTest extends ContractTest {

  @Test
  @DisplayName("rule 14: TCP: unread data and the peer gone: readable, the data is read, then the end")
  void tcp() throws Exception {
    Link link = link();
    Link.send(link.far(), "last");
    link.far().close();
    sources.register("key", link.near(), Interest.READ);
    assertDataThenEnd(link.near());
  }

  @Test
  @DisplayName("rule 14: TCP, both sides closed: unread data is readable before the hang-up counts")
  void tcpBothSides() throws Exception {
    Link link = link();
    link.near().shutdownOutput();
    Link.send(link.far(), "last");
    link.far().close();
    sources.register("key", link.near(), Interest.READ);
    assertDataThenEnd(link.near());
  }

  @Test
  @DisplayName("rule 14: pipe: unread data and the writer gone: readable, the data is read, then the end")
  void jdkPipe() throws Exception {
    Pipe pipe = Pipe.open();
    keep(pipe.source());
    Link.send(pipe.sink(), "last");
    pipe.sink().close();
    sources.register("key", pipe.source(), Interest.READ);
    assertDataThenEnd(pipe.source());
  }

  @Test
  @DisplayName("rule 14: Unix domain: unread data and the peer gone: readable, the data is read, then the end")
  void unixDomain() throws Exception {
    Path directory = Files.createTempDirectory("popol");
    Path path = directory.resolve("s");
    try (ServerSocketChannel server = Link.openServer(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      sources.register("server", server, Interest.READ);
      assertNow(NOTHING, "rule 13: nobody has connected");
      SocketChannel far = keep(SocketChannel.open(UnixDomainSocketAddress.of(path)));
      assertNext(Map.of("server", "readable"), "rule 13: an accept does not block");
      SocketChannel near = keep(server.accept());
      sources.unregister("server");
      Link.send(far, "last");
      far.close();
      sources.register("key", near, Interest.READ);
      assertDataThenEnd(near);
    } finally {
      Files.deleteIfExists(path);
      Files.delete(directory);
    }
  }

  @Test
  @DisplayName("rule 14: popol's own pipe: unread data and the writer gone: readable, the data is read, then the end")
  void ownPipe() throws Exception {
    PipeSource pipe = keep(Host.openPipe());
    try (FileOutputStream writer = new FileOutputStream(pipe.writeEnd())) {
      writer.write("last".getBytes());
    }
    pipe.closeWriteEnd();
    sources.register("key", Source.of(pipe), Interest.READ);
    assertDataThenEnd(pipe);
  }

  @Test
  @PosixOnly
  @DisplayName("rule 14: raw sockets: unread data and a hang-up in one event, the data is read, then the end")
  void raw() throws Exception {
    Posix.Pair pair = Posix.socketpair();
    keep(() -> Posix.close(pair.first()));
    Posix.write(pair.second(), "last");
    Posix.close(pair.second());
    sources.register("key", Source.of(pair.first()), Interest.READ);
    assertNow(Map.of("key", "readable hangup"), "rule 13, 14: both are said, and readable is among them");
    assertEquals("last", Posix.read(pair.first(), 100), "rule 14: the data comes before the end");
    assertNow(Map.of("key", "readable hangup"), "rule 14: the end is readable");
    assertEquals("", Posix.read(pair.first(), 100), "rule 14: read gives the end");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 14: a pipe whose writer leaves during a wait: readable, also where the system says only hang-up")
  void hangupDuringWait() throws Exception {
    Posix.Pair pair = Posix.pipe();
    keep(() -> Posix.close(pair.first()));
    sources.register("key", Source.of(pair.first()), Interest.READ);
    Waiting waiting = Waiting.on(sources);
    Posix.close(pair.second());
    assertEquals(Map.of("key", "readable hangup"), waiting.found(), "rule 14: the end is readable");
    assertEquals("", Posix.read(pair.first(), 1), "rule 14: read gives the end");
  }

  private void assertDataThenEnd(ReadableByteChannel channel) throws Exception {
    assertReadable("rule 14: where unread data and a hang-up meet, the event is readable");
    assertEquals("last", Link.receive(channel), "rule 14: the data comes before the end");
    assertReadable("rule 14: the end of stream is readable");
    assertNull(Link.receive(channel), "rule 14: read gives the end");
    assertReadable("rule 13: the end stays");
    assertTrue(sources.unregister("key"), "rule 15: an end does not remove the entry");
    assertNow(NOTHING, "rule 3: it is unregistered");
  }

  private void assertReadable(String rule) throws Exception {
    Map<String, String> found = next();
    assertEquals(1, found.size(), rule);
    assertTrue(found.get("key").startsWith("readable"), rule + ": " + found);
  }
}
