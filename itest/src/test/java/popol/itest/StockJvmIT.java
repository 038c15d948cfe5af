package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets in a JVM that was started without the flags for descriptors: the contract suite's tests of that. */
@Timeout(300)
class StockJvmIT {

  private static final String SUITE = "popol.contract.Suite";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void onClassPath() throws Exception {
    assertPassed(new ChildJvm().flags("--enable-native-access=ALL-UNNAMED").classPath(path()).limit(LIMIT)
        .run(SUITE, "--stock"));
  }

  @Test
  void onModulePath() throws Exception {
    assertPassed(new ChildJvm().flags("--enable-native-access=popol.engine,popol.contract").modulePath(path())
        .limit(LIMIT).run("-m", "popol.contract/" + SUITE, "--stock"));
  }

  @Test
  void withAddressesOfIPv4Alone() throws Exception {
    assertPassed(new ChildJvm().flags("--enable-native-access=ALL-UNNAMED", "-Djava.net.preferIPv4Stack=true")
        .classPath(path()).limit(LIMIT).run(SUITE, "--stock"));
  }

  private static List<Path> path() {
    return Stream.of(Jars.POPOL, List.of(Jars.CONTRACT), Jars.junit()).flatMap(List::stream).toList();
  }

  private static void assertPassed(ChildJvm.Result result) {
    System.out.println(result.output().strip());
    assertEquals(0, result.exitCode(), result.output());
    assertTrue(result.output().contains(" 0 failed"), "the suite came to its end: " + result.output());
  }
}
