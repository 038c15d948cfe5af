import java.io.BufferedReader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import popol.Events;
import popol.Interest;
import popol.PipeSource;
import popol.Source;
import popol.Sources;

/**
 * What a wait costs that has standard input, a pipe and a socket, and how late it hears of a byte in the latter two.
 * Starts itself again, because what is inherited from Unix is not quite one of Windows' pipes. The argument is for how
 * many seconds nothing happens.
 */
final class WaitCost {

  private static final int ROUNDS = 200;

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 1) {
      parent(arguments[0]);
    } else {
      child(Duration.ofSeconds(Integer.parseInt(arguments[0])));
    }
  }

  private static void parent(String seconds) throws Exception {
    String java = System.getProperty("java.home") + "\\bin\\java.exe";
    Process child = new ProcessBuilder(java, "-Xlog:all=off", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true",
        "--enable-native-access=ALL-UNNAMED", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens",
        "java.base/java.net=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "WaitCost", seconds, "child")
        .redirectErrorStream(true)
        .start();
    try (BufferedReader said = child.inputReader()) {
      said.lines().filter(line -> !line.contains("process group affinity")).forEach(System.out::println);
    }
    if (child.waitFor() != 0) {
      System.exit(1);
    }
  }

  private static void child(Duration idle) throws Exception {
    try (Sources<String> sources = Sources.open();
        PipeSource pipe = PipeSource.open();
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket socket = server.accept()) {
      client.setTcpNoDelay(true);
      sources.register("input", Source.stdin(), Interest.READ);
      sources.register("pipe", Source.of(pipe), Interest.READ);
      sources.register("socket", Source.of(socket), Interest.READ);
      File end = pipe.writeEnd();
      try (OutputStream writer = new FileOutputStream(end)) {
        latency("pipe", sources, writer, () -> pipe.read(ByteBuffer.allocate(16)));
        latency("socket", sources, client.getOutputStream(), () -> socket.getInputStream().read(new byte[16]));
        Duration before = processor();
        if (!sources.poll(idle).isEmpty()) {
          throw new IllegalStateException("something was found, and there is nothing");
        }
        Duration used = processor().minus(before);
        System.out.println("%d s of waiting for standard input, a pipe and a socket: %d ms of the processor"
            .formatted(idle.toSeconds(), used.toMillis()));
      }
    }
  }

  /** A byte is written at any time of a wait. */
  private static void latency(String source, Sources<String> sources, OutputStream writer, Callable<Integer> reader)
      throws Exception {
    LinkedBlockingQueue<Integer> pauses = new LinkedBlockingQueue<>();
    long[] written = new long[1];
    Thread thread = Thread.ofPlatform().daemon().start(() -> {
      try {
        while (true) {
          Thread.sleep(pauses.take());
          synchronized (written) {
            written[0] = System.nanoTime();
          }
          writer.write(1);
        }
      } catch (Exception ended) {
        // the measurement is over
      }
    });
    long[] times = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      pauses.add(15 + i % 10);
      hear(source, sources, reader);
      long now = System.nanoTime();
      synchronized (written) {
        times[i] = now - written[0];
      }
    }
    thread.interrupt();
    thread.join();
    Arrays.sort(times);
    System.out.println("a byte in a %s is heard of after %d us (median), %d (nine of ten), %d (all) of %d".formatted(
        source, times[ROUNDS / 2] / 1_000, times[ROUNDS * 9 / 10] / 1_000, times[ROUNDS - 1] / 1_000, ROUNDS));
  }

  private static void hear(String source, Sources<String> sources, Callable<Integer> reader) throws Exception {
    Events<String> events = sources.poll(Duration.ofSeconds(30));
    if (events.isEmpty() || !events.iterator().next().key().equals(source)) {
      throw new IllegalStateException("a byte in a " + source + " was not heard of: " + events);
    }
    if (reader.call() != 1) {
      throw new IllegalStateException("one byte was written");
    }
  }

  private static Duration processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }
}
