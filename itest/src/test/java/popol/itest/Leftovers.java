package popol.itest;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a plugin could leave behind in this process, at one moment.
 *
 * @param descriptors the open descriptors without files, which class loaders open at times of their own
 * @param threads those that popol or a consumer of it started: neither the JDK's nor another's
 * @param nativeMemory the bytes that were allocated outside the heap and not by the virtual machine itself
 */
record Leftovers(Set<String> descriptors, Set<Thread> threads, long nativeMemory) {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern NATIVE_MEMORY = Pattern.compile("Other \\(reserved=(\\d+)");

  static Leftovers now() throws IOException {
    return new Leftovers(openDescriptors(), liveThreads(), allocatedNativeMemory());
  }

  /** Fails if there is more now; what another thread frees, such as the JDK's buffers of its own, may take a moment. */
  void assertNothingMore(String rule) throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (Leftovers now = now(); now.isMoreThan(this); now = now()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        fail(rule + ": before " + this + "\nafter " + now);
      }
      Thread.sleep(1);
    }
  }

  private boolean isMoreThan(Leftovers before) {
    return descriptors.size() > before.descriptors.size()
        || !before.threads.containsAll(threads)
        || nativeMemory > before.nativeMemory;
  }

  private static Set<String> openDescriptors() throws IOException {
    Set<String> descriptors = new TreeSet<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        try {
          String target = Files.readSymbolicLink(link).toString();
          if (!target.startsWith("/")) {
            descriptors.add(link.getFileName() + " " + target);
          }
        } catch (NoSuchFileException gone) {
          // another thread's, closed since the directory was read
        }
      }
    }
    return descriptors;
  }

  private static Set<Thread> liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("popol"))
        .collect(Collectors.toSet());
  }

  /** What the JVM's own bookkeeping says, which it does with {@code -XX:NativeMemoryTracking=summary}. */
  private static long allocatedNativeMemory() {
    Object summary;
    try {
      summary = ManagementFactory.getPlatformMBeanServer().invoke(
          new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmNativeMemory",
          new Object[] {new String[] {"summary", "scale=1"}}, new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
    Matcher matcher = NATIVE_MEMORY.matcher((String) summary);
    if (!matcher.find()) {
      throw new AssertionError("no native memory is counted: " + summary);
    }
    return Long.parseLong(matcher.group(1));
  }
}
