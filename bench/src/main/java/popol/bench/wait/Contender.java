package popol.bench.wait;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A contender in Java: obeys the lines on standard input, see README.md. */
public final class Contender {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long BATCH = 50_000; // nanoseconds, at least, once the size is found

  private final Library library;
  private final List<Peer> peers = new ArrayList<>();
  private String what;
  private Work work;
  private final double[] costs = new double[10_000]; // of the batches of a run
  private long batch; // its steps

  private Contender(Library library) {
    this.library = library;
  }

  /**
   * Runs until standard input ends.
   *
   * @param arguments the library's name
   * @throws IOException if standard input cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever else a library has to say
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    try {
      Contender contender =
          new Contender(Library.valueOf(arguments[0].replace('-', '_').toUpperCase(Locale.ROOT)));
      answers.println("ok");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        answers.println(contender.obey(line.split(" ")));
      }
    } catch (Exception | LinkageError e) {
      e.printStackTrace();
      answers.println("error " + e);
      System.exit(1);
    }
  }

  private String obey(String[] command) throws Exception {
    switch (command[0]) {
      case "open" -> open(command[1], Integer.parseInt(command[2]), command[3]);
      case "run" -> {
        return run(Long.parseLong(command[1]));
      }
      case "thread" -> {
        return Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
      }
      case "mechanism" -> {
        return mechanism();
      }
      case "close" -> close();
      default -> throw new IllegalArgumentException("There is no command " + command[0]);
    }
    return "ok";
  }

  private void open(String what, int sources, String address) throws Exception {
    this.what = what;
    for (int i = 0; i < sources; i++) {
      peers.add(new Peer(what.startsWith("timer") || what.equals("wakers") ? null : library.connect(address)));
    }
    for (Peer peer : peers) {
      if (peer.channel != null) {
        peer.channel.configureBlocking(false);
      }
    }
    work = Work.of(what, library, peers);
    batch = 1;
  }

  /** Runs batches of steps until the time is over. What disturbs one adds to its cost: the lower quartile is robust. */
  private String run(long nanos) throws Exception {
    for (Peer peer : peers) {
      peer.readable = 0;
    }
    work.events = 0;
    work.start();
    int batches = 0;
    long steps = 0;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    do {
      long taken = work.run(batch);
      costs[batches++] = (double) taken / (batch * work.unit());
      steps += batch;
      batch *= taken < BATCH ? 2 : 1;
    } while (System.nanoTime() - start < nanos && batches < costs.length);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    work.stop();
    checkPeers();
    Arrays.sort(costs, 0, batches);
    return costs[batches / 4] + " " + steps * work.unit() + " " + work.events + " " + allocated;
  }

  private void checkPeers() {
    long readable = 0;
    for (Peer peer : peers) {
      readable += peer.readable;
    }
    if (what.startsWith("wait") && readable != work.events) {
      throw new IllegalStateException("The waits have found " + work.events + " events, the peers " + readable);
    }
  }

  /** Whether there is an epoll instance in this process, which popol makes when it has use for it. */
  private static String mechanism() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.anyMatch(Contender::isEpoll) ? "epoll" : "poll";
    }
  }

  private static boolean isEpoll(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("eventpoll");
    } catch (IOException gone) {
      return false; // the one that the list is read from
    }
  }

  private void close() throws Exception {
    work.close();
    for (Peer peer : peers) {
      if (peer.channel != null) {
        peer.channel.close();
      }
    }
    peers.clear();
  }
}
