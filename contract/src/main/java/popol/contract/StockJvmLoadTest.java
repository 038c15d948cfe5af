package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** Sockets in a JVM without flags: the right one is found among many, which come and go. */
@PosixOnly
class StockJvmLoadTest extends ContractTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int ROUNDS = 3_000;

  /** Opens and closes sockets until it is over, some at a port that the test uses too. */
  private static Void churn(int port, BooleanSupplier isOver) throws IOException {
    while (!isOver.getAsBoolean()) {
      try (SocketChannel client = SocketChannel.open(new InetSocketAddress(HERE, port));
          Link link = Link.open();
          ServerSocketChannel listener = Link.listener();
          DatagramChannel datagrams = besides(listener)) {
        client.socket().setSoLinger(true, 0); // leaves no trace that keeps the port
        link.near().socket().setSoLinger(true, 0);
        datagrams.send(ByteBuffer.allocate(1), listener.getLocalAddress());
      }
    }
    return null;
  }

  /** At the listener's port, if no other datagram socket of this machine has it. */
  private static DatagramChannel besides(ServerSocketChannel listener) throws IOException {
    DatagramChannel datagrams = DatagramChannel.open();
    try {
      return datagrams.bind(listener.getLocalAddress());
    } catch (BindException taken) {
      return datagrams.bind(new InetSocketAddress(HERE, 0));
    }
  }

  @Test
  @DisplayName("no flags: 3,000 rounds while other threads open and close sockets: never a wrong descriptor")
  void rounds() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 50, HERE));
    AtomicReference<Socket> wanted = new AtomicReference<>();
    Thread acceptor = Thread.ofPlatform().start(() -> accept(server, wanted));
    AtomicBoolean over = new AtomicBoolean();
    List<FutureTask<Void>> churns = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      churns.add(new FutureTask<>(() -> churn(server.getLocalPort(), over::get)));
      Thread.ofPlatform().start(churns.getLast());
    }
    try {
      for (int round = 0; round < ROUNDS; round++) {
        switch (round % 3) {
          case 0 -> connection(server, wanted);
          case 1 -> listener();
          default -> datagrams();
        }
      }
    } finally {
      over.set(true);
      for (FutureTask<Void> churn : churns) {
        churn.get();
      }
      server.close();
      acceptor.join();
    }
  }

  /** The connection of the test is told by its first byte; the others are closed. */
  private static void accept(ServerSocket server, AtomicReference<Socket> wanted) {
    while (true) {
      try {
        Socket socket = server.accept();
        if (isWanted(socket)) {
          wanted.set(socket);
        } else {
          socket.close();
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static boolean isWanted(Socket socket) {
    try {
      return socket.getInputStream().read() == '!';
    } catch (IOException reset) {
      return false;
    }
  }

  private void connection(ServerSocket server, AtomicReference<Socket> wanted) throws Exception {
    try (SocketChannel near = SocketChannel.open(server.getLocalSocketAddress())) {
      Link.send(near, "!");
      await(() -> wanted.get() != null);
      try (Socket far = wanted.getAndSet(null)) {
        sources.register("near", near, Interest.READ);
        registerOnceCertain("far", Source.of(far));
        assertNow(NOTHING, "nothing was sent");
        far.getOutputStream().write(1);
        assertNext(Map.of("near", "readable"), "the descriptor is the right one");
        near.read(ByteBuffer.allocate(1));
        Link.send(near, "x");
        assertNext(Map.of("far", "readable"), "the descriptor is the right one");
        sources.unregister("near");
        sources.unregister("far");
        far.setSoLinger(true, 0);
      }
    }
  }

  /** Connections of the same listener that were reset, and are not closed yet, leave it uncertain for a moment. */
  private void registerOnceCertain(String key, Source source) {
    await(() -> {
      try {
        sources.register(key, source, Interest.READ);
        return true;
      } catch (IllegalStateException refused) {
        assertTrue(refused.getMessage().contains("have lost their connection"), refused.getMessage());
        return false;
      }
    });
  }

  private void listener() throws Exception {
    try (ServerSocketChannel listener = Link.listener()) {
      sources.register("listener", listener, Interest.READ);
      assertNow(NOTHING, "nobody has connected");
      try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
        assertNext(Map.of("listener", "readable"), "the descriptor is the right one");
        client.socket().setSoLinger(true, 0);
      }
      sources.unregister("listener");
    }
  }

  private void datagrams() throws Exception {
    try (DatagramSocket near = new DatagramSocket(0, HERE); DatagramChannel far = DatagramChannel.open()) {
      sources.register("near", Source.of(near), Interest.READ);
      assertNow(NOTHING, "nothing was sent");
      far.send(ByteBuffer.allocate(1), near.getLocalSocketAddress());
      assertNext(Map.of("near", "readable"), "the descriptor is the right one");
      sources.unregister("near");
    }
  }

  @Test
  @DisplayName("no flags: 500 peers of a server: each is the right one; prints what the 500th costs")
  void cost() throws Exception {
    int count = 500;
    List<Link> peers = new ArrayList<>();
    long[] costs = new long[50]; // of the last ones
    try (ServerSocketChannel server = Link.listener()) {
      for (int i = 0; i < count; i++) {
        SocketChannel far = SocketChannel.open(server.getLocalAddress());
        Link link = keep(new Link(server.accept(), far));
        peers.add(link);
        sources.register("far " + i, far, Interest.READ); // as a server has no client ends in its process
        long start = System.nanoTime();
        sources.register("near " + i, link.near(), Interest.READ);
        costs[i % costs.length] = System.nanoTime() - start;
      }
    } catch (SocketException limit) {
      throw new AssertionError("this test needs 1,100 descriptors", limit);
    }
    Arrays.sort(costs);
    System.out.printf(
        "registering peer 451 to 500, of twice as many sockets, without flags: median %.1f us, worst %.1f%n",
        costs[costs.length / 2] / 1e3, costs[costs.length - 1] / 1e3);
    for (int i = 0; i < count; i += 50) {
      Link.send(peers.get(i).far(), "x");
      assertEquals(Map.of("near " + i, "readable"), next(), "the descriptor is the right one");
      Link.receive(peers.get(i).near());
    }
  }
}
