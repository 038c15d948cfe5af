package popol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InterestTest {

  @Test
  void isASet() {
    assertSame(Interest.READ_WRITE, Interest.READ.plus(Interest.WRITE));
    assertSame(Interest.READ, Interest.READ_WRITE.minus(Interest.WRITE).minus(Interest.PRIORITY));
    assertTrue(Interest.READ_WRITE.includes(Interest.READ));
    assertTrue(Interest.NONE.includes(Interest.NONE));
    assertFalse(Interest.READ.includes(Interest.READ_WRITE));
  }

  @Test
  void isReadable() {
    assertEquals("READ+WRITE+PRIORITY", Interest.READ_WRITE.plus(Interest.PRIORITY).toString());
    assertEquals("NONE", Interest.NONE.toString());
  }

  @Test
  void refusesNull() {
    assertThrows(NullPointerException.class, () -> Interest.READ.plus(null));
  }
}
