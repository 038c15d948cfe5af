package popol.check;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeMap;

/** The pipes, sockets and kernel objects that this process has open: what it has loaded does not count. */
final class Descriptors {

  private static final String ALL = "/proc/self/fd";
  private static final long LATEST = 20_000_000_000L; // nanoseconds, within which the shared waiter has ended

  private final TreeMap<Integer, String> before;

  /** Uses each kind once, so that what the JDK keeps open from then on is not counted. */
  Descriptors(Calls calls) throws IOException, InterruptedException {
    for (Kind kind : Kind.values()) {
      for (End end : kind.open(calls)) {
        end.release();
      }
    }
    blockVirtually();
    before = open();
  }

  /** Has a virtual thread block in a read, for which the JDK opens what it waits by. */
  private static void blockVirtually() throws IOException, InterruptedException {
    Pipe pipe = Pipe.open();
    Thread reader = Thread.ofVirtual().start(() -> {
      try {
        pipe.source().read(ByteBuffer.allocate(1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    while (reader.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    pipe.sink().write(ByteBuffer.allocate(1));
    reader.join();
    pipe.source().close();
    pipe.sink().close();
  }

  /** What is open now and was not at first, once what ends by itself has ended. */
  TreeMap<Integer, String> leaked() {
    long start = System.nanoTime();
    TreeMap<Integer, String> leaked = more();
    while (!leaked.isEmpty() && System.nanoTime() - start < LATEST) {
      Thread.yield();
      leaked = more();
    }
    return leaked;
  }

  private TreeMap<Integer, String> more() {
    TreeMap<Integer, String> now = open();
    now.keySet().removeAll(before.keySet());
    return now;
  }

  private static TreeMap<Integer, String> open() {
    TreeMap<Integer, String> open = new TreeMap<>();
    for (String number : Objects.requireNonNull(new File(ALL).list())) {
      try {
        String file = Files.readSymbolicLink(Path.of(ALL, number)).toString();
        if (!file.startsWith("/")) {
          open.put(Integer.parseInt(number), file);
        }
      } catch (IOException closed) {
        // the list was read by one that is closed now
      }
    }
    return open;
  }
}
