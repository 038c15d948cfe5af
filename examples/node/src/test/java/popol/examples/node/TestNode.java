package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import popol.Sources;

/** A node in a thread of its own, and what it has said so far. */
final class TestNode implements AutoCloseable {

  /** Little patience, for peers that are to be dropped, and a quick pace. */
  static final Limits QUICK = Limits.DEFAULT.withPatience(Duration.ofMillis(300)).withPace(Duration.ofMillis(50));

  /** Nobody is dropped for being silent. */
  static final Limits PATIENT = QUICK.withPatience(Duration.ofMinutes(10));

  /**
   * Where the nodes of this JVM listen: where the system has more than one such address, at one that no other JVM uses.
   * A port is used again soon, and nodes that look there for one that is gone would join the network of another test.
   */
  private static final InetAddress HOST = host();

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Sources<Node.Key> sources;
  private final Node node;
  private final Thread thread;
  private final List<String> lines = new ArrayList<>(); // guarded by itself
  private volatile Throwable end;

  private TestNode(Limits limits, InetSocketAddress listen, List<InetSocketAddress> known) throws IOException {
    sources = Sources.open();
    node = new Node(sources, new Config(listen, known), limits, this::log);
    thread = Thread.ofPlatform().name("popol node under test").start(this::run);
  }

  /** Starts a node that knows others. */
  static TestNode start(Limits limits, TestNode... known) throws Exception {
    return start(limits, 0, Stream.of(known).map(TestNode::address).toList());
  }

  /** Starts a node on a port. */
  static TestNode start(Limits limits, int port, List<InetSocketAddress> known) throws Exception {
    TestNode started = new TestNode(limits, loopback(port), known);
    started.awaitLine("listening on port .*");
    started.await(status -> status.port() != 0, "the node shows its port");
    return started;
  }

  /** Starts a node and does not wait until it runs. */
  static TestNode launch(Limits limits, List<InetSocketAddress> known) throws IOException {
    return new TestNode(limits, loopback(0), known);
  }

  /** An address of {@link #HOST}. */
  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(HOST, port);
  }

  private static InetAddress host() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return InetAddress.getLoopbackAddress();
    }
    int pid = (int) ProcessHandle.current().pid();
    try {
      return InetAddress.getByAddress(
          new byte[] {127, (byte) (1 + (pid >>> 16 & 0x3f)), (byte) (pid >>> 8), (byte) pid});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void run() {
    try {
      node.run(false);
    } catch (Throwable e) {
      end = e;
    }
  }

  private void log(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  Status status() {
    return node.status();
  }

  InetSocketAddress address() {
    return loopback(status().port());
  }

  boolean say(String text) {
    return node.say(text);
  }

  boolean isConnectedTo(TestNode other) {
    return status().peers().contains(other.status().id());
  }

  /** Waits until the node shows something. */
  void await(Predicate<Status> condition, String rule) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.test(status())) {
      if (System.nanoTime() - start > LIMIT.toNanos() || !thread.isAlive()) {
        fail(rule + ": " + this);
      }
      Thread.sleep(1);
    }
  }

  /** Waits until the node has said something, since it started. */
  void awaitLine(String regex) throws InterruptedException {
    Predicate<String> matches = Pattern.compile(regex).asMatchPredicate();
    long start = System.nanoTime();
    synchronized (lines) {
      while (lines.stream().noneMatch(matches)) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          fail("the node did not say " + regex + ": " + this);
        }
        lines.wait(100); // its thread may have ended
      }
    }
  }

  /** How often the node has said this. */
  long count(String line) {
    synchronized (lines) {
      return lines.stream().filter(line::equals).count();
    }
  }

  /** How many messages it has heard. */
  long heard() {
    synchronized (lines) {
      return lines.stream().filter(line -> line.startsWith("heard: ")).count();
    }
  }

  void assertLives() {
    assertTrue(thread.isAlive(), () -> "the node lives: " + this);
  }

  /** Ends the node as the plugin does. */
  @Override
  public void close() {
    sources.close();
    try {
      assertTrue(thread.join(LIMIT), "closing the registry ends the node");
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a node ended", e);
    }
    assertTrue(end instanceof ClosedSelectorException, () -> "nothing else ended the node: " + this);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(status().toString()).append(", ").append(end);
    if (end != null) {
      Stream.of(end.getStackTrace()).limit(10).forEach(frame -> text.append("\n  at ").append(frame));
    }
    synchronized (lines) {
      lines.forEach(line -> text.append("\n  ").append(line));
    }
    return text.toString();
  }
}
