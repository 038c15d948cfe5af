package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README: its length, and its first example, as it stands there but for the port. */
@Timeout(180)
class ReadmeIT {

  private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern EXAMPLE = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final int LENGTH = 150; // lines that a stranger reads
  private static final int MUCH = 100_000; // bytes, more than the example's buffer

  @TempDir Path folder;

  private int port;
  private List<String> command;

  @BeforeEach
  void compile() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(PROJECT.resolve("README.md")));
    assertTrue(example.find(), "the README has an example");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path source = Files.writeString(folder.resolve("Echo.java"), example.group(1).replace("7000", "" + port));
    command = Launch.withoutExport("Echo");
    int path = command.indexOf("-cp") + 1;
    command.set(path, command.get(path) + ":" + folder);
    int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), "-cp",
        System.getProperty("popol.examples.path") + "/popol.jar", source.toString());
    assertEquals(0, failed, "the example compiles");
  }

  @Test
  void isShort() throws Exception {
    assertTrue(Files.readAllLines(PROJECT.resolve("README.md")).size() <= LENGTH, "lines of the README");
  }

  @Test
  void theFirstExampleOutlivesPeersThatBreakOrDoNotRead() throws Exception {
    try (Child child = new Child(command)) {
      expectListening(child);
      echo();
      try (Socket broken = connect()) {
        broken.setSoLinger(true, 0);
        broken.getOutputStream().write(1);
      }
      try (Socket deaf = connect()) {
        Thread writer = Thread.ofVirtual().start(() -> {
          try {
            deaf.getOutputStream().write(new byte[100 * MUCH]);
          } catch (Exception closed) {
            // by the test
          }
        });
        echo();
        assertTrue(writer.isAlive(), "a peer that does not read is not read from");
      }
      echo();
      child.type("");
      child.expectExit(0);
    }
  }

  @Test
  void theFirstExampleServesOnWithoutAConsole() throws Exception {
    for (String end : List.of("exec \"$@\" <&-", "exec \"$@\" </dev/null")) {
      try (Child child = new Child(shell(end))) {
        expectListening(child);
        echo();
      }
    }
  }

  @Test
  void theFirstExampleServesOnAfterAllDescriptorsWereTaken() throws Exception {
    try (Child child = new Child(shell("ulimit -n 60; exec \"$@\""))) {
      expectListening(child);
      List<Socket> many = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        many.add(connect());
      }
      Duration before = cpu(child);
      Thread.sleep(2000); // what is measured is the time of a table that is full
      Duration used = cpu(child).minus(before);
      assertTrue(used.toMillis() < 1000, "a full table does not spin: " + used);
      for (Socket socket : many) {
        socket.close();
      }
      echo();
    }
  }

  private static Duration cpu(Child child) {
    return child.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private List<String> shell(String script) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    all.addAll(command);
    return all;
  }

  private void expectListening(Child child) throws Exception {
    child.expect("listening on port " + port + "; Enter ends");
  }

  private Socket connect() throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private void echo() throws Exception {
    try (Socket peer = connect(); InputStream in = peer.getInputStream()) {
      Thread.ofVirtual().start(new FutureTask<>(() -> {
        peer.getOutputStream().write(new byte[MUCH]);
        peer.shutdownOutput();
        return null;
      }));
      assertEquals(MUCH, in.readAllBytes().length, "bytes that came back");
    }
  }
}
