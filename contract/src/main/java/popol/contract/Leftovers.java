package popol.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The threads and open descriptors of this process at one moment, to see whether some were left behind. What the JDK
 * opens once for itself and keeps is left out: its threads are those of its own thread groups; of its descriptors
 * {@link #warmUp} has it open the ones for virtual threads, and archives that class loaders keep open are not counted.
 */
record Leftovers(Set<Thread> threads, List<String> descriptors) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Set<String> JDK_GROUPS = Set.of("system", "InnocuousThreadGroup", "CarrierThreads");

  static Leftovers now() {
    return new Leftovers(liveThreads(), openDescriptors());
  }

  /**
   * Has a virtual thread block on a socket: the JDK then starts its poller threads, each with an epoll and an event
   * descriptor that it keeps. And asks for a random number, as names of temporary files do: the JDK keeps the devices
   * open.
   */
  static void warmUp() {
    new SecureRandom().nextInt();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread reader = Thread.startVirtualThread(() -> readByte(server));
      try (SocketChannel accepted = server.accept()) {
        while (reader.getState() != Thread.State.WAITING) {
          LockSupport.parkNanos(1_000_000);
        }
        accepted.write(ByteBuffer.allocate(1));
      }
      reader.join();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readByte(ServerSocketChannel server) {
    try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
      channel.read(ByteBuffer.allocate(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What there is more now than there was then, in words; null if nothing. A thread may take a moment to end. */
  String growth() {
    long start = System.nanoTime();
    while (true) {
      String grown = growth(now());
      if (grown == null || System.nanoTime() - start > 10_000_000_000L) {
        return grown;
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private String growth(Leftovers now) {
    Set<Thread> started = new HashSet<>(now.threads);
    started.removeAll(threads);
    if (!started.isEmpty()) {
      return "threads: " + started;
    }
    if (now.descriptors.size() > descriptors.size()) {
      return now.descriptors.size() - descriptors.size() + " open descriptors: " + now.descriptors + " after "
          + descriptors;
    }
    return null;
  }

  private static Set<Thread> liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() != null)
        .filter(thread -> !JDK_GROUPS.contains(thread.getThreadGroup().getName()))
        .collect(Collectors.toSet());
  }

  /** What each open descriptor is of; empty where the system does not show it. */
  static List<String> openDescriptors() {
    List<String> open = new ArrayList<>();
    if (File.separatorChar == '/' && Files.isDirectory(DESCRIPTORS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
        for (Path entry : entries) {
          String target = target(entry);
          if (!target.endsWith(".jar")) {
            open.add(target);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return open;
  }

  /**
   * Fails if more is open than before. There may be less: what the JDK held for a child, or for what was not closed, it
   * closes on a thread of its own.
   *
   * @param before how many descriptors were open
   * @param rule what says that none more may be
   */
  static void assertNoneSince(int before, String rule) {
    List<String> now = openDescriptors();
    assertTrue(now.size() <= before, () -> rule + ": " + before + " were open before, now " + now.size() + ": " + now);
  }

  private static String target(Path entry) {
    try {
      return Files.readSymbolicLink(entry).toString();
    } catch (IOException e) {
      return entry.toString(); // closed meanwhile
    }
  }
}
