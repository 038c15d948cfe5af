package popol.check;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 9, 10 and 18, in histories: whatever fails in the middle of a call, nothing is lost, told twice or left. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class FailingIT {

  private static final String[] HISTORIES = {"2", "7"}; // how many, and their seed

  @ParameterizedTest
  @EnumSource
  void nothingIsLostByAFailure(Launch.Mechanism mechanism) throws Exception {
    Child.run(mechanism, Failing.class, HISTORIES);
  }
}
