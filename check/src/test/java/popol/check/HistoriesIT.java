package popol.check;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All rules that a model can hold: 100,000 operations in random histories; {@code check/histories} plays more. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class HistoriesIT {

  private static final String OPERATIONS = "25000"; // by each of four mechanisms

  @ParameterizedTest
  @EnumSource
  void registryDoesWhatTheModelSays(Launch.Mechanism mechanism) throws Exception {
    Child.run(mechanism, Histories.class, OPERATIONS);
  }
}
