package popol.inject;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The harness's own raw descriptors. Its calls are linked when this class is loaded, and allocate nothing of C. */
final class Posix {

  private static final MethodHandle PIPE = link("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle DUP = link("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle DUP2 = link("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle FCNTL = link("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle READ = link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

  private static final String DESCRIPTORS = "/proc/self/fd";
  private static final int F_GETFD = 1;

  private static final MemorySegment BUFFER = Arena.global().allocate(JAVA_LONG, 64);

  private Posix() {}

  /** A pipe: its read end, and its write end. */
  static int[] pipe() throws IOException {
    return check(call(() -> (int) PIPE.invokeExact(BUFFER))) == 0
        ? new int[] {BUFFER.getAtIndex(JAVA_INT, 0), BUFFER.getAtIndex(JAVA_INT, 1)}
        : null;
  }

  /** Another number for the same file; below 0 if there is none left. */
  static int dup(int descriptor) {
    return (int) call(() -> (int) DUP.invokeExact(descriptor));
  }

  static int dup2(int descriptor, int number) throws IOException {
    return (int) check(call(() -> (int) DUP2.invokeExact(descriptor, number)));
  }

  static void close(int descriptor) {
    call(() -> (int) CLOSE.invokeExact(descriptor));
  }

  /** Reads what is there, up to the size of the buffer; blocks if nothing is. */
  static int read(int descriptor) throws IOException {
    return (int) check(call(() -> (long) READ.invokeExact(descriptor, BUFFER, BUFFER.byteSize())));
  }

  /** Writes a byte. */
  static void write(int descriptor) throws IOException {
    BUFFER.set(JAVA_BYTE, 0, (byte) 'x');
    check(call(() -> (long) WRITE.invokeExact(descriptor, BUFFER, 1L)));
  }

  /** The descriptors that this process has open. */
  static Set<Integer> open() {
    Set<Integer> open = new TreeSet<>();
    for (String number : new File(DESCRIPTORS).list()) {
      int descriptor = Integer.parseInt(number);
      if (call(() -> (int) FCNTL.invokeExact(descriptor, F_GETFD)) >= 0) { // the list was read by one that is closed
        open.add(descriptor);
      }
    }
    return open;
  }

  /** What an open descriptor is of. */
  static String kind(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of(DESCRIPTORS, Integer.toString(descriptor))).toString();
    } catch (IOException closed) {
      return "closed";
    }
  }

  private interface Call {
    long make() throws Throwable;
  }

  private static long call(Call call) {
    try {
      return call.make();
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static long check(long result) throws IOException {
    if (result < 0) {
      throw new IOException("a call of the harness's own has failed");
    }
    return result;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
