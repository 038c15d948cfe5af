package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "it reads the kernel's tables")
  void listensOnNothingButWhatThePluginOpens() throws Exception {
    try (Child host = start()) {
      String port = host.expect("listening on port (\\d+)").group(1);
      assertEquals(List.of(port), listening(host.process().pid()), "the ports of all sockets that listen or are bound");
      host.type("quit");
      host.expectExit(0);
    }
  }

  /** The ports on which a process listens, or gets datagrams; a path where it listens in the Unix domain. */
  private static List<String> listening(long process) throws IOException {
    Set<String> sockets = new HashSet<>();
    Path directory = Path.of("/proc/" + process);
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith("socket:[")) {
          sockets.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    }
    List<String> found = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      for (String line : Files.readAllLines(directory.resolve("net").resolve(table))) {
        String[] columns = line.strip().split(" +"); // number, address:port, peer, state, ..., inode at 9
        if (sockets.contains(columns[9]) && (table.startsWith("udp") || columns[3].equals("0A"))) {
          found.add("" + Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16));
        }
      }
    }
    for (String line : Files.readAllLines(directory.resolve("net/unix"))) {
      String[] columns = line.strip().split(" +"); // address, references, protocol, flags, type, state, inode, path
      if (sockets.contains(columns[6]) && columns[3].equals("00010000")) {
        found.add(line);
      }
    }
    return found;
  }

  /** Those whom the plugin has accepted are served, and others later. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the limit is set by its shell")
  void outlivesPeersThatTakeAllDescriptors() throws Exception {
    List<Peer> peers = new ArrayList<>();
    try (Child host = launch.startEchoServerIn("ulimit -n 200; exec \"$@\"")) {
      int port = Integer.parseInt(host.expect("listening on port (\\d+)").group(1));
      Peer first = new Peer(port, 0);
      first.exchange();
      for (int i = 0; i < 250; i++) {
        peers.add(new Peer(port, i));
      }
      host.expect("cannot accept now: .*");
      first.exchange();
      for (Peer peer : peers) {
        peer.close();
      }
      try (Peer late = new Peer(port, 1)) {
        late.exchange();
      }
      first.close();
      host.type("quit");
      host.expectExit(0);
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  void makesACacheAtTheFirstStartAndGoesWithoutASpoiledOne() throws Exception {
    Path home = temporary.resolve("ein H\u00f6st");
    copy(launch.home(), home);
    assertTrue(startByScript(home).contains("The first start makes a cache for the next ones ..."), "it says so");
    Path cache = onlyCache(home);
    assertTrue(Files.size(cache) > 0, "the cache was made");
    List<String> quiet = startByScript(home);
    assertTrue(quiet.getFirst().startsWith("plugins: "), "it says nothing more: " + quiet);

    Files.write(cache, new byte[] {1, 2, 3});
    assertEquals(quiet, startByScript(home), "a spoiled one changes nothing");
    Files.delete(cache);
    assertEquals(quiet, startByScript(home, "POPOL_CACHE=off"), "without a cache");
    assertFalse(Files.exists(cache), "none is made when it is switched off");
  }

  /** Until the plugin is told to quit. Returns what was printed, but for the port. */
  private List<String> startByScript(Path home, String... environment) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "JAVA_HOME=" + System.getProperty("java.home")));
    command.addAll(List.of(environment));
    command.addAll(List.of(home.resolve("start").toString(), Launch.PLUGINS.toString()));
    try (Child host = new Child(command)) {
      host.type("quit");
      return host.expectExit(0).stream().filter(line -> !line.startsWith("listening")).toList();
    }
  }

  private static Path onlyCache(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      List<Path> caches = files.filter(file -> file.toString().endsWith(".aot")).toList();
      assertEquals(1, caches.size(), "caches: " + caches);
      return caches.getFirst();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(file -> !file.toString().endsWith(".aot")).toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private void assertNoFilesLeft() {
    assertArrayEquals(new String[0], temporary.toFile().list(), "the framework's files are deleted");
  }
}
