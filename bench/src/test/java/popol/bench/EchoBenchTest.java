package popol.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import popol.bench.net.Server;

/** Every server under the load generator, which holds every byte against what it sent. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the load generator waits by epoll")
class EchoBenchTest {

  static final List<String> SERVERS = EchoBench.ALL;

  @TempDir private static Path programs;

  @BeforeAll
  static void compile() throws Exception {
    Compiler.compile(programs, "load");
  }

  @ParameterizedTest
  @FieldSource("SERVERS")
  void echoes(String name) throws IOException {
    try (Server server = Server.start(name, 0); Program load = load()) {
      load(load, server, 1, 1, 0);
      load(load, server, 20, 7, 0);
    }
  }

  @ParameterizedTest
  @FieldSource("SERVERS")
  void gossipsToEightOrToAllIfThereAreFewer(String name) throws IOException {
    try (Server server = Server.start(name, 8); Program load = load()) {
      load(load, server, 1, 1, 1);
      load(load, server, 5, 5, 5);
      load(load, server, 20, 7, 8);
    }
  }

  @Test
  void everyServerHasItsRows() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Rows rows = new Rows(new PrintStream(out));
    Ratios ratios = new Ratios();
    try (EchoBench bench = new EchoBench(rows, ratios, programs, "echo", SERVERS, 2, 1)) {
      bench.warmUp(1);
      bench.measure(10);
      bench.measureMemory();
    }
    ratios.print(rows, false);
    List<String> lines = out.toString().lines().toList();
    for (String name : SERVERS) {
      for (String row : List.of(
          "echo\t10\t1\tNAME\t[0-9.]+\tmessages/s", "echo\t10\t10\tNAME\t[0-9.]+\tmessages/s",
          "echo cpu\t10\t1\tNAME\t[0-9.]+\ts/million", "echo p50\t10\t1\tNAME\t[0-9.]+\tus",
          "echo p99.9\t10\t1\tNAME\t[0-9.]+\tus", "echo heap\t1000\t1000\tNAME\t-?[0-9.]+\tB/connection",
          "echo native\t1000\t1000\tNAME\t-?[0-9.]+\tB/connection")) {
        assertEquals(1, lines.stream().filter(l -> l.matches(row.replace("NAME", name))).count(), row + " of " + name);
      }
    }
    for (String what : List.of("echo messages/s", "echo time", "echo cpu")) {
      assertEquals(1, lines.stream().filter(l -> l.startsWith("ratio popol/selector\t" + what + "\t")).count(), what);
    }
  }

  @Test
  void aWrongByteIsAnError() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); Program load = load()) {
      Thread wrong = Thread.ofVirtual().start(() -> {
        try (Socket socket = listener.accept()) {
          byte[] message = socket.getInputStream().readNBytes(Server.MESSAGE);
          message[Server.MESSAGE - 1]++;
          socket.getOutputStream().write(message);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
      load.ask("0 open " + listener.getLocalPort() + " 1 " + ProcessHandle.current().pid());
      IOException error = assertThrows(IOException.class, () -> load.ask("0 run 1 5 0"));
      assertTrue(error.getMessage().contains("connection 0 got a wrong message of 0"), error.getMessage());
      wrong.join();
    }
  }

  private static Program load() throws IOException {
    return new Program("The load generator", List.of(programs.resolve("load").toString()));
  }

  private static void load(Program load, Server server, int size, int active, int fanout) throws IOException {
    load.ask("3 open " + server.port() + " " + size + " " + ProcessHandle.current().pid());
    awaitConnections(server, size);
    String[] run = load.ask("3 run " + active + " 5 " + fanout).split(" ");
    long messages = Long.parseLong(run[0]);
    assertTrue(messages >= active, "there are as many messages as are active, at least: " + messages);
    assertEquals(0, messages % Math.max(1, fanout), "every message comes as often as it should");
    assertTrue(Long.parseLong(run[1]) >= 5_000_000, "it takes its time");
    String[] percentiles = load.ask("3 rest").split(" ");
    assertTrue(Long.parseLong(percentiles[0]) > 0);
    assertTrue(Long.parseLong(percentiles[1]) >= Long.parseLong(percentiles[0]));
    assertEquals("ok", load.ask("3 close"));
    awaitConnections(server, 0);
  }

  private static void awaitConnections(Server server, int count) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (server.connections() != count) {
      assertTrue(System.nanoTime() < end, server.connections() + " connections and not " + count);
      Thread.yield();
    }
  }
}
