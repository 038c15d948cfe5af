package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Source;

/** Rule 5: what a registry does with the owners of the descriptors it watches, which is to leave them alone. */
class OwnerTest extends ContractTest {

  @Test
  @DisplayName("rule 5: a socket that nobody else holds stays open and is heard of")
  void socketReachable() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket far = registerAndDrop(server)) {
      collectGarbage();
      far.getOutputStream().write('x');
      assertNext(Map.of("key", "readable"), "rule 5: the socket was not collected");
      closeOwner();
    }
  }

  /** In a method of its own, so that no local variable keeps the socket. */
  private Socket registerAndDrop(ServerSocket server) throws Exception {
    Socket near = new Socket(server.getInetAddress(), server.getLocalPort());
    sources.register("key", Source.of(near), Interest.READ);
    return server.accept();
  }

  @Test
  @PosixOnly
  @DisplayName("rule 5: a file descriptor that nobody else holds stays open and is heard of")
  void descriptorReachable() throws Exception {
    Posix.Pair ends = keep(Posix.pipe());
    registerAndDrop(ends.first());
    collectGarbage();
    Posix.write(ends.second(), "x");
    assertNow(Map.of("key", "readable"), "rule 5: the descriptor was not closed by the collector");
    closeStream();
  }

  /** A stream's descriptor is closed when the object that stands for it is collected. */
  private void registerAndDrop(int descriptor) throws Exception {
    FileInputStream stream = new FileInputStream("/dev/fd/" + descriptor);
    sources.register("key", Source.of(stream.getFD()), Interest.READ);
  }

  @Test
  @DisplayName("rule 5: a channel that nobody else holds is given back by its event")
  void channelReachable() throws Exception {
    Pipe.SinkChannel sink = registerPipeAndDrop();
    collectGarbage();
    Link.send(sink, "x");
    for (Event<String> event : sources.poll(SOON)) {
      try (Pipe.SourceChannel source = (Pipe.SourceChannel) event.source().owner()) {
        assertEquals("x", Link.receive(source), "rule 5: the channel works");
      }
    }
    assertNow(Map.of("key", "invalid"), "rule 16: it was closed");
  }

  private Pipe.SinkChannel registerPipeAndDrop() throws Exception {
    Pipe pipe = Pipe.open();
    sources.register("key", pipe.source(), Interest.READ);
    return keep(pipe.sink());
  }

  @Test
  @DisplayName("rule 5: what has been unregistered, or reported as closed, is let go of")
  void letGo() throws Exception {
    sources.register("other", readyPipe().source(), Interest.READ);
    for (WeakReference<Pipe.SourceChannel> owner : List.of(unregistered(), closed())) {
      long start = System.nanoTime();
      while (owner.get() != null && System.nanoTime() - start < SOON.toNanos()) {
        System.gc();
        LockSupport.parkNanos(10_000_000);
      }
      assertNull(owner.get(), "rule 5: it is kept only while it is watched");
    }
  }

  private WeakReference<Pipe.SourceChannel> unregistered() throws Exception {
    Pipe pipe = Pipe.open();
    Link.send(pipe.sink(), "x");
    sources.register("key", pipe.source(), Interest.READ);
    assertNow(Map.of("key", "readable", "other", "readable"), "rule 13: both are ready");
    sources.unregister("key");
    assertNow(Map.of("other", "readable"), "rule 3: it is unregistered");
    pipe.source().close();
    pipe.sink().close();
    return new WeakReference<>(pipe.source());
  }

  private WeakReference<Pipe.SourceChannel> closed() throws Exception {
    Pipe pipe = Pipe.open();
    sources.register("key", pipe.source(), Interest.READ);
    assertNow(Map.of("other", "readable"), "rule 13: it is not ready");
    pipe.source().close();
    pipe.sink().close();
    assertInvalid("key", "rule 16: it was closed");
    assertNow(Map.of("other", "readable"), "rule 16: and is gone");
    return new WeakReference<>(pipe.source());
  }

  @Test
  @DisplayName("rule 5: neither unregistering nor closing the registry closes a source")
  void notClosed() throws Exception {
    Link link = link();
    Pipe pipe = pipe();
    sources.register("link", link.near(), Interest.READ_WRITE);
    sources.register("pipe", pipe.source(), Interest.READ);
    sources.poll(Duration.ZERO);
    sources.unregister("pipe");
    sources.poll(Duration.ZERO);
    sources.close();
    assertTrue(link.near().isOpen() && pipe.source().isOpen(), "rule 5: both are open");
    Link.send(pipe.sink(), "still");
    assertEquals("still", Link.receive(pipe.source()), "rule 5: the pipe works");
    Link.send(link.near(), "here");
    sources = keep(Host.open());
    sources.register("far", link.far(), Interest.READ);
    assertNext(Map.of("far", "readable"), "rule 5: the connection works");
    assertEquals("here", Link.receive(link.far()), "rule 5: the connection works");
  }

  @Test
  @DisplayName("rule 5: a channel in blocking mode is watched and stays in blocking mode")
  void blockingMode() throws Exception {
    Pipe blocking = readyPipe();
    Pipe other = readyPipe();
    other.source().configureBlocking(false);
    sources.register("blocking", blocking.source(), Interest.READ);
    sources.register("other", other.source(), Interest.READ);
    assertNow(Map.of("blocking", "readable", "other", "readable"), "rule 5: the mode does not matter");
    assertTrue(blocking.source().isBlocking(), "rule 5: blocking before, blocking after");
    assertFalse(other.source().isBlocking(), "rule 5: non-blocking before, non-blocking after");
    assertEquals("x", Link.receive(blocking.source()), "rule 5: it reads");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 5: O_NONBLOCK of what is watched is the same before and after")
  void statusFlags() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.Pair sockets = keep(Posix.socketpair());
    PipeSource own = keep(Host.openPipe());
    sources.register("pipe", Source.of(pipe.first()), Interest.READ);
    sources.register("socket", Source.of(sockets.first()), Interest.READ_WRITE);
    sources.register("stdin", Source.stdin(), Interest.NONE);
    sources.register("own", Source.of(own), Interest.READ);
    int stdin = Posix.fcntlGetFlags(0);
    sources.poll(Duration.ofMillis(1));
    sources.unregister("socket");
    sources.poll(Duration.ZERO);
    sources.close();
    assertEquals(0, Posix.fcntlGetFlags(pipe.first()) & Posix.O_NONBLOCK, "rule 5: the pipe still blocks");
    assertEquals(0, Posix.fcntlGetFlags(sockets.first()) & Posix.O_NONBLOCK, "rule 5: the socket still blocks");
    assertEquals(stdin, Posix.fcntlGetFlags(0), "rule 5: standard input is as it was");
  }

  private static void collectGarbage() {
    WeakReference<Object> canary = new WeakReference<>(new Object());
    while (canary.get() != null) {
      System.gc();
    }
    System.gc();
  }

  /** A stream on the same descriptor closes it. */
  private void closeStream() throws Exception {
    for (Event<String> event : sources.poll(SOON)) {
      new FileInputStream((FileDescriptor) event.source().owner()).close();
    }
  }

  private void closeOwner() throws Exception {
    for (Event<String> event : sources.poll(SOON)) {
      ((AutoCloseable) event.source().owner()).close();
    }
  }
}
