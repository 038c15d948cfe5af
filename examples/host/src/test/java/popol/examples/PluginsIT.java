package popol.examples;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The folder of a ready host: what is dropped into it runs, what is replaced is updated, what is deleted goes. */
@Timeout(120)
@ParameterizedClass
@EnumSource(names = {"FELIX", "EQUINOX"})
class PluginsIT {

  private static final String ECHO = "popol.examples.jar";

  @Parameter Launch launch;

  @TempDir Path temporary;

  private Path plugins;

  @Test
  void aPluginIsDroppedInUpdatedAndRemovedWhilePeersTalk() throws Exception {
    plugins = Files.createDirectory(temporary.resolve("plugins"));
    try (Child host = launch.startHost(plugins)) {
      host.expect("start org\\.apache\\.felix\\.fileinstall .*");
      deploy("other", "1.0.0");
      try (Peer other = new Peer(port(host, "other", "1.0.0"), 0);
          Chat chat = Chat.start(other)) {
        deploy("echo", "1.0.0");
        Peer first = new Peer(port(host, "echo", "1.0.0"), 1);
        first.exchange();
        chat.awaitMore();

        deploy("echo", "1.1.0");
        host.expect("stop plugin\\.echo 1\\.0\\.0");
        int port = port(host, "echo", "1.1.0");
        first.expectEnd();
        first.close();
        Peer second = new Peer(port, 2);
        second.exchange();
        chat.awaitMore();

        Files.delete(plugins.resolve("echo.jar"));
        host.expect("stop plugin\\.echo 1\\.1\\.0");
        second.expectEnd();
        second.close();
        assertThrows(ConnectException.class, () -> new Peer(port, 3).close(), "nothing listens any more");
        chat.awaitMore();
        chat.end();

        host.terminate();
        host.expect("stopped");
        other.expectEnd();
      }
    }
  }

  @Test
  void aPluginThatCannotStartSaysWhy() throws Exception {
    plugins = Files.createDirectory(temporary.resolve("plugins"));
    try (Child host = launch.startHost(plugins)) {
      host.expect("start org\\.apache\\.felix\\.fileinstall .*");
      Deployment.deploy(Launch.PLUGINS.resolve(ECHO), plugins, "echo",
          manifest -> manifest.putValue("Import-Package", "nobody.has.this"));
      host.expect(".*nobody\\.has\\.this.*");
      deploy("echo", "1.0.1");
      new Peer(port(host, "echo", "1.0.1"), 0).close();
    }
  }

  private static int port(Child host, String name, String version) throws InterruptedException {
    host.expect("start plugin\\." + name + " " + version.replace(".", "\\."));
    return Integer.parseInt(host.expect("listening on port (\\d+)").group(1));
  }

  private void deploy(String name, String version) throws IOException {
    Deployment.deploy(Launch.PLUGINS.resolve(ECHO), plugins, name, version);
  }
}
