package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connects that succeed, are refused, and have no answer, in one run. */
@Timeout(60)
class ConnectIT {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  void tellsSuccessRefusalAndSilenceApart() throws Exception {
    List<Socket> queued = new ArrayList<>();
    try (ServerSocket open = new ServerSocket(0, 50, HERE); ServerSocket full = new ServerSocket(0, 1, HERE)) {
      fill(full, queued);
      int closed = closedPort();
      try (Child child = new Child(Launch.withoutExport(Connect.class, "1000",
          "127.0.0.1:" + full.getLocalPort(), "127.0.0.1:" + closed, "127.0.0.1:" + open.getLocalPort()))) {
        Set<String> lines = new TreeSet<>(child.expectExit(1));
        assertEquals(new TreeSet<>(Set.of(
            "/127.0.0.1:" + full.getLocalPort() + ": no answer in 1000 ms",
            "/127.0.0.1:" + closed + ": Connection refused",
            "/127.0.0.1:" + open.getLocalPort() + ": connected")), lines, "one line of each");
      }
    } finally {
      for (Socket socket : queued) {
        socket.close();
      }
    }
  }

  @Test
  void succeedsWithAllOfMany() throws Exception {
    try (ServerSocket open = new ServerSocket(0, 50, HERE)) {
      String address = "127.0.0.1:" + open.getLocalPort();
      List<String> arguments = new ArrayList<>(List.of("30000"));
      for (int i = 0; i < 20; i++) {
        arguments.add(address);
      }
      try (Child child = new Child(Launch.withoutExport(Connect.class, arguments.toArray(String[]::new)))) {
        List<String> lines = child.expectExit(0);
        assertEquals(20, lines.stream().filter(("/" + address + ": connected")::equals).count(), child::toString);
      }
    }
  }

  /** Connects until the system takes no more, as nobody accepts. */
  private static void fill(ServerSocket server, List<Socket> queued) throws IOException {
    while (true) {
      Socket socket = new Socket();
      queued.add(socket);
      try {
        socket.connect(new InetSocketAddress(HERE, server.getLocalPort()), 500);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
      return server.getLocalPort();
    }
  }
}
