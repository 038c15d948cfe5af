package popol.contract;

import java.io.File;

/**
 * Where an emulator is unlike what it stands in for, or stands in for a system unlike others: the one place in which
 * the tests tell them apart. The JVM is started with {@code -Dpopol.contract.emulation=wine}, for Wine in place of
 * Windows, {@code qemu}, for another processor, or {@code macos}, for its bundle on Linux's descriptors.
 */
final class Emulation {

  private static final String EMULATION = System.getProperty("popol.contract.emulation", "");
  private static final int FEWER = Integer.getInteger("popol.contract.fewer", isSlow() ? 20 : 1);

  private Emulation() {}

  /** Wine makes a system call, and qemu all of a program, slower by an order of magnitude. */
  private static boolean isSlow() {
    return EMULATION.equals("wine") || EMULATION.equals("qemu");
  }

  /** A number of repetitions, {@code -Dpopol.contract.fewer} times fewer: 20 where it is slow, 1 elsewhere. */
  static int times(int otherwise) {
    return otherwise / FEWER;
  }

  /** Whether there are sockets of the Unix domain, as Windows has them: not in Wine 8. */
  static boolean hasUnixDomain() {
    return !EMULATION.equals("wine");
  }

  /** Whether a poll tells of urgent data: macOS's does not. */
  static boolean tellsOfUrgentData() {
    return !EMULATION.equals("macos") && !System.getProperty("os.name").startsWith("Mac");
  }

  /**
   * Whether the end of what a peer sends is told to who does not read, while unread data is there: not by macOS's poll.
   */
  static boolean tellsOfEndBehindData() {
    return tellsOfUrgentData();
  }

  /** Whether a hang-up is told after the end of what a peer sends: on Windows they are the same. */
  static boolean tellsHangupAfterEnd() {
    return File.separatorChar == '/';
  }

  /** Whether a read after a reset gives the end and no error, whether it was polled for or not: Wine's does. */
  static boolean readsResetAsEnd() {
    return EMULATION.equals("wine");
  }

  /**
   * Whether the name of a pipe's end that has been closed gives that end again. On macOS the name is that of popol's
   * own end from then on, which macOS opens in its own direction alone, and Linux in both.
   */
  static boolean reopensClosedEnd() {
    return EMULATION.equals("macos");
  }

  /** Whether a poll tells that a pipe has no room: Windows cannot. */
  static boolean tellsOfRoom() {
    return File.separatorChar == '/';
  }
}
