package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What nodes could leave behind in a process.
 *
 * @param descriptors the open ones of sockets, pipes and what else is no file
 * @param threads the names of those that popol or a node has started
 */
record Leftovers(Set<String> descriptors, Set<String> threads) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** What there is now; nothing where the system does not show it. */
  static Leftovers now() throws IOException {
    Set<String> open = new TreeSet<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
        for (Path link : links) {
          try {
            String target = Files.readSymbolicLink(link).toString();
            if (!target.startsWith("/")) {
              open.add(link.getFileName() + " " + target);
            }
          } catch (NoSuchFileException gone) {
            // another thread's, closed since the directory was read
          }
        }
      }
    }
    return new Leftovers(open, names());
  }

  /** Fails if there is more now than there was. */
  void assertNoMore() throws IOException {
    Leftovers now = now();
    Set<String> more = new TreeSet<>(now.descriptors);
    more.removeAll(descriptors);
    assertEquals(Set.of(), more, "descriptors left behind");
    assertEquals(Set.of(), now.threads, "threads left behind");
  }

  private static Set<String> names() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("popol"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
