package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static popol.spi.Readiness.ERROR;
import static popol.spi.Readiness.HANGUP;
import static popol.spi.Readiness.PRIORITY;
import static popol.spi.Readiness.READABLE;
import static popol.spi.Readiness.READ_CLOSED;
import static popol.spi.Readiness.WRITABLE;

import org.junit.jupiter.api.Test;
import popol.Interest;

/** What the kernel says and what is reported of it, where no kernel at hand says all of it. */
class ReadinessTest {

  @Test
  void anInterestIsTheBitsItAsksFor() {
    assertEquals(READABLE | WRITABLE, Readiness.of(Interest.READ_WRITE));
    assertEquals(PRIORITY, Readiness.of(Interest.PRIORITY));
    assertEquals(READABLE | READ_CLOSED, Readiness.of(Interest.READ.plus(Interest.READ_CLOSED)));
    assertEquals(0, Readiness.of(Interest.NONE));
    assertEquals(0, Readiness.of(Interest.ONCE), "a mode asks the kernel for nothing");
  }

  @Test
  void whatIsNotAskedForIsNotReported() {
    assertEquals(READABLE, Readiness.reported(READABLE | WRITABLE | PRIORITY | READ_CLOSED, READABLE));
    assertEquals(0, Readiness.reported(READABLE, 0), "what was disabled while the kernel waited");
  }

  @Test
  void theEndOfAStreamIsReadableWhereTheKernelSaysOnlyHangup() {
    assertEquals(READABLE | HANGUP, Readiness.reported(HANGUP, READABLE));
    assertEquals(HANGUP, Readiness.reported(HANGUP, WRITABLE), "a half-closed socket can be full");
  }

  @Test
  void aHangUpImpliesThatThePeerSendsNoMore() {
    assertEquals(READ_CLOSED | HANGUP, Readiness.reported(HANGUP, READ_CLOSED));
    assertEquals(READ_CLOSED, Readiness.reported(READ_CLOSED | READABLE, READ_CLOSED), "but not the other way round");
    assertEquals(ERROR, Readiness.reported(ERROR, READ_CLOSED), "an error can be an answer to a datagram");
  }

  @Test
  void anErrorIsFoundByReadingOrWriting() {
    assertEquals(READABLE | ERROR, Readiness.reported(ERROR, READABLE));
    assertEquals(WRITABLE | ERROR, Readiness.reported(ERROR, WRITABLE));
    assertEquals(ERROR, Readiness.reported(ERROR, 0));
  }
}
