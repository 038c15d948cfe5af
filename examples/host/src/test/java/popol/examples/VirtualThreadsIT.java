package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VirtualThreadsIT {

  private static final int MORE_THAN_FITS = 64 * 1024 * 1024; // into the memory of the server and the kernel's buffers

  @Test
  void servesManyAndEndsThoseThatAreSilent() throws Exception {
    try (Child server = new Child(Launch.withoutExport(VirtualThreads.class, "0", "2"))) {
      int port = Integer.parseInt(server.expect("listening on port (\\d+)").group(1));
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        peers.add(new Peer(port, i));
        peers.getLast().exchange();
      }
      peers.getFirst().send(MORE_THAN_FITS); // and does not read, which blocks its thread alone
      peers.get(1).reset();
      try (Peer busy = new Peer(port, 1000); Chat chat = Chat.start(busy)) {
        for (String count = ""; !count.equals("1");) {
          chat.awaitMore();
          server.type("");
          count = server.expect("peers: (\\d+)").group(1);
        }
        peers.get(2).expectEnd();
        chat.awaitMore();
        chat.end();
        server.type("quit");
        server.expectExit(0);
        busy.expectEnd();
      }
      for (Peer peer : peers) {
        peer.close();
      }
      assertEquals(200, peers.size());
    }
  }
}
