package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimersIT {

  @Test
  void remindsOnceAgainAndAgainAndNoMore() throws Exception {
    try (Child timers = new Child(Launch.withoutExport(Timers.class))) {
      timers.type("in 1 never");
      timers.type("every 1 stretch");
      timers.type("in 2 tea");
      timers.type("stop never");
      timers.expectNext("stretch");
      timers.expect("tea");
      timers.expect("stretch");
      timers.type("in zero seconds");
      timers.expect("there is: .*");
      timers.type("in 9999 tea");
      timers.type("in 1 tea"); // anew
      timers.type("stop stretch");
      timers.endInput();
      assertEquals(List.of("tea"), timers.expectExit(0).stream().filter(line -> !line.equals("stretch")).toList(),
          "the end of the last timer is that of the program");
    }
  }
}
