package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The system property that chooses the mechanism on Linux. */
@Timeout(120)
class PropertyIT {

  @ParameterizedTest
  @ValueSource(strings = {"bogus", "", "-1", "1.5", "PPOLL", "epoll "})
  void aWrongValueIsRefusedEachTimeAndTheMessageSaysWhatIsRight(String value) throws Exception {
    for (String line : lines(value)) {
      assertTrue(line.startsWith("java.lang.IllegalStateException: "), "an exception of popol's own: " + line);
      assertTrue(line.contains("popol.linux.mechanism is " + value + ";"),
          "it names the property and its value: " + line);
      assertTrue(line.contains("ppoll") && line.contains("epoll") && line.contains("number"),
          "and what it can be: " + line);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ppoll", "epoll", "0", "10", "99999999999"})
  void aRightValueIsTaken(String value) throws Exception {
    for (String line : lines(value)) {
      assertTrue(line.startsWith("opened Sources["), line);
    }
  }

  private static List<String> lines(String value) throws Exception {
    ChildJvm.Result result = new ChildJvm()
        .flags("-Dpopol.linux.mechanism=" + value, "--enable-native-access=ALL-UNNAMED")
        .classPath(Stream.of(Jars.POPOL, List.of(Jars.tests())).flatMap(List::stream).toList())
        .run(OpenTwice.class.getName());
    List<String> lines = result.output().lines().toList();
    assertEquals(2, lines.size(), "it is opened twice, and says nothing else: " + result.output());
    return lines;
  }
}
