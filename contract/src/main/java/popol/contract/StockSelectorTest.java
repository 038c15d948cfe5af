package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Channels in a JVM without flags, in non-blocking mode, which on Linux are all found: by a selector of popol's own.
 */
@LinuxOnly
class StockSelectorTest extends StockTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private <T extends SelectableChannel> T nonBlocking(T channel) throws IOException {
    keep(channel).configureBlocking(false);
    return channel;
  }

  @Test
  @DisplayName("no flags: both ends of a JDK pipe")
  void pipes() throws Exception {
    for (int i = 0; i < 3; i++) {
      Pipe pipe = Pipe.open();
      Pipe.SourceChannel source = nonBlocking(pipe.source());
      Pipe.SinkChannel sink = nonBlocking(pipe.sink());
      sources.register("source", source, Interest.READ);
      assertNow(NOTHING, "rule 13: nothing was written");
      assertHears("source", () -> Link.send(sink, "x"));
      sources.register("sink", sink, Interest.WRITE);
      assertNow(Map.of("sink", "writable"), "rule 13: there is room");
      source.close();
      String found = next().get("sink");
      assertTrue(found.contains("error"), "rule 13: the write end hears that the read end has gone: " + found);
      sources.unregister("sink");
    }
  }

  @Test
  @DisplayName("no flags: Unix domain, without a name, and several accepted ends")
  void unixDomain(@TempDir Path directory) throws Exception {
    ServerSocketChannel server = nonBlocking(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    server.bind(UnixDomainSocketAddress.of(directory.resolve("server")));
    for (int i = 0; i < 3; i++) {
      sources.register("server", server, Interest.READ);
      SocketChannel near = keep(SocketChannel.open(StandardProtocolFamily.UNIX));
      assertHears("server", () -> near.connect(server.getLocalAddress()));
      near.configureBlocking(false);
      SocketChannel far = nonBlocking(server.accept());
      sources.register("far", far, Interest.READ);
      assertHears("far", () -> Link.send(near, "x"));
      sources.register("near", near, Interest.READ);
      assertHears("near", () -> Link.send(far, "x"));
    }
  }

  @Test
  @DisplayName("no flags: shared ports of listeners and of UDP")
  void sharedPorts() throws Exception {
    List<ServerSocketChannel> listeners = new ArrayList<>();
    List<DatagramChannel> datagrams = new ArrayList<>();
    int port = 0;
    int udpPort = 0;
    for (int i = 0; i < 3; i++) {
      ServerSocketChannel listener = nonBlocking(ServerSocketChannel.open());
      listener.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(HERE, port));
      port = listener.socket().getLocalPort();
      listeners.add(listener);
      DatagramChannel one = nonBlocking(DatagramChannel.open());
      one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(HERE, udpPort));
      udpPort = ((InetSocketAddress) one.getLocalAddress()).getPort();
      datagrams.add(one);
    }
    for (int i = 0; i < 3; i++) {
      sources.register("listener " + i, listeners.get(i), Interest.READ);
      sources.register("datagrams " + i, datagrams.get(i), Interest.READ);
    }
    SocketChannel client = keep(SocketChannel.open(new InetSocketAddress(HERE, port)));
    String heard = next().keySet().iterator().next();
    int chosen = Integer.parseInt(heard.substring("listener ".length()));
    assertEquals(client.getLocalAddress(), keep(listeners.get(chosen).accept()).getRemoteAddress(),
        "the right listener");
    DatagramChannel sender = keep(DatagramChannel.open());
    sender.send(ByteBuffer.allocate(1), new InetSocketAddress(HERE, udpPort));
    heard = next().keySet().iterator().next();
    chosen = Integer.parseInt(heard.substring("datagrams ".length()));
    assertEquals(sender.socket().getLocalPort(),
        ((InetSocketAddress) datagrams.get(chosen).receive(ByteBuffer.allocate(1))).getPort(), "the right descriptor");
  }

  @Test
  @DisplayName("no flags: a connect that has not finished; it comes true, or is refused")
  void pendingConnect() throws Exception {
    for (Family family : Family.present()) {
      ServerSocketChannel server = keep(family.openServer()).bind(new InetSocketAddress(family.here(), 0));
      SocketChannel client = nonBlocking(family.openClient());
      client.connect(server.getLocalAddress());
      sources.register("client", client, Interest.WRITE);
      assertNext(Map.of("client", "writable"), "rule 13: the connect has finished");
      assertTrue(client.finishConnect(), "rule 13: well");
      sources.interest("client", Interest.READ);
      SocketChannel far = keep(server.accept());
      assertHears("client", () -> Link.send(far, "x"));
      server.close();

      SocketChannel refused = nonBlocking(family.openClient());
      try {
        refused.connect(new InetSocketAddress(family.here(), server.socket().getLocalPort()));
      } catch (ConnectException atOnce) {
        continue;
      }
      sources.register("refused", refused, Interest.WRITE);
      String found = next().get("refused");
      assertTrue(found.startsWith("writable"), "rule 13: the connect has finished: " + found);
      assertThrows(ConnectException.class, refused::finishConnect, "rule 13: not well");
      sources.unregister("refused");
    }
  }

  @Test
  @DisplayName("no flags: a channel that is registered before it is bound or connected")
  void unbound() throws Exception {
    ServerSocketChannel server = nonBlocking(ServerSocketChannel.open());
    sources.register("server", server, Interest.READ);
    server.bind(Link.anyPort());
    DatagramChannel datagrams = nonBlocking(DatagramChannel.open());
    sources.register("datagrams", datagrams, Interest.READ);
    datagrams.bind(Link.anyPort());
    assertHears("server", () -> keep(SocketChannel.open(server.getLocalAddress())));
    assertHears("datagrams",
        () -> keep(DatagramChannel.open()).send(ByteBuffer.allocate(1), datagrams.getLocalAddress()));
  }

  @Test
  @DisplayName("no flags: connections that were reset, and one that has the addresses of such a one since")
  void reset() throws Exception {
    ServerSocketChannel server = keep(Link.listener());
    SocketChannel dead = keep(SocketChannel.open());
    dead.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(Link.anyPort()); // which no program's connect shares
    dead.connect(server.getLocalAddress());
    SocketChannel peer = server.accept();
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
    SocketChannel live = keep(SocketChannel.open());
    live.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(dead.getLocalAddress());
    live.connect(server.getLocalAddress());
    SocketChannel far = keep(server.accept());
    assertEquals(dead.getRemoteAddress(), live.getRemoteAddress(), "both have the same addresses");
    live.configureBlocking(false);
    dead.configureBlocking(false);
    sources.register("live", live, Interest.READ);
    assertHears("live", () -> Link.send(far, "x"));
    sources.register("dead", dead, Interest.READ);
    String found = next().get("dead");
    assertTrue(found.startsWith("readable"), "rule 13: the reset is seen under the right key: " + found);
  }

  @Test
  @DisplayName("no flags: a look-up leaves no trace on a channel, and its keys of the program's own selectors as they are")
  void noTrace() throws Exception {
    SocketChannel near = link().near();
    near.setOption(StandardSocketOptions.SO_LINGER, 7);
    sources.register("key", near, Interest.READ);
    assertFalse(near.isRegistered(), "it is registered with no selector");
    assertFalse(near.isBlocking(), "rule 5: the mode is as before");
    assertEquals(7, near.getOption(StandardSocketOptions.SO_LINGER), "rule 5: options are as before");
    sources.unregister("key");
    try (Selector selector = Selector.open()) {
      SelectionKey key = near.register(selector, SelectionKey.OP_WRITE);
      sources.register("key", near, Interest.READ);
      assertEquals(SelectionKey.OP_WRITE, key.interestOps(), "the program's key is as before");
      assertTrue(key.isValid() && near.keyFor(selector) == key, "the program's key is as before");
      assertEquals(1, selector.select(), "the program's selector finds it ready");
    }
    near.configureBlocking(true); // which a key that is left would prevent
  }

  @Test
  @DisplayName("no flags: a channel that is closed during a look-up is closed when that ends, and refused")
  void closedMeanwhile() throws Exception {
    for (int i = 0; i < 300; i++) {
      Link link = link();
      CountDownLatch started = new CountDownLatch(1);
      FutureTask<Void> closer = new FutureTask<>(() -> {
        started.await();
        link.near().close();
        return null;
      });
      Thread.ofPlatform().start(closer);
      started.countDown();
      try {
        sources.register("key", link.near(), Interest.NONE);
      } catch (IllegalArgumentException closed) {
        assertTrue(closed.getMessage().endsWith(" is closed"), "errors: it was closed: " + closed.getMessage());
      }
      closer.get();
      sources.unregister("key");
      link.far().configureBlocking(true);
      assertEquals(-1, link.far().read(ByteBuffer.allocate(1)), "the peer sees the end");
      link.close();
    }
  }

  @Test
  @DisplayName("no flags: registering inside blockingLock(), while another thread registers the same channel, goes on")
  void insideBlockingLock() throws Exception {
    SocketChannel near = link().near();
    AtomicBoolean over = new AtomicBoolean();
    FutureTask<Integer> other = new FutureTask<>(() -> {
      int rounds = 0;
      try (Sources<String> registry = Host.open()) {
        for (; !over.get(); rounds++) {
          registry.register("other", near, Interest.READ);
          registry.unregister("other");
        }
      }
      return rounds;
    });
    Thread.ofPlatform().start(other);
    for (int i = 0; i < 500; i++) {
      synchronized (near.blockingLock()) {
        sources.register("key", near, Interest.READ);
        sources.unregister("key");
      }
    }
    over.set(true);
    assertTrue(other.get() > 0, "both have gone on");
  }

  @Test
  @DisplayName("no flags: in one registry, one thread inside blockingLock() and another one without: both go on")
  void oneRegistry() throws Exception {
    SocketChannel near = link().near();
    AtomicBoolean over = new AtomicBoolean();
    FutureTask<Void> other = new FutureTask<>(() -> {
      while (!over.get()) {
        register("other", near);
      }
      return null;
    });
    Thread.ofPlatform().start(other);
    for (int i = 0; i < 500; i++) {
      synchronized (near.blockingLock()) {
        register("key", near);
      }
    }
    over.set(true);
    other.get();
  }

  /** The other key may have it. */
  private void register(String key, SocketChannel channel) {
    try {
      sources.register(key, channel, Interest.READ);
      sources.unregister(key);
    } catch (IllegalArgumentException taken) {
      assertTrue(taken.getMessage().contains("key"), "rule 2: the message names it: " + taken.getMessage());
    }
  }

  @Test
  @DisplayName("no flags: a thread that is interrupted finds a channel and leaves it open; so does a virtual thread")
  void threads() throws Exception {
    Link link = link();
    Thread.currentThread().interrupt();
    sources.register("near", link.near(), Interest.READ);
    assertTrue(Thread.interrupted(), "rule 9: the interrupt is kept");
    assertTrue(link.near().isOpen(), "the channel is open");
    assertHears("near", () -> Link.send(link.far(), "x"));
    FutureTask<Void> virtual = new FutureTask<>(() -> sources.register("far", link.far(), Interest.READ), null);
    Thread.ofVirtual().start(virtual);
    virtual.get();
    assertHears("far", () -> Link.send(link.near(), "x"));
  }

  @Test
  @DisplayName("no flags: the view of a channel in non-blocking mode")
  void view() throws Exception {
    Link link = link();
    sources.register("near", Source.of(link.near().socket()), Interest.READ);
    assertHears("near", () -> Link.send(link.far(), "x"));
  }
}
