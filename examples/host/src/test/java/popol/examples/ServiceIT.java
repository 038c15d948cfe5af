package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The servers as systems start them and in need: without standard input, without a reader, without descriptors. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the scripts are for Linux's shell")
class ServiceIT {

  private static final int MUCH = 100_000_000; // bytes
  private static final int CHUNK = 50_000;

  private Server server;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private void exchange() throws Exception {
    try (Socket peer = server.join()) {
      server.exchange(peer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ECHO, <&-", "ECHO, </dev/null", "ECHO, 0>/dev/null", "ECHO, </",
    "THREADS, <&-", "THREADS, </dev/null", "THREADS, 0>/dev/null",
    "WORKERS, <&-", "WORKERS, </dev/null", "WORKERS, 0>/dev/null",
    "TLS, <&-", "TLS, </dev/null", "TLS, 0>/dev/null",
    "NODE, <&-", "NODE, </dev/null", "NODE, 0>/dev/null"
  })
  void servesOnWithoutCommandsAndSaysSoOnce(Server.Kind kind, String redirection) throws Exception {
    server = kind.start("exec \"$@\" " + redirection);
    server.expect("no more commands: standard input .*");
    exchange();
    Thread.sleep(200);
    assertFalse(server.terminate().stream().anyMatch(line -> line.contains("standard input")), "it says so once");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
  void servesOnInTheBackground(Server.Kind kind) throws Exception {
    try (PseudoTerminal terminal = new PseudoTerminal("set -m; ("
        + PseudoTerminal.quote(kind.command())
        + ") & read line; echo shell got $line; sleep 3; read line; echo and $line; read line; kill -9 %1")) {
      int port = Integer.parseInt(terminal.expect("listening on port (\\d+)").group(1));
      terminal.type("one\nquit\n"); // for the shell, which takes the second one later
      String shell = "shell got one";
      String server = "no more commands: standard input is the terminal of a job in the foreground";
      terminal.expect(shell + "[\\s\\S]*" + server + "|" + server + "[\\s\\S]*" + shell);
      terminal.expect("and quit");
      assertServes(kind, port);
      terminal.type("\n");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
  void servesOnUnderNohup(Server.Kind kind) throws Exception {
    try (PseudoTerminal terminal =
        new PseudoTerminal("nohup " + PseudoTerminal.quote(kind.command()) + " 2>&1 | cat")) {
      int port = Integer.parseInt(terminal.expect("listening on port (\\d+)").group(1));
      terminal.expect("no more commands: standard input cannot be read");
      assertServes(kind, port);
    }
  }

  private static void assertServes(Server.Kind kind, int port) throws IOException {
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
      peer.setSoTimeout(60_000);
      if (kind != Server.Kind.NODE) { // which speaks first
        peer.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
      }
      assertTrue(peer.getInputStream().read() >= 0, "it serves: an echo, a key, an alert, a hello");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
  void endsWithItsConnectionsAtSigterm(Server.Kind kind) throws Exception {
    server = kind.start(Server.PLAINLY);
    try (Socket peer = server.join()) {
      server.exchange(peer);
      server.terminate();
      assertThrows(IOException.class, () -> {
        while (true) {
          server.exchange(peer); // what it sent before can be read
        }
      }, "the connection has ended");
    }
    assertThrows(ConnectException.class, server::connect, "nobody listens any more");
  }

  /** As in a container, where it is process number 1. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
  void servesAsTheFirstProcess(Server.Kind kind) throws Exception {
    String unshare = "unshare --user --map-root-user --pid --fork --kill-child";
    assumeTrue(new ProcessBuilder(List.of("sh", "-c", unshare + " true")).start().waitFor() == 0,
        "unshare is not there, or not allowed");
    server = kind.start("exec " + unshare + " \"$@\" </dev/null");
    server.expect("no more commands: standard input has ended");
    exchange();
    server.terminate();
  }

  @Test
  void itsUnitIsWhatSystemdTakesAndStartsTheServer(@TempDir Path temporary) throws Exception {
    String unit = Files.readString(Path.of("../service/popol-echo.service"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = List.of(valueOf("ExecStart", unit).replace("/usr/bin/java", java.toString())
        .replace("/opt/popol-echo", System.getProperty("popol.examples.path")).replace(" 7000", " 0").split(" "));
    try (Child child = new Child(Stream.concat(Stream.of("sh", "-c", "exec \"$@\" </dev/null", "sh"), command.stream())
        .toList())) {
      try (Peer peer = new Peer(Integer.parseInt(child.expect("listening on port (\\d+)").group(1)), 0)) {
        peer.exchange();
        child.terminate();
        child.expectExit(Integer.parseInt(valueOf("SuccessExitStatus", unit)));
        peer.expectEnd();
      }
    }
    Path file = Files.writeString(temporary.resolve("popol-echo.service"),
        unit.replace("/usr/bin/java", java.toString()));
    assumeTrue(new ProcessBuilder("sh", "-c", "command -v systemd-analyze").start().waitFor() == 0, "no systemd here");
    try (Child verify = new Child(List.of("systemd-analyze", "verify", file.toString()))) {
      assertEquals(List.of(), verify.expectExit(0), "what systemd says of the unit");
    }
  }

  private static String valueOf(String key, String unit) {
    return unit.lines().filter(line -> line.startsWith(key + "=")).findFirst().orElseThrow()
        .substring(key.length() + 1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WORKERS") // who says nothing of its peers
  void servesThoughNobodyReadsItsOutput(Server.Kind kind) throws Exception {
    server = kind.start(kind == Server.Kind.CHAT ? Server.PLAINLY : "\"$@\" | (head -n 1; exec sleep 100)");
    server.pause(true);
    long start = System.nanoTime();
    for (int i = 0; i < 3000; i++) {
      try (Socket socket = server.connect()) { // some lines of output
        socket.getOutputStream().write("hello\n".getBytes());
      }
    }
    exchange();
    System.out.printf(Locale.ROOT, "%s, nobody reads its output: 3000 peers and one more served after %.1f s%n", kind,
        (System.nanoTime() - start) / 1e9);
    server.pause(false);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
  void servesThoseItHasDescriptorsForAndOthersLater(Server.Kind kind) throws Exception {
    server = kind.start("ulimit -n 50; exec \"$@\"");
    ConcurrentLinkedQueue<Socket> served = new ConcurrentLinkedQueue<>();
    List<Socket> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 80; i++) {
        threads.execute(() -> {
          boolean done = false;
          while (!done && server.process().isAlive()) {
            try {
              Socket peer = server.join();
              synchronized (all) {
                all.add(peer);
              }
              server.exchange(peer);
              done = served.add(peer);
            } catch (Exception closed) {
              // at the end; or its handshake took too long on a busy machine, and it comes again
            }
          }
        });
      }
      server.expect("cannot accept now: .*");
      awaitMoreThan(10, served);
      double cpu = server.cpuAtRest(Duration.ofSeconds(2), 0.2);
      int first = served.size();
      for (int i = 0; i < 10; i++) {
        served.remove().close();
      }
      awaitMoreThan(first - 10, served);
      int more = served.size() + 10 - first;
      System.out.printf(Locale.ROOT,
          "%s, 80 clients and 50 descriptors: %d served at first, %d more when 10 had left; CPU"
              + " %.2f s of 2 s at the limit%n",
          kind, first, more, cpu);
      assertTrue(first < 50, "as many are served as it has descriptors for: " + first);
      assertTrue(cpu <= 0.2, "no spin at the limit: " + cpu);
      server.exchange(served.peek());
      server.close(); // ends those that wait
    }
    for (Socket socket : all) {
      socket.close();
    }
  }

  /** Who sits at the keyboard does not notice. */
  @Test
  void chatsOnWithoutADescriptorLeft() throws Exception {
    server = Server.Kind.CHAT.start("ulimit -n 50; exec \"$@\"");
    List<Socket> peers = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      peers.add(server.connect());
    }
    server.expect("cannot accept now");
    RoundTrips keys = RoundTrips.during(Duration.ofSeconds(1), server.pace(), server.goodPeer());
    double cpu = server.cpuAtRest(Duration.ofSeconds(2), 0.2);
    System.out.printf(Locale.ROOT, "CHAT, 80 peers and 50 descriptors: keys %s; CPU %.2f s of 2 s%n", keys, cpu);
    assertTrue(cpu <= 0.2, "no spin at the limit: " + cpu);
    for (Socket peer : peers) {
      peer.close();
    }
    exchange(); // with one who comes later
    server.quit();
  }

  private static void awaitMoreThan(int count, ConcurrentLinkedQueue<Socket> served) throws InterruptedException {
    while (served.size() <= count) {
      Thread.sleep(10);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS")
  void restsAfterUrgentBytes(Server.Kind kind) throws Exception {
    server = kind.start(Server.PLAINLY);
    try (Socket peer = server.join()) {
      for (int i = 0; i < 100; i++) {
        peer.sendUrgentData(i);
      }
      double cpu = server.cpuAtRest(Duration.ofSeconds(2), 0.1);
      System.out.printf(Locale.ROOT, "%s, urgent bytes and then silence: CPU %.2f s of 2 s%n", kind, cpu);
      assertTrue(cpu <= 0.1, "it has nothing to do: " + cpu);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ECHO", "THREADS", "TLS"})
  void losesNoByteInAStorm(Server.Kind kind) throws Exception {
    server = kind.start(Server.PLAINLY);
    long start = System.nanoTime();
    FutureTask<byte[]> received;
    byte[] sent;
    try (Socket peer = server.join()) {
      received = new FutureTask<>(() -> {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        for (int count = 0; count < MUCH; count += CHUNK) {
          peer.getInputStream().readNBytes(chunk, 0, CHUNK);
          hash.update(chunk);
        }
        return hash.digest();
      });
      Thread.ofPlatform().daemon().start(received);
      FutureTask<Void> storm = new FutureTask<>(() -> {
        while (!received.isDone()) {
          Attacks.GARBAGE.run(server);
        }
        return null;
      });
      Thread.ofPlatform().daemon().start(storm);
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK];
      Random random = new Random(1);
      for (int count = 0; count < MUCH; count += CHUNK) {
        random.nextBytes(chunk);
        hash.update(chunk);
        peer.getOutputStream().write(chunk);
      }
      sent = hash.digest();
      assertArrayEquals(sent, received.get(60, TimeUnit.SECONDS), "what came back");
      storm.get(60, TimeUnit.SECONDS);
    }
    System.out.printf(Locale.ROOT, "%s, 100 MB there and back in a storm: %.1f s%n", kind,
        (System.nanoTime() - start) / 1e9);
  }

  @ParameterizedTest
  @EnumSource(names = {"ECHO", "NODE"})
  void takesALineWithoutEnd(Server.Kind kind) throws Exception {
    server = kind.start(Server.PLAINLY);
    long start = System.nanoTime();
    server.type("x".repeat(9_000_000));
    server.expect("unknown command x+ \\[and \\d+ bytes more], .*");
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.println(kind + ", a line of 9 MB typed: " + took.toMillis() + " ms");
    assertTrue(took.toSeconds() < 5, "it is not quadratic: " + took);
    exchange();
    server.quit();
  }

  @ParameterizedTest
  @EnumSource(names = {"ECHO", "NODE"})
  void servesWhileItIsTypedTooMuch(Server.Kind kind) throws Exception {
    server = kind.start("yes | \"$@\"");
    RoundTrips trips = RoundTrips.during(Duration.ofSeconds(2), server.pace(), server.goodPeer());
    System.out.println(kind + ", yes on standard input: " + trips);
    assertTrue(trips.percentile(50) < 100, "others are served: " + trips);
    assertEquals(true, server.process().isAlive(), "it lives");
  }
}
