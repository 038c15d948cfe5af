package popol.itest;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/**
 * A program that does each thing once that the flight recorder can hear of, in a JVM that was started without the
 * flags. It ends when the registry that it does not close has been freed.
 */
final class Recorded {

  private Recorded() {}

  public static void main(String[] arguments) throws Exception {
    List<Pipe> pipes = new ArrayList<>();
    try (Sources<String> sources = Sources.open()) {
      for (int i = 0; i < 6; i++) { // more than a wait looks at by itself, so there is an audit
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipes.add(pipe);
        sources.register("pipe " + i, pipe.source(), Interest.READ);
      }
      pipes.getFirst().sink().write(ByteBuffer.wrap(new byte[1]));
      print("events", read(sources.poll()));
      sources.unregister("pipe 0");
      Waker waker = sources.waker("waker");
      waker.wake();
      print("wake", read(sources.poll()));
      pipes.get(1).source().close();
      print("invalid", read(sources.poll()));
      print("timeout", read(sources.poll(Duration.ofMillis(1))));
      Thread.currentThread().interrupt();
      try {
        sources.poll();
      } catch (InterruptedException e) {
        print("interrupt", 0);
      }
    }
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true));
    leave();
    while (!log.toString().contains("never closed")) {
      System.gc();
      LockSupport.parkNanos(1_000_000); // the cleaner is another thread
    }
    System.out.print(log);
  }

  private static void leave() throws Exception {
    Sources<String> unclosed = Sources.open();
    unclosed.timer("timer", Duration.ofHours(1));
  }

  /** Reads the events, so that none is reported again. */
  private static int read(Events<String> events) {
    int count = 0;
    for (Event<String> event : events) {
      count += event.key().isEmpty() ? 0 : 1;
    }
    return count;
  }

  private static void print(String what, int found) {
    System.out.println(what + " " + found);
  }
}
