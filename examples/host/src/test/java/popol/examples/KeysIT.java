package popol.examples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "script has other options elsewhere")
class KeysIT {

  @Test
  void tellsTheEscapeKeyFromAnArrow() throws Exception {
    try (PseudoTerminal terminal = new PseudoTerminal("echo before=$(stty -g); "
        + PseudoTerminal.quote(Launch.withoutExport(Keys.class)) + "; echo after=$(stty -g)")) {
      String before = terminal.expect("before=(\\S+)\r").group(1);
      terminal.expect("press keys in \\d+ columns, q ends\r");
      terminal.type("x");
      terminal.expect("x\r");
      terminal.type("\033[A");
      terminal.expect("up\r");
      terminal.type("\033");
      terminal.expect("Escape\r");
      terminal.type("\u20ac\n\001\033[15~\177");
      terminal.expect("\u20ac\r\nEnter\r\nCtrl-A\r\nEscape and \\[15~\r\nBackspace\r");
      terminal.type("q");
      terminal.expect("after=" + before + "\r");
      terminal.expectExit(0);
    }
  }
}
