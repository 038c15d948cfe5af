package popol.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 9, 10 and 18: whatever fails in the middle of a call, the call has happened or it has not. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class InjectionIT {

  @ParameterizedTest
  @EnumSource
  void nothingIsLostByAFailure(Launch.Mechanism mechanism, @TempDir Path directory) throws Exception {
    Path output = directory.resolve("output");
    Process child =
        Launch.start(mechanism, List.of()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      child.waitFor();
    } finally {
      child.destroyForcibly().waitFor();
    }
    // One line for each scenario in which all is well, which nobody wants to read here.
    String told =
        Files.readAllLines(output).stream().filter(line -> !line.endsWith(" ok")).collect(Collectors.joining("\n"));
    System.out.println(told);
    assertEquals(0, child.exitValue(), mechanism + ": nothing lost, doubled, deaf or leaked");
  }
}
