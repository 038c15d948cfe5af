package popol.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processors that this process may run on, and where threads of others do. Two that wait for each other in turn are
 * kept on one: else it is the waking of an idle processor that is measured, or not, at random. Only the threads that
 * work are, and those that they start: a JVM's compilers and collectors keep the others.
 */
final class Processors {

  private Processors() {}

  /** {@return all of them, as a list that taskset takes} */
  static String all() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(l -> l.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\\s+")[1];
    }
  }

  /** {@return the last of them, which the system's own work is likeliest to leave alone} */
  static String last() throws IOException {
    return all().replaceAll(".*[,-]", "");
  }

  static void pin(String thread, String processors) throws IOException {
    Process taskset = new ProcessBuilder("taskset", "-pc", processors, thread)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      if (taskset.waitFor() != 0) {
        throw new IOException("taskset could not move thread " + thread + " to the processors " + processors);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
