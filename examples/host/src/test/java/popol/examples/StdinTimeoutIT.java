package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"FELIX", "EQUINOX"})
class StdinTimeoutIT {

  @Parameter Launch launch;

  @Test
  void echoesWhatIsTypedAndSaysWhenNothingIs() throws Exception {
    try (Child child = launch.start(StdinTimeout.class, "1")) {
      child.type("first");
      child.expect("first");
      child.expectNext("nothing for 1 seconds");
      child.expectNext("nothing for 1 seconds");
      child.type("second");
      child.expect("second");
      child.endInput();
      child.expectExit(0);
    }
  }

  @Test
  void endsAtTheEndOfInputWithNothingTyped() throws Exception {
    try (Child child = launch.start(StdinTimeout.class)) {
      child.endInput();
      assertEquals(List.of(), child.expectExit(0), "what is printed of an empty input");
    }
  }
}
