package popol.macos;

import java.io.IOException;
import java.nio.ByteBuffer;
import popol.ffm.NativeMemory;

/**
 * Gives Linux's {@code poll} the ways of macOS's, as XNU's source has them ({@code poll_nocancel} and {@code
 * poll_callback} of {@code bsd/kern/sys_generic.c}, and the filters of sockets and pipes), so that what the bundle does
 * about them is run by the contract suite:
 *
 * <ul>
 *   <li>an entry that asks for nothing is not looked at;
 *   <li>the end of the direction that is asked for is a hang-up, so a peer that has ended its stream is one to a
 *       reader;
 *   <li>a hang-up takes the place of an error, and of writable, and makes urgent what asks for urgent data;
 *   <li>urgent data is not told;
 *   <li>a device can be invalid.
 * </ul>
 */
final class XnuPollArray extends MacosPollArray {

  private static final int ENTRY = 8;
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;
  private static final int IN = 0x1;
  private static final int PRI = 0x2;
  private static final int OUT = 0x4;
  private static final int ERR = 0x8;
  private static final int HUP = 0x10;
  private static final int NVAL = 0x20;
  private static final int RDHUP = 0x2000; // Linux's word for a peer that has ended its stream

  /** A descriptor that is to be invalid to poll; -1 for none. */
  static volatile int invalid = -1;

  /** How often poll was called. Exact while one thread waits. */
  static volatile int calls;

  private NativeMemory linux = NativeMemory.allocate(ENTRY); // the entries that Linux is given

  @Override
  protected int poll(NativeMemory memory, long entries, int count, long nanos) throws IOException {
    calls++;
    reserve(count);
    ByteBuffer mac = memory.bytes();
    int first = (int) (entries - memory.address());
    boolean refused = false;
    for (int i = 0; i < count; i++) {
      int at = i * ENTRY;
      int descriptor = mac.getInt(first + at);
      int events = mac.getShort(first + at + EVENTS);
      refused |= descriptor == invalid;
      linux.bytes().putInt(at, events == 0 || descriptor == invalid ? -1 : descriptor);
      linux.bytes().putShort(at + EVENTS,
          (short) (events & (IN | OUT) | ((events & (IN | PRI)) != 0 ? IN | RDHUP : 0)));
    }
    super.poll(linux, linux.address(), count, refused ? 0 : nanos);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int at = i * ENTRY;
      int revents = mac.getInt(first + at) == invalid
          ? NVAL
          : revents(mac.getShort(first + at + EVENTS), linux.bytes().getShort(at + REVENTS));
      mac.putShort(first + at + REVENTS, (short) revents);
      found += revents != 0 ? 1 : 0;
    }
    return found;
  }

  private static int revents(int asked, int found) {
    boolean reads = (asked & (IN | PRI)) != 0;
    boolean inEnded = reads && (found & (RDHUP | HUP | ERR)) != 0;
    boolean outEnded = (asked & OUT) != 0 && (found & (HUP | ERR)) != 0;
    int revents = found & NVAL;
    if (reads && (inEnded || (found & IN) != 0)) {
      revents |= asked & IN;
    }
    if (inEnded || outEnded) {
      return revents | HUP | (inEnded ? asked & PRI : 0);
    }
    return revents | found & asked & OUT;
  }

  private void reserve(int count) {
    if (linux.bytes().capacity() < count * ENTRY) {
      NativeMemory larger = NativeMemory.allocate(2 * count * ENTRY);
      linux.free();
      linux = larger;
    }
  }

  @Override
  public void close() {
    super.close();
    linux.free();
  }
}
