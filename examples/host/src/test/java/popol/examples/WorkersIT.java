package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkersIT {

  private static final int LIMIT = 60_000; // milliseconds

  private static void send(Socket peer, String text) throws Exception {
    peer.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static BufferedReader answers(Socket peer) throws Exception {
    peer.setSoTimeout(LIMIT);
    return new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static String keyOf(String line) throws Exception {
    PBEKeySpec spec = new PBEKeySpec(line.toCharArray(), new byte[] {1, 2, 3, 4}, 300_000, 256);
    return HexFormat.of()
        .formatHex(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded());
  }

  @Test
  void answersInOrderAndLetsNobodyTakeAllWorkers() throws Exception {
    try (Child server = new Child(Launch.withoutExport(Workers.class))) {
      int port = Integer.parseInt(server.expect("listening on port (\\d+)").group(1));
      try (Socket greedy = new Socket(InetAddress.getLoopbackAddress(), port);
          Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        send(greedy, "again\n".repeat(1000));
        BufferedReader answers = answers(peer);
        try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), port)) {
          send(gone, "nobody waits for this\n".repeat(10));
          send(peer, "one\ntwo\n");
          assertEquals(keyOf("one"), answers.readLine(), "the first answer");
          gone.setSoLinger(true, 0); // a reset
        }
        assertEquals(keyOf("two"), answers.readLine(), "the second answer");
        assertEquals(keyOf("again"), answers(greedy).readLine(), "who sends much is served as well");
        int served = 1 + greedy.getInputStream().available() / 65;
        assertTrue(served < 500, "who sends much has one line in work: " + served);
        server.type("quit");
        server.expectExit(0);
      }
    }
  }
}
