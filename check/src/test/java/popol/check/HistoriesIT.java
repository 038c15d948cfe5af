package popol.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All rules that a model can hold: 100,000 operations in random histories; {@code check/histories} plays more. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class HistoriesIT {

  private static final String OPERATIONS = "25000"; // by each of four mechanisms

  @ParameterizedTest
  @EnumSource
  void registryDoesWhatTheModelSays(Launch.Mechanism mechanism, @TempDir Path directory) throws Exception {
    Path output = directory.resolve("output");
    Process child = Launch.start(mechanism, Histories.class.getName(), List.of(OPERATIONS)).redirectErrorStream(true)
        .redirectOutput(output.toFile()).start();
    try {
      child.waitFor();
    } finally {
      child.destroyForcibly().waitFor();
    }
    String told = Files.readString(output);
    System.out.println(mechanism + ": " + told);
    assertEquals(0, child.exitValue(), told);
  }
}
