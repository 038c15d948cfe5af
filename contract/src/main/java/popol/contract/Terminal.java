package popol.contract;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pseudo-terminal: the side of whoever drives it, and the name of the side that looks like a terminal, or a serial
 * line, to whoever opens it.
 */
record Terminal(int driver, String name) implements AutoCloseable {

  private static final int TERMIOS_SIZE = 128; // more than struct termios has on any system
  private static final FunctionDescriptor OF_DESCRIPTOR = FunctionDescriptor.of(JAVA_INT, JAVA_INT);

  static Terminal open() throws IOException {
    int driver = (int) Posix.call("posix_openpt", OF_DESCRIPTOR, Posix.O_RDWR | Posix.O_NOCTTY);
    Posix.call("grantpt", OF_DESCRIPTOR, driver);
    Posix.call("unlockpt", OF_DESCRIPTOR, driver);
    return new Terminal(driver, ptsname(driver));
  }

  private static String ptsname(int driver) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(128);
      Posix.call("ptsname_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG), driver, name, 128L);
      return name.getString(0);
    }
  }

  /** Opens the terminal's side, in line mode, without making it the terminal of this process. */
  int openLine() throws IOException {
    return Posix.open(name, Posix.O_RDWR | Posix.O_NOCTTY);
  }

  /** Hands on each byte as it comes, both ways, as a serial line does. */
  static void makeRaw(int descriptor) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(TERMIOS_SIZE, Long.BYTES);
      Posix.call("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), descriptor, settings);
      Posix.call("cfmakeraw", FunctionDescriptor.ofVoid(ADDRESS), settings);
      Posix.call("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), descriptor, 0, settings);
    }
  }

  /** {@code ioctl(driver, TIOCPKT, &on)} of Linux: changes of the terminal's state are then urgent data here. */
  void reportChanges() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Posix.call("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2), driver, 0x5420L, arena.allocateFrom(ValueLayout.JAVA_INT, 1));
    }
  }

  /** Throws away what was typed and not yet read. */
  static void flushInput(int descriptor) throws IOException {
    Posix.call("tcflush", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), descriptor, 0);
  }

  @Override
  public void close() {
    Posix.close(driver);
  }
}
