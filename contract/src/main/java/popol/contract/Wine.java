package popol.contract;

/**
 * Where Wine is unlike the Windows that it stands in for: the one place in which the tests tell them apart. The JVM is
 * started with {@code -Dpopol.contract.wine=true}.
 */
final class Wine {

  /** Whether this is Wine. */
  private static final boolean HERE = Boolean.getBoolean("popol.contract.wine");

  private Wine() {}

  /** A number of repetitions: each system call there goes through a server process. */
  static int times(int onWindows) {
    return HERE ? onWindows / 20 : onWindows;
  }

  /** Whether the poll takes the error of a reset away, so that the read after it gives the end instead. */
  static boolean forgetsReset() {
    return HERE;
  }
}
