package popol.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static popol.spi.Readiness.ERROR;
import static popol.spi.Readiness.HANGUP;
import static popol.spi.Readiness.INVALID;
import static popol.spi.Readiness.PRIORITY;
import static popol.spi.Readiness.READABLE;
import static popol.spi.Readiness.READ_CLOSED;
import static popol.spi.Readiness.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import popol.spi.Readiness;
import popol.spi.Watch;

/** What the poller makes of WSAPoll's hang-up, which is the end of the peer's stream alone. Runs on any system. */
class WindowsPollerTest {

  private final WindowsPoller poller = WindowsPoller.open();

  @AfterEach
  void free() {
    poller.close();
  }

  /** What is reported to an interest. */
  private int reported(int interest, int found) {
    return reported(new Watch(4711, interest), found);
  }

  private int reported(Watch watch, int found) {
    return Readiness.reported(poller.translate(watch, found), watch.interest());
  }

  @Test
  void aReaderIsToldThatAReadGivesTheEnd() {
    assertEquals(READABLE, reported(READABLE, HANGUP));
    assertEquals(READABLE | WRITABLE, reported(READABLE | WRITABLE, HANGUP | WRITABLE), "and can still write");
    assertEquals(READABLE, reported(READABLE, READABLE | HANGUP), "Windows tells of unread data together with it");
  }

  @Test
  void aWriterIsToldOnlyThatItCanWrite() {
    assertEquals(WRITABLE, reported(WRITABLE, HANGUP | WRITABLE));
    assertEquals(0, reported(WRITABLE, HANGUP), "no room just now: the poller sets it aside");
  }

  @Test
  void thePeersEndIsToldWhereItIsAskedFor() {
    assertEquals(READ_CLOSED, reported(READ_CLOSED, HANGUP));
    assertEquals(READ_CLOSED | READABLE, reported(READ_CLOSED | READABLE, HANGUP));
    assertEquals(READ_CLOSED | WRITABLE, reported(READ_CLOSED | WRITABLE, HANGUP | WRITABLE));
    assertEquals(READ_CLOSED, reported(READ_CLOSED | WRITABLE, HANGUP));
  }

  @Test
  void whoHasHeardOfTheEndDoesNotHearOfAHangUpBesides() {
    Watch watch = new Watch(4711, READ_CLOSED);
    assertEquals(READ_CLOSED, reported(watch, HANGUP));
    watch.interest(0); // as the engine does, because it is reported once
    assertEquals(0, reported(watch, HANGUP));
    assertEquals(HANGUP | ERROR, reported(watch, HANGUP | ERROR), "but of a reset");
    watch.interest(READ_CLOSED);
    assertEquals(READ_CLOSED, reported(watch, HANGUP), "and of the end again when the interest is set");
  }

  @Test
  void anInterestInNeitherHearsOfAHangUp() {
    assertEquals(HANGUP, reported(0, HANGUP));
    assertEquals(HANGUP, reported(PRIORITY, HANGUP));
  }

  @Test
  void aResetAndAnInvalidSocketAreWhatTheyAre() {
    assertEquals(READABLE | HANGUP | ERROR, reported(READABLE, HANGUP | ERROR));
    assertEquals(INVALID, poller.translate(new Watch(4711, READABLE), INVALID));
    assertEquals(INVALID | HANGUP, poller.translate(new Watch(4711, READABLE), INVALID | HANGUP));
  }
}
