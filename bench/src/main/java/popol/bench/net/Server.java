package popol.bench.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * A server of one library, in a process of its own: it prints the id of its main thread, at the first line on standard
 * input starts and prints its port, and then obeys lines until there are no more.
 * With a fan-out of 0 it sends every byte back; with another one it sends every message of {@link #MESSAGE} bytes to as
 * many connections, those that came after the sender's, the first one coming after the last: to all if there are fewer.
 */
public interface Server extends AutoCloseable {

  /** Bytes of a message. */
  int MESSAGE = 64;

  /** {@return the port that it listens on} */
  int port();

  /** {@return how many connections it has} */
  int connections();

  /** Ends it, and its connections. */
  @Override
  void close() throws IOException;

  /**
   * Starts a server.
   *
   * @param library as it is called in the rows
   * @param fanout 0 for an echo
   * @return the server
   * @throws IOException if it cannot listen
   */
  static Server start(String library, int fanout) throws IOException {
    return switch (library) {
      case "popol" -> new LoopServer(new PopolLoop(), fanout);
      case "selector" -> new LoopServer(new SelectorLoop(), fanout);
      case "netty-nio" -> NettyServer.nio(fanout);
      case "netty-epoll" -> NettyServer.epoll(fanout);
      case "virtual-threads" -> new BlockingServer(fanout);
      default -> throw new IllegalArgumentException("no server of " + library);
    };
  }

  /**
   * Runs a server.
   *
   * @param arguments the library and the fan-out
   * @throws IOException if it cannot listen
   */
  static void main(String[] arguments) throws IOException {
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    // Whoever moves this thread to a processor before the next line moves all that the server starts.
    System.out.println(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
    if (commands.readLine() != null) {
      try (Server server = start(arguments[0], Integer.parseInt(arguments[1]))) {
        trim(); // what that loads is not to be measured
        System.out.println(server.port());
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
          System.out.println(obey(server, command));
        }
      }
    }
    System.exit(0); // whatever threads a library leaves
  }

  private static String obey(Server server, String command) throws IOException {
    if (command.startsWith("await ")) {
      awaitConnections(server, Integer.parseInt(command.substring(6)));
      return "ok";
    }
    return command.equals("memory") ? memory() : "error: not a command: " + command;
  }

  /** Waits until all have come, or gone: the kernel accepts and closes before the server hears of it. */
  private static void awaitConnections(Server server, int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.connections() != count) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(server.connections() + " connections and not " + count);
      }
      Thread.yield();
    }
  }

  /**
   * Bytes in use on the heap after a collection, and bytes resident. The heap is resident as a whole from the start, so
   * what the second number grows by is memory outside of it; what malloc holds back is given to the system first.
   */
  private static String memory() throws IOException {
    System.gc();
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    trim();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return heap + " " + Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  private static void trim() throws IOException {
    try {
      ManagementFactory.getPlatformMBeanServer().invoke(
          new ObjectName("com.sun.management:type=DiagnosticCommand"), "systemTrimNativeHeap", null, null);
    } catch (JMException e) {
      throw new IOException("this JVM does not trim its native heap", e);
    }
  }
}
