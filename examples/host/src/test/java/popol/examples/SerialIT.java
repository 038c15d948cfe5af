package popol.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A pseudo-terminal as the serial line: what is typed into it comes from the device, and it shows what is sent. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "script and stty have other options elsewhere")
class SerialIT {

  @TempDir Path temporary;

  private Path device;

  /** Plugs a device in, under the same name each time. */
  private PseudoTerminal plug() throws Exception {
    PseudoTerminal line = new PseudoTerminal("stty raw -echo; echo device=$(tty); exec sleep 100");
    Path terminal = Path.of(line.expect("device=(/dev/\\S+)").group(1));
    Files.createSymbolicLink(device, terminal);
    return line;
  }

  @Test
  void talksAndComesBackAfterTheDeviceWasUnplugged() throws Exception {
    device = temporary.resolve("device");
    try (Child child = Launch.CLASS_PATH.start(Serial.class, device.toString())) {
      child.expect("waiting for " + device + ": .*");
      try (PseudoTerminal line = plug()) {
        child.expect("connected to " + device);
        line.type("from the device\n");
        child.expectNext("from the device");
        child.type("to the device");
        line.expect("to the device\n");
        Files.delete(device); // before the next terminal gets the same number
      }
      child.expect("lost " + device + ": .*");
      child.type("x".repeat(1000) + " typed while it is away");
      try (PseudoTerminal line = plug()) {
        child.expect("connected to " + device);
        line.expect("x{1000} typed while it is away");
        line.type("here again\n");
        child.expectNext("here again");
        child.endInput();
        child.expectExit(0);
      }
    }
  }
}
