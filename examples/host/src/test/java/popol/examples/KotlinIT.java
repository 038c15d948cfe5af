package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The echo server in Kotlin, which has the API's types without annotations for its compiler. */
@Timeout(60)
class KotlinIT {

  private static final String PROGRAM = "popol.examples.kotlin.EchoKt";
  private static final int MUCH = 1_000_000; // bytes, more than the server's buffer and the kernel's

  @Test
  void echoesAndEndsAtEnter() throws Exception {
    try (Child child = new Child(Launch.withoutExport(PROGRAM, "0"))) {
      int port = Integer.parseInt(child.expect("listening on port (\\d+); Enter ends").group(1));
      echo(port); // and leaves
      echo(port);
      child.type("");
      child.expectExit(0);
    }
  }

  @Test
  void servesOnWithoutAConsole() throws Exception {
    for (String end : List.of("exec \"$@\" <&-", "exec \"$@\" </dev/null")) {
      List<String> command = Launch.withoutExport(PROGRAM, "0");
      command.addAll(0, List.of("sh", "-c", end, "sh"));
      try (Child child = new Child(command)) {
        echo(Integer.parseInt(child.expect("listening on port (\\d+); Enter ends").group(1)));
      }
    }
  }

  private static void echo(int port) throws Exception {
    byte[] sent = new byte[MUCH];
    new Random(1).nextBytes(sent);
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
      peer.setSoTimeout(60_000);
      Thread.ofVirtual().start(new FutureTask<>(() -> {
        peer.getOutputStream().write(sent);
        return null;
      }));
      assertArrayEquals(sent, peer.getInputStream().readNBytes(MUCH), "what came back");
    }
  }
}
