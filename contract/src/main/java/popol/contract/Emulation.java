package popol.contract;

/**
 * Where an emulator is unlike what it stands in for: the one place in which the tests tell them apart. The JVM is
 * started with {@code -Dpopol.contract.emulation=wine}, for Wine in place of Windows, or {@code qemu}, for another
 * processor.
 */
final class Emulation {

  private static final String EMULATION = System.getProperty("popol.contract.emulation", "");

  private Emulation() {}

  /** A number of repetitions: either makes a system call, or all of a program, slower by an order of magnitude. */
  static int times(int otherwise) {
    return EMULATION.isEmpty() ? otherwise : otherwise / 20;
  }

  /** Whether there are sockets of the Unix domain, as Windows has them: not in Wine 8. */
  static boolean hasUnixDomain() {
    return !EMULATION.equals("wine");
  }

  /** Whether the poll takes the error of a reset away, so that the read after it gives the end instead: Wine's does. */
  static boolean forgetsReset() {
    return EMULATION.equals("wine");
  }
}
