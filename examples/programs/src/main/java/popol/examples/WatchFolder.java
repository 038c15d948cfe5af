package popol.examples;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Says what happens in a folder, by Linux's {@code inotify}, until the end of standard input. Any descriptor that the
 * system gives is waited on like this one: {@code Source.of(number)}.
 *
 * <p>The number is the program's own: it is unregistered before it is closed, for the system gives it to the next file
 * at once.
 */
public final class WatchFolder {

  /** What the program waits for. */
  private enum Key { FOLDER, STDIN }

  // inotify(7)
  private static final int IN_CREATE = 0x100;
  private static final int IN_DELETE = 0x200;
  private static final int IN_CLOSE_WRITE = 0x8;
  private static final int IN_Q_OVERFLOW = 0x4000;
  private static final int IN_IGNORED = 0x8000; // the folder is gone
  private static final int IN_CLOEXEC = 0x80000;
  private static final int HEADER = 16; // bytes: wd, mask, cookie, len

  private static final MethodHandle INIT = function("inotify_init1", JAVA_INT, JAVA_INT);
  private static final MethodHandle ADD = function("inotify_add_watch", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

  private WatchFolder() {}

  @SuppressWarnings("restricted") // calling C, which --enable-native-access allows
  private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  /**
   * Watches.
   *
   * @param args the folder
   * @throws Throwable if the folder cannot be watched
   */
  public static void main(String[] args) throws Throwable {
    int inotify = (int) INIT.invokeExact(IN_CLOEXEC);
    try (Arena arena = Arena.ofConfined(); Sources<Key> sources = Sources.open()) {
      int events = IN_CREATE | IN_DELETE | IN_CLOSE_WRITE;
      if ((int) ADD.invokeExact(inotify, arena.allocateFrom(args[0]), events) < 0) {
        throw new IOException("cannot watch " + args[0]);
      }
      System.out.println("watching " + args[0]);
      watch(inotify, sources, arena.allocate(4096, JAVA_INT.byteAlignment()));
    } finally {
      int ignored = (int) CLOSE.invokeExact(inotify);
    }
  }

  private static void watch(int inotify, Sources<Key> sources, MemorySegment buffer) throws Throwable {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    sources.register(Key.FOLDER, Source.of(inotify), Interest.READ);
    sources.register(Key.STDIN, Source.stdin(), Interest.READ);
    while (sources.size() == 2) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case FOLDER -> {
            long count = (long) READ.invokeExact(inotify, buffer, buffer.byteSize());
            if (!print(buffer.asSlice(0, Math.max(0, count)))) {
              sources.unregister(Key.FOLDER);
            }
          }
          case STDIN -> {
            if (stdin.read(new byte[1024]) < 0) {
              sources.unregister(Key.STDIN);
            }
          }
        }
      }
    }
  }

  /** Each event has a name of its own length behind it; false if no more will come. */
  private static boolean print(MemorySegment events) {
    boolean more = true;
    for (long at = 0; at < events.byteSize();) {
      int mask = events.get(JAVA_INT, at + 4);
      int length = events.get(JAVA_INT, at + 12);
      String name = length > 0 ? events.getString(at + HEADER) : "";
      System.out.println(switch (mask) {
        case IN_CREATE -> "made: " + name;
        case IN_DELETE -> "deleted: " + name;
        case IN_CLOSE_WRITE -> "written: " + name;
        case IN_Q_OVERFLOW -> "too much at once: look at the whole folder";
        case IN_IGNORED -> "the folder is gone";
        default -> "a folder in it: " + name; // with the bit IN_ISDIR
      });
      more &= mask != IN_IGNORED;
      at += HEADER + length;
    }
    return more;
  }
}
