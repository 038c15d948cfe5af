package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against servers of the JDK's. */
@Timeout(60)
class ClientIT {

  private static List<String> command(int port) {
    return Launch.withoutExport(Client.class, "127.0.0.1", Integer.toString(port));
  }

  @Test
  void endsItsHalfAndPrintsUntilTheServerHasEndedTheOther() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Child client = new Child(command(listener.getLocalPort()));
        Socket server = listener.accept()) {
      server.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      client.expectNext("hello");
      client.type("one");
      client.type("two");
      client.endInput();
      assertEquals("one\ntwo\n", new String(server.getInputStream().readAllBytes(), StandardCharsets.US_ASCII),
          "what is typed, and its end");
      server.getOutputStream().write("bye\n".getBytes(StandardCharsets.US_ASCII));
      client.expectNext("bye");
      server.shutdownOutput();
      assertEquals(List.of(), client.expectExit(0), "no more is printed");
    }
  }

  /** In a JVM of 32 MB. */
  @Test
  void holdsItsInputUpForAServerThatDoesNotRead() throws Exception {
    int lines = 4 * 1024 * 1024;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Child client = new Child(List.of("sh", "-c", "yes 123456789012345 | head -n " + lines + " | "
            + PseudoTerminal.quote(command(listener.getLocalPort()))));
        Socket server = listener.accept()) {
      server.getOutputStream().write("read nothing yet\n".getBytes(StandardCharsets.US_ASCII));
      client.expectNext("read nothing yet");
      long count = 0;
      byte[] bytes = new byte[64 * 1024];
      for (int read = 0; read >= 0; read = server.getInputStream().read(bytes)) {
        count += read;
      }
      assertEquals(16L * lines, count, "each byte");
      server.shutdownOutput();
      client.expectExit(0);
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (Child client = new Child(command(port))) {
      client.expect(".*:" + port + ": Connection refused");
      client.expectExit(1);
    }
  }
}
