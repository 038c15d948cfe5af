package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;
import popol.examples.parts.Lines;

/**
 * Prints the addresses of the host names that are typed. Looking a name up can block for seconds, and there is no
 * descriptor to wait for. So another thread does it, puts the answer into a queue and wakes the loop. In the same way a
 * loop hears of a library that calls back in threads of its own.
 */
public final class Lookup {

  /** What the program waits for. */
  private enum Key { STDIN, FOUND }

  private static final int MOST = 100; // look-ups at once; until there are fewer, no more names are read

  private final Sources<Key> sources;
  private final Waker waker;
  private final Queue<String> found = new ConcurrentLinkedQueue<>();
  private final Lines lines = new Lines();
  private int running; // look-ups

  private Lookup(Sources<Key> sources) {
    this.sources = sources;
    waker = sources.waker(Key.FOUND);
  }

  /**
   * Looks up names until the end of the input.
   *
   * @param args none
   * @throws IOException if standard input cannot be read
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Sources<Key> sources = Sources.open()) {
      new Lookup(sources).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    byte[] buffer = new byte[1024];

    sources.register(Key.STDIN, Source.stdin(), Interest.READ);
    while (sources.contains(Key.STDIN) || running > 0) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case FOUND -> print();
          case STDIN -> {
            int count = event.isReadable() ? stdin.read(buffer) : 0; // not readable: a hang-up while nothing is read
            if (count < 0) {
              sources.unregister(Key.STDIN);
            } else {
              lines.add(buffer, count, this::lookUp);
            }
          }
        }
      }
      if (running >= MOST) {
        sources.disable(Key.STDIN, Interest.READ);
      } else {
        sources.enable(Key.STDIN, Interest.READ);
      }
    }
  }

  private void lookUp(String name) {
    running++;
    Thread.ofVirtual().start(() -> {
      found.add(name + ": " + addresses(name)); // first, so that it is there when the loop has woken
      waker.wake();
    });
  }

  private static String addresses(String name) {
    try {
      StringBuilder all = new StringBuilder();
      for (InetAddress address : InetAddress.getAllByName(name)) {
        all.append(all.isEmpty() ? "" : ", ").append(address.getHostAddress());
      }
      return all.toString();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** All that is there: several wakes before the event are one event. */
  private void print() {
    for (String text = found.poll(); text != null; text = found.poll()) {
      System.out.println(text);
      running--;
    }
  }
}
