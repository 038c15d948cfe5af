package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** Each kind of source, rules 3 and 13. */
class SourceTest extends ContractTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  @DisplayName("rule 13: java.net sockets made without a channel, in blocking mode")
  void sockets() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    sources.register("server", Source.of(server), Interest.READ);
    assertNow(NOTHING, "rule 13: nobody has connected");
    Socket far = keep(new Socket(HERE, server.getLocalPort()));
    assertNext(Map.of("server", "readable"), "rule 13: a connection waits");
    Socket near = keep(server.accept());
    sources.register("near", Source.of(near), Interest.READ);
    sources.register("far", Source.of(far), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was sent");
    far.getOutputStream().write('x');
    assertNext(Map.of("near", "readable"), "rule 13: an accepted socket");
    assertEquals('x', near.getInputStream().read(), "rule 13: the byte is there");
    near.getOutputStream().write('y');
    assertNext(Map.of("far", "readable"), "rule 13: a client socket");
    assertEquals('y', far.getInputStream().read(), "rule 13: the byte is there");
    sources.interest("far", Interest.WRITE);
    assertNow(Map.of("far", "writable"), "rule 13: there is room");
    far.close();
    assertInvalid("far", "rule 16: a closed socket");
    server.close();
    assertInvalid("server", "rule 16: a closed listener");
    assertEquals(1, sources.size(), "rule 15: both closed ones are gone");
  }

  @Test
  @DisplayName("rule 13: java.net sockets that are views of channels")
  void views() throws Exception {
    Link link = link();
    sources.register("key", Source.of(link.near().socket()), Interest.READ);
    Link.send(link.far(), "x");
    assertNext(Map.of("key", "readable"), "rule 13: the view has its channel's descriptor");
    var server = keep(Link.listener());
    sources.register("server", Source.of(server.socket()), Interest.READ);
    DatagramChannel datagrams = keep(DatagramChannel.open().bind(new InetSocketAddress(HERE, 0)));
    sources.register("datagrams", Source.of(datagrams.socket()), Interest.WRITE);
    assertNow(Map.of("key", "readable", "datagrams", "writable"), "rule 13: all kinds of views");
  }

  @Test
  @DisplayName("rule 13: a datagram channel is readable for each datagram")
  void datagramChannel() throws Exception {
    DatagramChannel near = keep(DatagramChannel.open().bind(new InetSocketAddress(HERE, 0)));
    DatagramChannel far = keep(DatagramChannel.open());
    near.configureBlocking(false);
    sources.register("key", near, Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was sent");
    far.send(ByteBuffer.allocate(1), near.getLocalAddress());
    assertNext(Map.of("key", "readable"), "rule 13: a datagram");
    near.receive(ByteBuffer.allocate(1));
    assertNow(NOTHING, "rule 13: it was received");
    far.send(ByteBuffer.allocate(0), near.getLocalAddress());
    assertNext(Map.of("key", "readable"), "rule 13: an empty datagram is a datagram");
  }

  @Test
  @DisplayName("rule 13: a java.net datagram socket made without a channel")
  void datagramSocket() throws Exception {
    DatagramSocket near = keep(new DatagramSocket(0, HERE));
    DatagramSocket far = keep(new DatagramSocket(0, HERE));
    sources.register("key", Source.of(near), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was sent");
    far.send(new DatagramPacket(new byte[1], 1, HERE, near.getLocalPort()));
    assertNext(Map.of("key", "readable"), "rule 13: a datagram");
    near.close();
    assertNow(Map.of("key", "invalid"), "rule 16: a closed socket");
  }

  @Test
  @DisplayName("rule 13: both ends of a JDK pipe")
  void pipeEnds() throws Exception {
    Pipe pipe = pipe();
    sources.register("source", pipe.source(), Interest.READ);
    sources.register("sink", pipe.sink(), Interest.WRITE);
    assertNow(Map.of("sink", "writable"), "rule 13: there is room, and no data");
    Link.send(pipe.sink(), "x");
    assertEquals(Map.of("sink", "writable", "source", "readable"), next(), "rule 13: there is room and data");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 13: raw descriptors of a pipe and of sockets")
  void raw() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.Pair sockets = keep(Posix.socketpair());
    sources.register("read end", Source.of(pipe.first()), Interest.READ);
    sources.register("write end", Source.of(pipe.second()), Interest.WRITE);
    sources.register("first", Source.of(sockets.first()), Interest.READ_WRITE);
    sources.register("second", Source.of(sockets.second()), Interest.READ);
    assertNow(Map.of("write end", "writable", "first", "writable"), "rule 13: there is room");
    Posix.write(pipe.second(), "x");
    Posix.write(sockets.first(), "y");
    assertNow(Map.of("read end", "readable", "write end", "writable", "first", "writable", "second", "readable"),
        "rule 13: there is room and data");
    assertEquals("x", Posix.read(pipe.first(), 10), "rule 13: what was written");
    assertEquals("y", Posix.read(sockets.second(), 10), "rule 13: what was written");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 13: a file descriptor object of an open stream")
  void fileDescriptor() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    FileInputStream stream = keep(new FileInputStream("/dev/fd/" + pipe.first()));
    FileDescriptor descriptor = stream.getFD();
    sources.register("key", Source.of(descriptor), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was written");
    Posix.write(pipe.second(), "x");
    assertNow(Map.of("key", "readable"), "rule 13: the byte is there");
    assertEquals('x', stream.read(), "rule 13: the byte is there");
    stream.close();
    assertNow(Map.of("key", "invalid"), "rule 16: a closed descriptor object");
  }

  @Test
  @DisplayName("rule 3: standard input can be registered, once, and unregistered")
  void standardInput() throws Exception {
    sources.register("stdin", Source.stdin(), Interest.NONE);
    sources.poll(MOMENT);
    sources.unregister("stdin");
    assertNow(NOTHING, "rule 3: it is unregistered");
  }
}
