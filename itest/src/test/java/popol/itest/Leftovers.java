package popol.itest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a plugin could leave behind in this process. */
final class Leftovers {

  private Leftovers() {}

  /** The open descriptors without files, which class loaders open at times of their own. */
  static Set<String> descriptors() throws IOException {
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

  /** The threads that popol or a consumer of it started: those that are neither the JDK's nor another's. */
  static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("popol"))
        .collect(Collectors.toSet());
  }
}
