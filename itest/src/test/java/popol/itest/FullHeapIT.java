package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's program about a heap that is full for a moment, in a JVM that has little. */
@Timeout(600)
class FullHeapIT {

  @ParameterizedTest
  @ValueSource(strings = {"ppoll", "epoll", "2"})
  void nothingIsLostWhereTheHeapIsFullForAMoment(String mechanism) throws Exception {
    ChildJvm.Result result = new ChildJvm()
        .flags("-XX:+UseSerialGC", "-Xmx20m", "-Dpopol.linux.mechanism=" + mechanism)
        .flags("--enable-native-access=ALL-UNNAMED").flags(Road.CLASS_PATH.export().split(" "))
        .classPath(Stream.of(Jars.POPOL, List.of(Jars.CONTRACT)).flatMap(List::stream).toList())
        .limit(Duration.ofMinutes(5)).run("popol.contract.FullHeap");
    assertEquals(0, result.exitCode(), result.output());
    System.out.println(mechanism + ": " + result.output().lines().reduce("", (before, line) -> line));
  }
}
