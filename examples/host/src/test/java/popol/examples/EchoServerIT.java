package popol.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One conversation with the echo server as a program and as a plugin. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class EchoServerIT {

  private static final int MUCH = 512 * 1024; // bytes
  private static final int MORE_THAN_FITS = 64 * 1024 * 1024; // into the memory of the server and the kernel's buffers

  @Parameter Launch launch;

  private final List<Peer> peers = new ArrayList<>();
  private Child server;
  private int port;

  @BeforeEach
  void start() throws Exception {
    server = launch.startEchoServer();
    port = Integer.parseInt(server.expect("listening on port (\\d+)").group(1));
    server.expectNext("peers: 0");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    for (Peer peer : peers) {
      peer.close();
    }
  }

  private Peer join() throws Exception {
    Peer peer = new Peer(port, peers.size());
    peers.add(peer);
    server.expectNext("joined: " + peer.address());
    return peer;
  }

  private void expectPeers(int count) throws Exception {
    server.type("peers");
    server.expectNext("peers: " + count);
  }

  private void quit() throws Exception {
    server.type("quit");
    server.expectExit(0);
  }

  @Test
  void echoesToPeersWhileAnotherDoesNotRead() throws Exception {
    Peer slow = join();
    Peer.Step slowSends = slow.send(MORE_THAN_FITS);

    for (int i = 0; i < 4; i++) {
      join();
    }
    expectPeers(5);
    List<Peer.Step> steps = new ArrayList<>();
    for (Peer peer : peers.subList(1, peers.size())) {
      steps.add(peer.send(MUCH));
      steps.add(peer.receive(MUCH));
    }
    for (Peer.Step step : steps) {
      step.await();
    }
    for (int i = 0; i < 4; i++) {
      server.expect("left: .*");
    }
    expectPeers(1);

    assertFalse(slowSends.isDone(), "the server does not read from a peer that does not read");
    slow.receive(MORE_THAN_FITS).await();
    slowSends.await();
    server.expectNext("left: " + slow.address());
    expectPeers(0);
    quit();
  }

  @Test
  void outlivesAPeerThatBreaksItsConnection() throws Exception {
    Peer broken = join();
    Peer whole = join();
    broken.exchange();
    broken.reset();
    server.expectNext("left: " + broken.address());
    expectPeers(1);
    whole.exchange();
    quit();
    whole.expectEnd();
  }

  @Test
  void outlivesAPeerThatBreaksItsConnectionWithOutputQueued() throws Exception {
    Peer broken = join();
    broken.send(MORE_THAN_FITS);
    Peer whole = join();
    whole.exchange();
    broken.reset();
    server.expectNext("left: " + broken.address());
    whole.exchange();
    quit();
  }

  @Test
  void servesOnAtTheEndOfItsInput() throws Exception {
    Peer peer = join();
    server.endInput();
    server.expectNext("no more commands: standard input has ended");
    peer.exchange();
    join().exchange();
  }

  @Test
  void takesCommandsInAnyPieces() throws Exception {
    server.type("peers\n\n  peers  \r");
    server.expectNext("peers: 0");
    server.expectNext("peers: 0");
    server.type("who");
    server.expectNext("unknown command who, there are: peers, quit");
    quit();
  }
}
