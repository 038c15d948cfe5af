package popol.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What rows were measured on: lines that stand above them, each after a {@code #}. */
final class Machine {

  private Machine() {}

  static List<String> describe() {
    return List.of(
        "processor: " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores"
            + (lines("/proc/cpuinfo").stream().anyMatch(line -> line.contains(" hypervisor")) ? ", virtual" : ""),
        "memory: " + Math.round(memory() / Math.pow(1024, 3)) + " GiB",
        "kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version").replaceAll("-.*", ""),
        "JDK: " + Runtime.version() + ", " + System.getProperty("java.vendor"));
  }

  private static String processor() {
    return lines("/proc/cpuinfo").stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static long memory() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      return List.of(); // not Linux
    }
  }
}
