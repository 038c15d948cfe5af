package popol.check;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One end of something that can be waited on, and what is true of it: this class and its subclasses know it from what
 * was done to both ends, and do not ask. What cannot be done to a kind, or not now, is left undone.
 */
abstract class End {

  private static final int NONE = -1;
  private static final long LATEST = 5_000_000_000L; // nanoseconds

  private final Access access;
  private final int descriptor;
  private int duplicate = NONE;

  End(Access access) {
    this.access = access;
    this.descriptor = access.descriptor();
  }

  final Access access() {
    return access;
  }

  /** The kernel's number, also when it has been closed. */
  final int descriptor() {
    return descriptor;
  }

  final boolean isOpen() {
    return access.isOpen();
  }

  /** What poll says of the descriptor when it is open, in the kernel's bits. */
  abstract int truth();

  /** Writes a byte, or does what makes the other end readable. */
  void write() throws IOException {}

  /** Writes until there is no room. */
  void fill() {}

  /** Reads until there is nothing. */
  void read() throws IOException {}

  /** Reads a byte. */
  void readOne() throws IOException {}

  void shutdownOutput() throws IOException {}

  void shutdownInput() throws IOException {}

  /** Sends an urgent byte. */
  void urgent() throws IOException {}

  /** Takes the urgent byte. */
  void takeUrgent() throws IOException {}

  /** Closes the end so that the other one has an error, where the kind knows that. */
  void reset() throws IOException {
    close();
  }

  final void close() throws IOException {
    if (isOpen()) {
      access.close();
      closed();
    }
  }

  /** Takes in that the end was closed, by {@link #close} or by a registry that owns it. */
  final void closed() {
    if (duplicate == NONE) {
      gone();
    }
  }

  /** The kernel has closed the file: what that means to the other end. */
  abstract void gone();

  /** Keeps the file alive by another number, until {@link #release}. */
  final void duplicate() throws IOException {
    if (isOpen() && duplicate == NONE) {
      duplicate = Posix.dup(descriptor);
    }
  }

  /** Ends what a history has left. */
  void release() throws IOException {
    access.close();
    if (duplicate != NONE) {
      Posix.close(duplicate);
    }
  }

  /** Reads one byte, or datagram, that has been sent and may be on its way still. */
  final void readSent() {
    long start = System.nanoTime();
    while (access.read(1) != 1) {
      require(System.nanoTime() - start < LATEST, "what was sent does not come");
      Thread.onSpinWait();
    }
  }

  static void require(boolean done, String what) {
    if (!done) {
      throw new IllegalStateException("the check itself has failed: " + what);
    }
  }

  @Override
  public String toString() {
    @Nullable String kind = getClass().getSimpleName();
    return kind + " " + descriptor + (access.isRaw() ? " (raw)" : "") + (isOpen() ? "" : " (closed)");
  }
}
