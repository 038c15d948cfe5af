package popol.check;

import java.util.ArrayList;
import java.util.List;
import popol.Event;

/**
 * What an event of an entry says.
 *
 * @param must bits that it has; 0 if there may be no event
 * @param may bits that it can have
 */
record Expected(int must, int may) {

  static final int READABLE = 1;
  static final int WRITABLE = 1 << 1;
  static final int PRIORITY = 1 << 2;
  static final int READ_CLOSED = 1 << 3;
  static final int HANGUP = 1 << 4;
  static final int ERROR = 1 << 5;
  static final int INVALID = 1 << 6;
  static final int WAKE = 1 << 7;
  static final int EXPIRED = 1 << 8;

  private static final String[] NAMES =
      {"readable", "writable", "priority", "read-closed", "hang-up", "error", "invalid", "wake", "expired"};

  static final Expected NOTHING = new Expected(0, 0);

  static Expected exactly(int bits) {
    return new Expected(bits, bits);
  }

  boolean isCertain() {
    return must != 0;
  }

  boolean isPossible() {
    return may != 0;
  }

  /** What is expected where one of two things happened, and it is not known which. */
  Expected or(Expected other) {
    return new Expected(must & other.must, may | other.may);
  }

  boolean allows(int bits) {
    return (bits & must) == must && (bits & ~may) == 0;
  }

  static int bits(Event<?> event) {
    return bit(event.isReadable(), READABLE) | bit(event.isWritable(), WRITABLE) | bit(event.isPriority(), PRIORITY)
        | bit(event.isReadClosed(), READ_CLOSED) | bit(event.isHangup(), HANGUP) | bit(event.isError(), ERROR)
        | bit(event.isInvalid(), INVALID) | bit(event.isWake(), WAKE) | bit(event.isExpired(), EXPIRED);
  }

  private static int bit(boolean is, int bit) {
    return is ? bit : 0;
  }

  static String text(int bits) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < NAMES.length; i++) {
      if ((bits & 1 << i) != 0) {
        words.add(NAMES[i]);
      }
    }
    return words.isEmpty() ? "nothing" : String.join("+", words);
  }

  @Override
  public String toString() {
    return must == may ? text(must) : text(must) + " to " + text(may);
  }
}
