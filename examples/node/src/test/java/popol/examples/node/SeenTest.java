package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeenTest {

  private static final long START = Long.MAX_VALUE - 5; // a time may overflow
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void knowsEachForItsTime() {
    Seen seen = new Seen(Duration.ofSeconds(10), START);
    for (long id = 0; id < 100_000; id++) {
      assertTrue(seen.add(id, START), "a new id");
      assertFalse(seen.add(id, START), "the same again");
    }
    for (long id = 0; id < 100_000; id++) {
      assertFalse(seen.add(id, START + 10 * SECOND), "however many there are, each is known for its time");
    }
    for (long id = -1; id > -10; id--) {
      seen.add(id, START + 20 * SECOND);
    }
    assertEquals(9, seen.size(), "and forgotten after twice that time at most");
  }
}
