package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Several plugins on one loop, in the ready hosts. */
@Timeout(120)
@ParameterizedClass
@EnumSource(names = {"FELIX", "EQUINOX"})
class SharedLoopIT {

  @Parameter Launch launch;

  @TempDir Path temporary;

  private Path plugins;

  @Test
  void whoThrowsOrBlocksDoesNotTakeTheOthersWithIt() throws Exception {
    plugins = Files.createDirectory(temporary.resolve("plugins"));
    try (Child host = launch.startHost(plugins)) {
      host.expect("start org\\.apache\\.felix\\.fileinstall .*");
      Files.copy(jar("loop"), plugins.resolve("loop.jar"));
      host.expect("start popol\\.examples\\.loop .*");
      try (Peer good = new Peer(deploy(host, "good", "1.0.0"), 0); Chat chat = Chat.start(good)) {
        int throwing = deploy(host, "throwing", "1.0.0");
        new Peer(throwing, 1).exchange();
        say(throwing, "throw");
        host.expect("dropped plugin\\.throwing: .*as you like");
        chat.awaitMore();

        say(deploy(host, "blocking", "1.0.0"), "block");
        host.expect("dropped plugin\\.blocking: blocks in .*Thread\\.sleep.*");
        chat.awaitMore();

        new Peer(deploy(host, "throwing", "1.1.0"), 2).exchange(); // begins again
        int blocking = deploy(host, "blocking", "1.1.0");
        try (Peer last = new Peer(blocking, 3)) {
          last.exchange();
          chat.awaitMore();

          Files.delete(plugins.resolve("blocking.jar"));
          host.expect("stop plugin\\.blocking 1\\.1\\.0"); // it begins to stop
          last.expectEnd();
        }
        awaitRefusal(blocking);
        chat.awaitMore();
        chat.end();
      }
      host.terminate();
      host.expect("stopped");
    }
  }

  /** Waits until nothing listens any more: the plugin closes all it has, in no order that its peers could see. */
  private static void awaitRefusal(int port) throws IOException {
    try {
      while (true) {
        new Peer(port, 4).close();
      }
    } catch (ConnectException refused) {
      // as it must be
    }
  }

  private static void say(int port, String text) throws IOException {
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
      peer.getOutputStream().write(text.getBytes());
    }
  }

  /** Puts the plugin into the folder under another name, and gives its port. */
  private int deploy(Child host, String name, String version) throws Exception {
    Deployment.deploy(jar("loop-plugin"), plugins, name, version);
    return Integer.parseInt(host.expect("plugin\\." + name + " listens on port (\\d+)").group(1));
  }

  private static Path jar(String module) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", module, "target"))) {
      List<Path> jars =
          files.filter(file -> file.getFileName().toString().matches("popol\\..*SNAPSHOT\\.jar")).toList();
      assertEquals(1, jars.size(), () -> "jars of " + module + ": " + jars);
      return jars.getFirst();
    }
  }
}
