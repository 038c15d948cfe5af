package popol.examples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(names = {"CLASS_PATH", "MODULE_PATH"})
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such signals")
class SignalsIT {

  @Parameter Launch launch;

  @Test
  void obeysEachSignalAndEndsInOrder() throws Exception {
    try (Child child = launch.start(Signals.class)) {
      String process = child.expect("working as process (\\d+)").group(1);
      kill("HUP", process);
      child.expectNext("reads its settings again");
      kill("WINCH", process);
      child.expectNext("asks for the window's size");
      kill("HUP", process);
      child.expectNext("reads its settings again");
      child.terminate();
      child.expect("ends in order, after \\d+ pieces of work");
      child.expectExit(0);
    }
  }

  private static void kill(String signal, String process) throws Exception {
    new ProcessBuilder("kill", "-" + signal, process).start().waitFor();
  }
}
