package popol.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
      hangUp(child, process);
      kill("WINCH", process);
      child.expectNext("asks for the window's size");
      hangUp(child, process);
      child.terminate();
      child.expect("ends in order, after \\d+ pieces of work");
      child.expectExit(0);
    }
  }

  /** Under nohup a child ignores the signal, and the JVM leaves that as it is. */
  private static void hangUp(Child child, String process) throws Exception {
    kill("HUP", process);
    if (!isIgnored(process)) {
      child.expectNext("reads its settings again");
    }
  }

  private static boolean isIgnored(String process) throws Exception {
    Path status = Path.of("/proc", process, "status"); // proc_pid_status(5)
    if (!Files.exists(status)) {
      return false; // not Linux
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines.anyMatch(
          // SIGHUP is the lowest bit of 64
          line -> line.startsWith("SigIgn:") && Integer.parseInt(line.substring(line.length() - 1), 16) % 2 == 1);
    }
  }

  private static void kill(String signal, String process) throws Exception {
    new ProcessBuilder("kill", "-" + signal, process).start().waitFor();
  }
}
