package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node as a plugin, with and without the flag of the JVM: it is updated while others talk to it. */
@Timeout(240)
class NodePluginIT {

  private static final String STOCK = "-Dpopol.stock";
  private static final String WITH_EXPORT = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

  @TempDir Path first;

  @TempDir Path second;

  private static void talk(Program one, Program other, String text) throws Exception {
    one.type("say " + text + " there");
    other.expect("heard: " + text + " there");
    other.type("say " + text + " and back");
    one.expect("heard: " + text + " and back");
  }

  private static void quit(Program program) throws Exception {
    program.type("quit");
    program.expectEnd();
  }

  /** A port that the system gives to nobody who asks for any. */
  private static int fixedPort() throws IOException {
    Random random = new Random();
    while (true) {
      int port = 20_000 + random.nextInt(10_000);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException taken) {
        // another one, then
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {STOCK, WITH_EXPORT})
  void talksToAProgramAndIsUpdated(String flag) throws Exception {
    try (Program program = MainIT.Launch.STOCK.start();
        FelixProgram felix = FelixProgram.start(first, flag, "-Dpopol.node.peer=" + program.expectPort())) {
      felix.expect("joined: .*");
      program.expect("joined: .*");
      talk(felix, program, "first");
      for (int i = 0; i < 3; i++) {
        felix.updateBundle();
        program.expect("left: .*");
        felix.expect("joined: .*");
        program.expect("joined: .*");
        talk(felix, program, "after update " + i);
      }
      quit(felix);
      program.expect("left: .*");
      quit(program);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {STOCK, WITH_EXPORT})
  void isFoundAgainAfterItsUpdate(String flag) throws Exception {
    String address = "127.0.0.1:" + fixedPort();
    try (FelixProgram known = FelixProgram.start(first, flag, "-Dpopol.node.listen=" + address);
        FelixProgram other = FelixProgram.start(second, flag, "-Dpopol.node.peer=" + address)) {
      known.expect("joined: .*");
      other.expect("joined: .*");
      talk(known, other, "first");
      known.updateBundle(); // after which it knows nobody
      other.expect("left: .*");
      known.expect("joined: .*");
      other.expect("joined: .*");
      talk(known, other, "after the update");
      quit(other);
      quit(known);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {STOCK, WITH_EXPORT})
  void leavesNothingBehind(String flag) throws Exception {
    try (Program program = MainIT.Launch.STOCK.start();
        FelixProgram felix = FelixProgram.start(first, flag, "-Dpopol.node.peer=" + program.expectPort())) {
      felix.expect("joined: .*");
      felix.stopBundle();
      String before = felix.leftovers(); // what the JDK opens once and keeps
      for (int i = 0; i < 5; i++) {
        felix.startBundle();
        felix.expect("joined: .*");
        felix.stopBundle();
        assertEquals(before, felix.leftovers(), "descriptors and threads after the bundle was stopped");
      }
      felix.startBundle();
      felix.expect("joined: .*");
      quit(felix);
      quit(program);
    }
  }
}
