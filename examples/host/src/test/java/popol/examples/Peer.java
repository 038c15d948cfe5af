package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A client of the echo server that sends bytes made from a seed, and checks that the same come back. */
final class Peer implements AutoCloseable {

  private static final int CHUNK = 8 * 1024; // bytes
  private static final int LIMIT = 60; // seconds

  private final Socket socket;
  private final String address;
  private final long seed;

  Peer(int port, long seed) throws IOException {
    this.seed = seed;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT * 1000);
    address = socket.getLocalSocketAddress().toString();
  }

  /** What the server calls this peer. */
  String address() {
    return address;
  }

  /** Sends, in another thread, and then says that this was all. */
  Step send(int bytes) {
    return new Step(() -> {
      Random random = new Random(seed);
      byte[] chunk = new byte[CHUNK];
      for (int sent = 0; sent < bytes; sent += CHUNK) {
        random.nextBytes(chunk);
        socket.getOutputStream().write(chunk);
      }
      socket.shutdownOutput();
    });
  }

  /** Receives in another thread what was sent, and the end. */
  Step receive(int bytes) {
    return new Step(() -> {
      Random random = new Random(seed);
      byte[] chunk = new byte[CHUNK];
      for (int received = 0; received < bytes; received += CHUNK) {
        random.nextBytes(chunk);
        assertArrayEquals(chunk, socket.getInputStream().readNBytes(CHUNK),
            "what comes back is what was sent, from byte " + received);
      }
      expectEnd();
    });
  }

  /** Sends a little and waits until it has come back. */
  void exchange() throws IOException {
    byte[] bytes = {1, 2, 3};
    socket.getOutputStream().write(bytes);
    assertArrayEquals(bytes, socket.getInputStream().readNBytes(bytes.length), "what comes back is what was sent");
  }

  void expectEnd() throws IOException {
    assertEquals(-1, socket.getInputStream().read(), "the server ends the connection");
  }

  /** Breaks the connection instead of ending it. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What one of the two threads of a peer does. */
  static final class Step {

    private interface Action {
      void run() throws IOException;
    }

    private final FutureTask<Void> task;

    private Step(Action action) {
      task = new FutureTask<>(() -> {
        action.run();
        return null;
      });
      Thread.ofVirtual().start(task);
    }

    boolean isDone() {
      return task.isDone();
    }

    void await() throws Exception {
      task.get(LIMIT, TimeUnit.SECONDS);
    }
  }
}
