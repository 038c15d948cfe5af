package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SeenTest {

  @Test
  void knowsTheLastOnes() {
    Seen seen = new Seen();
    for (long id = 0; id < 3 * Seen.CAPACITY; id++) {
      assertTrue(seen.add(id), "a new id");
      assertFalse(seen.add(id), "the same again");
    }
    assertEquals(Seen.CAPACITY, seen.size(), "the set is bounded");
    assertFalse(seen.add(2L * Seen.CAPACITY), "the oldest that fits is still known");
  }
}
