package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A peer of a server that sends back what it gets. */
record Talk(Socket socket) implements AutoCloseable {

  private static final int LIMIT = 30_000; // milliseconds

  static Talk with(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT);
    return new Talk(socket);
  }

  void exchange(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    socket.getOutputStream().write(bytes);
    assertEquals(text, new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8),
        "the server sends back what it gets");
  }

  /** Waits until the server has closed the connection. */
  void expectEnd() throws IOException {
    try (socket) {
      assertEquals(-1, socket.getInputStream().read(), "the server closes its connections");
    } catch (SocketException reset) {
      // closed with something unread
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
