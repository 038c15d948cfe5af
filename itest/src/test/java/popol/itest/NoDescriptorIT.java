package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract's program about a process without a descriptor left. The classes are in folders, as in a build: a jar
 * stays open, but a class in a folder cannot be loaded then.
 */
@Timeout(300)
class NoDescriptorIT {

  @TempDir static Path folder;

  private static List<Path> path;

  @BeforeAll
  static void unpack() throws IOException {
    path = new ArrayList<>();
    for (Path jar : Stream.of(Jars.POPOL, List.of(Jars.CONTRACT)).flatMap(List::stream).toList()) {
      Path target = folder.resolve(jar.getFileName().toString());
      path.add(target);
      try (JarFile file = new JarFile(jar.toFile())) {
        for (JarEntry entry : file.stream().filter(entry -> !entry.isDirectory()).toList()) {
          Path copy = target.resolve(entry.getName());
          Files.createDirectories(copy.getParent());
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, copy);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "CLOSE", "CLOSE_AFTER_POLL", "CLOSE_OWNED", "CLOSE_UNDER_WAIT", "CLOSE_UNDER_VIRTUAL_WAIT", "MORE_SOURCES",
    "VIRTUAL_WAIT", "DELIVERY", "UNREAD", "REMOVAL", "REFUSALS", "OPEN_ANOTHER"
  })
  void nothingIsLoadedForTheFirstTimeAtTheLimit(String name) throws Exception {
    for (String mechanism : List.of("ppoll", "epoll", "2")) {
      ChildJvm.Result result = new ChildJvm()
          .flags("-Dpopol.linux.mechanism=" + mechanism, "--enable-native-access=ALL-UNNAMED")
          .flags(Road.CLASS_PATH.export().split(" "))
          .classPath(path).run("popol.contract.NoDescriptorLeft", name);
      assertEquals(0, result.exitCode(), mechanism + ": " + result.output());
      assertTrue(result.output().contains(name + ": ok"), mechanism + ": " + result.output());
    }
  }
}
