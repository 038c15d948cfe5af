package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a ready host says of files, bundles, components and configurations that do not work, and its shell. */
@Timeout(120)
@ParameterizedClass
@EnumSource(names = {"FELIX", "EQUINOX"})
class ReportIT {

  private static final Path ECHO = Launch.PLUGINS.resolve("popol.examples.jar");
  private static final String COMPONENT = "popol.examples.EchoPlugin";

  @Parameter Launch launch;

  @TempDir Path temporary;

  private Path plugins;

  @BeforeEach
  void make() throws IOException {
    plugins = Files.createDirectory(temporary.resolve("plugins"));
  }

  private void move(Path made, String name) throws IOException {
    Files.move(made, plugins.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void write(String name, String text) throws IOException {
    move(Files.writeString(temporary.resolve("text"), text), name);
  }

  private void copy(String name) throws IOException {
    move(Files.copy(ECHO, temporary.resolve("copy")), name);
  }

  private static String quoted(String text) {
    return Pattern.quote(text);
  }

  private static void expect(Child host, String line) throws InterruptedException {
    host.expect(quoted(line) + ".*");
  }

  @Test
  void aFileThatIsIgnoredSaysWhy() throws Exception {
    write("note.txt", "not a bundle");
    write("half.jar", "PK");
    Path plain = temporary.resolve("plain");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    new JarOutputStream(Files.newOutputStream(plain), manifest).close();
    move(plain, "plain.jar");
    Files.createDirectory(plugins.resolve("folder"));
    copy("für echo.jar");
    try (Child host = launch.startHost(plugins)) {
      host.expect("listening on port \\d+");
      for (String problem : List.of(
          "file note.txt is ignored: it is neither a .jar nor a .cfg",
          "file half.jar is ignored: it is no whole jar",
          "file plain.jar is ignored: it is no bundle",
          "file folder is ignored: it is a folder without a manifest")) {
        awaitSeen(host, "problem: " + problem);
      }
      copy("again.jar");
      expect(host, "problem: file again.jar is ignored: popol.examples 0.1.0");
      Files.delete(plugins.resolve("note.txt"));
      expect(host, "solved: file note.txt");
      host.terminate();
      host.expectExit(143);
      assertTrue(host.seen().stream().noneMatch(line -> line.contains("für echo.jar is ignored")), "it runs: " + host);
      assertEquals(1, host.seen().stream().filter(line -> line.startsWith("problem: file half.jar")).count(),
          "said once");
    }
  }

  /** For a line that may come before or after another one. */
  private static void awaitSeen(Child host, String start) throws InterruptedException {
    if (host.seen().stream().noneMatch(line -> line.startsWith(start))) {
      expect(host, start);
    }
  }

  @Test
  void aBundleThatDoesNotResolveSaysWhatItNeeds() throws Exception {
    try (Child host = launch.startHost(plugins)) {
      host.expect("start org\\.apache\\.felix\\.fileinstall .*");
      Deployment.deploy(ECHO, plugins, "echo", manifest -> {
        manifest.putValue("Bundle-SymbolicName", "echo");
        manifest.putValue("Bundle-Version", "1.0.0");
        manifest.putValue("Import-Package", "nobody.has.this;version=\"[1.2,2)\", popol;version=\"[7,8)\"");
      });
      String line = host.expect("problem: bundle echo 1\\.0\\.0 does not resolve: it needs (.*)").group(1);
      assertTrue(
          line.contains(
              "the package nobody.has.this 1.2.0 or newer, below 2.0.0, which no bundle exports: put the one"),
          line);
      assertTrue(line.contains("the package popol 7.0.0 or newer, below 8.0.0, but popol has 1.0.0"), line);
      Deployment.deploy(ECHO, plugins, "echo", "1.1.0");
      host.expect("listening on port \\d+");
      awaitSeen(host, "solved: bundle echo 1.0.0");
    }
  }

  @Test
  void aComponentThatWaitsForAReferenceSaysForWhich() throws Exception {
    Path jar = Files.copy(ECHO, temporary.resolve("copy"));
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Path file = files.getPath("OSGI-INF/" + COMPONENT + ".xml");
      Files.writeString(file, Files.readString(file).replace("\"popol.Popol\"", "\"some.Clock\""));
    }
    move(jar, "echo.jar");
    try (Child host = launch.startHost(plugins)) {
      expect(host, "problem: component " + COMPONENT + " of popol.examples waits for some.Clock, which nobody offers");
      copy("echo.jar");
      host.expect("listening on port \\d+");
      awaitSeen(host, "solved: component " + COMPONENT + " of popol.examples");
    }
  }

  @Test
  void aPortIsConfiguredAndABadOneSaysWhatItCanBe() throws Exception {
    String problem = "problem: component " + COMPONENT + " of popol.examples failed: "
        + "java.lang.IllegalArgumentException: the property port of the configuration " + COMPONENT + " is ";
    write(COMPONENT + ".cfg", "port=70000\n");
    copy("echo.jar");
    try (Child host = launch.startHost(plugins)) {
      expect(host, problem + "70000; it can be 0, for any free port, to 65535");
      write(COMPONENT + ".cfg", "port=many\n");
      expect(host, problem + "many; it can be");
      write(COMPONENT + ".cfg", "port=0\n");
      int port = Integer.parseInt(host.expect("listening on port (\\d+)").group(1));
      awaitSeen(host, "solved: component " + COMPONENT);
      try (Peer peer = new Peer(port, 0)) {
        peer.exchange();
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
          free = socket.getLocalPort();
        }
        write(COMPONENT + ".cfg", "port=" + free + "\n");
        expect(host, "listening on port " + free);
        peer.expectEnd();
        try (Peer other = new Peer(free, 0)) {
          other.exchange();
        }
      }
    }
  }

  @Test
  void theShellHasStandardInputAndThePluginServesWithoutIt() throws Exception {
    copy("echo.jar");
    try (Child host = launch.startHostWithShell(plugins)) {
      int port = Integer.parseInt(host.expect("listening on port (\\d+)").group(1));
      host.expect("popol:list, popol:show NUMBER, popol:doctor; .*");
      try (Peer peer = new Peer(port, 0)) {
        peer.exchange();
        for (int i = 0; i < 20; i++) { // a second reader would take some of them
          host.type("echo line" + i);
          host.expect(".*line" + i);
        }
        host.type("popol:list");
        String number = host.expect(".*Sources\\[.*] registry (\\d+) of popol\\.examples .*: 2 entries, polled by"
            + " Thread\\[#\\d+,echo server,.*, which waits by ppoll for .* s").group(1);
        host.type("popol:show " + number);
        host.expect("Listener\\[] +ServerSocketChannel +\\d+ +READ .*");
        host.type("popol:doctor");
        host.expect("Everything works here\\.");
        host.type("lb");
        host.expect(".*popol engine.*");
        host.endInput();
        host.expect("stopped");
        peer.expectEnd();
      }
      host.expectExit(0);
    }
  }

  @Test
  void withoutItNothingOfTheShellIsLoadedAndAWrongOptionIsRefused() throws Exception {
    copy("echo.jar");
    try (Child host = launch.startHost(plugins)) {
      host.expect("listening on port \\d+");
      host.type("quit");
      assertTrue(host.expectExit(0).stream().noneMatch(line -> line.contains("gogo")), "no shell: " + host);
    }
    try (Child host = launch.startHost(Path.of("--shall"))) {
      host.expect("usage: start \\[--shell] \\[DIRECTORY], and not --shall");
      host.expectExit(2);
    }
  }
}
