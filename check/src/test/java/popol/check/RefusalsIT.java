package popol.check;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 9, 10 and 18, in histories: the system refuses what popol asks it for. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class RefusalsIT {

  private static final String OPERATIONS = "500";

  @ParameterizedTest
  @EnumSource
  void nothingIsLostByARefusal(Refusals.Refusal refusal) throws Exception {
    String missing = Refusals.missing();
    if (!missing.isEmpty()) {
      System.out.println("SKIPPED: " + missing);
    }
    assumeTrue(missing.isEmpty(), missing);
    String told = Refusals.told(refusal, OPERATIONS);
    System.out.println(refusal + ": " + told);
    assertFalse(told.startsWith("FAILED"), told);
  }
}
