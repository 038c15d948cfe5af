package popol.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;
import popol.Waker;
import popol.ffm.NativeAccess;

/**
 * Says what a bug report needs to know of this system and of popol, and tries each kind of source once. The text is for
 * people.
 */
final class Doctor {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String LINE = "%-14s %s%n";

  private final Popol popol;
  private final String host;
  private final String bundles;
  private final StringBuilder text = new StringBuilder();
  private int failures;

  /**
   * A doctor for a service.
   *
   * @param host what popol runs in
   * @param bundles popol's bundles, or jars, with their versions
   */
  Doctor(Popol popol, String host, String bundles) {
    this.popol = popol;
    this.host = host;
    this.bundles = bundles;
  }

  /** A trial of one kind of source. */
  private interface Trial {

    /** Returns what is wrong; empty if it works. */
    String run(Sources<String> sources) throws Exception;
  }

  /** Examines everything. */
  String report() {
    line("popol", bundles);
    line("host", host);
    line("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
        + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
    line("JDK", System.getProperty("java.vm.version") + ", " + System.getProperty("java.vm.name") + ", "
        + System.getProperty("java.vendor") + ", " + System.getProperty("java.home"));
    line("mechanism", popol.mechanism());
    flags();
    line("properties", System.getProperties().stringPropertyNames().stream().filter(name -> name.startsWith("popol."))
        .sorted().map(name -> name + "=" + System.getProperty(name)).collect(Collectors.joining(", ")));
    line("environment", variable("JDK_JAVA_OPTIONS") + variable("JAVA_TOOL_OPTIONS"));
    line("limits", limits());
    line("registries", OpenRegistries.all().size() + " open");
    attempt("a socket", this::socket);
    attempt("a pipe", this::pipe);
    attempt("a child", this::child);
    attempt("standard input", this::standardInput);
    attempt("a wake", this::wake);
    attempt("a timer", this::timer);
    text.append(failures == 0 ? "Everything works here." : failures + " of 6 do not work here: see above.");
    return text.append(System.lineSeparator()).toString();
  }

  int failures() {
    return failures;
  }

  private void line(String title, String value) {
    text.append(String.format(LINE, title, value.isEmpty() ? "none" : value));
  }

  // The system

  private void flags() {
    Module own = Doctor.class.getModule();
    Module base = Object.class.getModule();
    String name = NativeAccess.moduleForFlags(Doctor.class);
    line("flag", "--enable-native-access=" + name + ": "
        + (own.isNativeAccessEnabled() ? "there" : "MISSING, popol needs it"));
    line("flag", "--add-exports java.base/sun.nio.ch=" + name + ": " + (base.isExported("sun.nio.ch", own)
        ? "there"
        : "not there, so descriptors of channels are looked for; files need it"));
    line("flag", "--add-opens java.base/java.net=" + name + ": " + (base.isOpen("java.net", own)
        ? "there"
        : "not there, so sockets without a channel are looked for by their addresses"));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "" : name + "=" + value + " ";
  }

  /** As a child has it: the JVM raises its own limit to the hard one, and children inherit that. */
  private static String limits() {
    if (isWindows()) {
      return "";
    }
    try {
      Process process = new ProcessBuilder("sh", "-c", "ulimit -n; ulimit -Hn").redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (InputStream output = process.getInputStream()) {
        List<String> limits = new String(output.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        return limits.size() == 2
            ? limits.getFirst() + " descriptors, " + limits.getLast() + " at most (ulimit -n, -Hn)"
            : "unknown: " + limits;
      }
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  // The sources

  private void attempt(String title, Trial trial) {
    String wrong;
    try (Sources<String> sources = popol.open()) {
      wrong = trial.run(sources);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      wrong = "interrupted";
    } catch (Exception | LinkageError e) {
      wrong = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    failures += wrong.isEmpty() ? 0 : 1;
    line(title, wrong.isEmpty() ? "OK" : "FAILED: " + wrong);
  }

  /** What is wrong with the next event, which should be the one under a key. */
  private static String heard(Sources<String> sources, String key, Predicate<Event<String>> expected)
      throws IOException, InterruptedException {
    Events<String> events = sources.poll(PATIENCE);
    for (Event<String> event : events) {
      if (event.key().equals(key) && expected.test(event)) {
        return "";
      }
    }
    return (events.isEmpty() ? "nothing was heard for " + PATIENCE.toSeconds() + " s" : "heard " + events)
        + ": report it, with this text";
  }

  private String socket(Sources<String> sources) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open();
        SocketChannel near = SocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near.connect(listener.getLocalAddress());
      try (SocketChannel far = listener.accept()) {
        far.configureBlocking(false);
        sources.register("socket", far, Interest.READ);
        near.write(ByteBuffer.wrap(new byte[1]));
        return heard(sources, "socket", Event::isReadable);
      }
    }
  }

  private String pipe(Sources<String> sources) throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      source.configureBlocking(false);
      sources.register("pipe", source, Interest.READ);
      sink.write(ByteBuffer.wrap(new byte[1]));
      return heard(sources, "pipe", Event::isReadable);
    }
  }

  private String child(Sources<String> sources) throws Exception {
    try (PipeSource output = popol.openPipe()) {
      ProcessBuilder builder =
          isWindows() ? new ProcessBuilder("cmd", "/c", "echo x") : new ProcessBuilder("sh", "-c", "echo x");
      Process process = output.start(builder);
      try {
        sources.register("child", Source.of(output), Interest.READ);
        return heard(sources, "child", Event::isReadable);
      } finally {
        process.destroy();
      }
    }
  }

  private String standardInput(Sources<String> sources) throws Exception {
    sources.register("stdin", Source.stdin(), Interest.NONE);
    for (Event<String> event : sources.poll(Duration.ZERO)) {
      if (event.isInvalid()) {
        return "it is closed: start the JVM with one, such as < /dev/null";
      }
    }
    return "";
  }

  private String wake(Sources<String> sources) throws Exception {
    Waker waker = sources.waker("wake");
    Thread.ofVirtual().start(waker::wake);
    return heard(sources, "wake", Event::isWake);
  }

  private String timer(Sources<String> sources) throws Exception {
    sources.timer("timer", Duration.ofMillis(1));
    return heard(sources, "timer", Event::isExpired);
  }
}
