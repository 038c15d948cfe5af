package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static popol.spi.Readiness.ERROR;
import static popol.spi.Readiness.HANGUP;
import static popol.spi.Readiness.PRIORITY;
import static popol.spi.Readiness.READABLE;
import static popol.spi.Readiness.WRITABLE;

import org.junit.jupiter.api.Test;
import popol.Interest;

/** What the kernel says and what is reported of it, where no kernel at hand says all of it. */
class ReadinessTest {

  @Test
  void anInterestIsTheBitsItAsksFor() {
    assertEquals(READABLE | WRITABLE, Readiness.of(Interest.READ_WRITE));
    assertEquals(PRIORITY, Readiness.of(Interest.PRIORITY));
    assertEquals(0, Readiness.of(Interest.NONE));
  }

  @Test
  void whatIsNotAskedForIsNotReported() {
    assertEquals(READABLE, Readiness.reported(READABLE | WRITABLE | PRIORITY, READABLE));
    assertEquals(0, Readiness.reported(READABLE, 0), "what was disabled while the kernel waited");
  }

  @Test
  void theEndOfAStreamIsReadableWhereTheKernelSaysOnlyHangup() {
    assertEquals(READABLE | HANGUP, Readiness.reported(HANGUP, READABLE));
    assertEquals(HANGUP, Readiness.reported(HANGUP, WRITABLE), "a half-closed socket can be full");
  }

  @Test
  void anErrorIsFoundByReadingOrWriting() {
    assertEquals(READABLE | ERROR, Readiness.reported(ERROR, READABLE));
    assertEquals(WRITABLE | ERROR, Readiness.reported(ERROR, WRITABLE));
    assertEquals(ERROR, Readiness.reported(ERROR, 0));
  }
}
