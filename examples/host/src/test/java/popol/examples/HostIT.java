package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a ready host does beside running the plugin. */
@Timeout(120)
@ParameterizedClass
@EnumSource(names = {"FELIX", "EQUINOX"})
class HostIT {

  private static final int SIGTERM = 128 + 15; // the exit code of a JVM that this signal has ended

  @Parameter Launch launch;

  @TempDir Path temporary;

  private Child start() throws Exception {
    return launch.startEchoServer("-Djava.io.tmpdir=" + temporary);
  }

  @Test
  void startsTheImplementationForThisSystemAlone() throws Exception {
    try (Child host = start()) {
      host.type("quit");
      List<String> lines = host.expectExit(0);
      assertEquals(1, lines.stream().filter(line -> line.matches("start popol\\.(linux|macos|windows) .*")).count(),
          "implementations started\n" + host);
      assertEquals(2, lines.stream().filter(line -> line.startsWith("not for this system: popol.")).count(),
          "implementations left alone\n" + host);
      assertEquals("stopped", lines.getLast(), "the last line\n" + host);
      assertNoFilesLeft();
    }
  }

  @Test
  void stopsThePluginWhenItIsToldToEnd() throws Exception {
    try (Child host = start()) {
      int port = Integer.parseInt(host.expect("listening on port (\\d+)").group(1));
      try (Peer peer = new Peer(port, 0)) {
        peer.exchange();
        host.terminate();
        host.expect("stopped");
        peer.expectEnd();
      }
      host.expectExit(SIGTERM);
      assertNoFilesLeft();
    }
  }

  private void assertNoFilesLeft() {
    assertArrayEquals(new String[0], temporary.toFile().list(), "the framework's files are deleted");
  }
}
