package popol.macos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static popol.spi.Readiness.HANGUP;
import static popol.spi.Readiness.INVALID;
import static popol.spi.Readiness.PRIORITY;
import static popol.spi.Readiness.READABLE;
import static popol.spi.Readiness.READ_CLOSED;
import static popol.spi.Readiness.WRITABLE;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import popol.ffm.NativeMemory;
import popol.spi.PollFormat;
import popol.spi.Watch;
import popol.unix.UnixHeaders;

/** What the poller makes of the ways of XNU's poll, which an array plays here. Runs on any system. */
class MacosPollerTest {

  /** What one descriptor is. */
  private boolean hasData;

  private boolean hasRoom = true;
  private boolean inEnded;
  private boolean outEnded;
  private boolean isInvalid;
  private int asked; // of the whole array by the last wait

  private final MacosPoller poller = MacosPoller.open(new Xnu());

  private final class Xnu extends MacosPollArray {

    private static final PollFormat FORMAT = UnixHeaders.pollFormat(0);

    @Override
    protected int poll(NativeMemory memory, long entries, int count, long nanos) {
      ByteBuffer bytes = memory.bytes();
      int first = (int) (entries - memory.address());
      int found = 0;
      asked = first == 0 ? 0 : asked;
      for (int at = first; at < first + count * FORMAT.size(); at += FORMAT.size()) {
        int events = bytes.getShort(at + FORMAT.events());
        asked = first == 0 ? events : asked;
        int revents = revents(events);
        bytes.putShort(at + FORMAT.revents(), (short) revents);
        found += revents != 0 ? 1 : 0;
      }
      return found;
    }

    private int revents(int events) {
      boolean reads = (events & (FORMAT.in() | FORMAT.pri())) != 0;
      boolean writes = (events & FORMAT.out()) != 0;
      if (events == 0) {
        return 0;
      }
      if (isInvalid) {
        return FORMAT.nval();
      }
      int revents = reads && (hasData || inEnded) ? events & FORMAT.in() : 0;
      if (reads && inEnded || writes && outEnded) {
        return revents | FORMAT.hup() | (reads && inEnded ? events & FORMAT.pri() : 0);
      }
      return revents | (hasRoom ? events & FORMAT.out() : 0);
    }
  }

  @AfterEach
  void free() {
    poller.close();
  }

  private int found(Watch watch) throws Exception {
    int[] found = new int[1];
    boolean isFound = poller.await(0);
    poller.collect((one, readiness) -> {
      assertEquals(watch, one);
      found[0] = readiness;
    });
    assertEquals(isFound, found[0] != 0, "a wait says whether something is found");
    return found[0];
  }

  private Watch add(int interest) {
    Watch watch = new Watch(7, interest);
    poller.add(watch);
    return watch;
  }

  @Test
  void anInterestInNothingAsksToRead() throws Exception {
    for (int interest : new int[] {0, PRIORITY, READ_CLOSED, READ_CLOSED | WRITABLE}) {
      Watch watch = add(interest);
      hasRoom = false;
      assertEquals(0, found(watch));
      assertTrue((asked & UnixHeaders.pollFormat(0).in()) != 0, "or poll does not look at it: " + interest);
      poller.remove(watch);
    }
  }

  @Test
  void unreadDataThatNobodyWantsIsNotFound() throws Exception {
    hasData = true;
    Watch watch = add(0);
    assertEquals(0, found(watch));
    assertEquals(0, found(watch));
    assertEquals(0, asked, "nor in the array any more");
    hasData = false;
    inEnded = true;
    outEnded = true;
    assertEquals(HANGUP, found(watch), "but a hang-up is");
  }

  @Test
  void aPeersEndIsNothingToWhoDoesNotWantIt() throws Exception {
    inEnded = true;
    for (int interest : new int[] {0, PRIORITY}) {
      Watch watch = add(interest);
      assertEquals(0, found(watch), "neither a hang-up nor urgent data: " + interest);
      assertEquals(0, found(watch));
      assertEquals(0, asked, "nor in the array, which would tell again and again");
      poller.remove(watch);
    }
  }

  @Test
  void aPeersEndIsTheEndToAReader() throws Exception {
    inEnded = true;
    Watch watch = add(READABLE | WRITABLE);
    assertEquals(READABLE | WRITABLE, found(watch), "and it can still write");
    poller.remove(watch);
    watch = add(WRITABLE);
    assertEquals(WRITABLE, found(watch));
  }

  @Test
  void aPeersEndIsToldWhereItIsAskedFor() throws Exception {
    inEnded = true;
    for (boolean unread : new boolean[] {false, true}) {
      hasData = unread;
      Watch watch = add(READ_CLOSED);
      assertEquals(READ_CLOSED, found(watch));
      poller.remove(watch);
      watch = add(READ_CLOSED | READABLE | WRITABLE);
      assertEquals(READ_CLOSED | READABLE | WRITABLE, found(watch));
      poller.remove(watch);
    }
  }

  @Test
  void aPeersEndIsToldAlsoIfDataWasThereBefore() throws Exception {
    hasData = true;
    Watch watch = add(READ_CLOSED);
    assertEquals(0, found(watch), "data that nobody wants");
    inEnded = true;
    assertEquals(READ_CLOSED, found(watch));
  }

  @Test
  void whereNothingCanBeSentAWriteGivesTheError() throws Exception {
    outEnded = true;
    hasRoom = false;
    Watch watch = add(WRITABLE);
    assertEquals(WRITABLE, found(watch), "the other direction is open");
    inEnded = true;
    assertEquals(WRITABLE | HANGUP, found(watch), "both have ended");
  }

  @Test
  void whatIsNotADeviceEitherIsInvalid() throws Exception {
    isInvalid = true;
    Watch watch = new Watch(MacosHeaders.FD_SETSIZE, READABLE); // select has no room for so high a number
    poller.add(watch);
    assertEquals(INVALID, found(watch));
  }
}
