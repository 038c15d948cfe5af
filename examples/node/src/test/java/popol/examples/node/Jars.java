package popol.examples.node;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the jars of the build are. */
final class Jars {

  private static final List<Path> ALL =
      Stream.of(System.getProperty("popol.node.jars").split(File.pathSeparator)).map(Path::of).toList();

  static final Path NODE = Path.of(System.getProperty("popol.node.jar"));
  static final List<Path> POPOL = named("popol", "popol.engine", "popol.linux", "popol.macos", "popol.windows");
  static final List<Path> SERVICES =
      named("org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component", "org.apache.felix.scr");
  static final List<Path> FELIX = named("org.apache.felix.framework");

  private Jars() {}

  private static List<Path> named(String... artifacts) {
    return Stream.of(artifacts)
        .map(artifact -> ALL.stream()
            .filter(jar -> jar.getFileName().toString().matches(artifact.replace(".", "\\.") + "-\\d.*\\.jar"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("not in the build: " + artifact)))
        .toList();
  }

  /** The compiled tests, where the host is that a test starts. */
  static Path tests() {
    try {
      return Path.of(Jars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static String path(List<Path> jars) {
    return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
  }

  /** The node and popol, as a class path or a module path. */
  static String program() {
    return path(Stream.concat(Stream.of(NODE), POPOL.stream()).toList());
  }
}
