package popol.itest;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import popol.itest.probe.Probe;

/** Where the jars of the build are. */
final class Jars {

  private static final List<Path> ALL = Stream.of(System.getProperty("popol.itest.jars").split(File.pathSeparator))
      .map(Path::of)
      .toList();

  static final Path API = jar("popol");
  static final Path ENGINE = jar("popol.engine");
  static final Path LINUX = jar("popol.linux");
  static final Path MACOS = jar("popol.macos");
  static final Path WINDOWS = jar("popol.windows");
  static final Path CONTRACT = jar("popol.contract");
  static final Path FELIX = jar("org.apache.felix.framework");
  static final Path EQUINOX = jar("org.eclipse.osgi");
  static final Path CONSUMER = Path.of(System.getProperty("popol.itest.consumer"));

  /** What a program on this system needs. */
  static final List<Path> POPOL = List.of(API, ENGINE, LINUX);

  private Jars() {}

  /** A dependency of this module. */
  static Path jar(String artifact) {
    return jars(Pattern.quote(artifact)).getFirst();
  }

  /** JUnit and what it needs itself. */
  static List<Path> junit() {
    return jars("(junit-.*|opentest4j)");
  }

  private static List<Path> jars(String artifact) {
    Predicate<String> matches = Pattern.compile(artifact + "-\\d.*\\.jar").asMatchPredicate();
    return ALL.stream().filter(path -> matches.test(path.getFileName().toString())).toList();
  }

  /** The flags by which a child finds the same jars. */
  static List<String> properties() {
    return Stream.of("popol.itest.jars", "popol.itest.consumer")
        .map(name -> "-D" + name + "=" + System.getProperty(name))
        .toList();
  }

  /** The compiled tests, where the programs are that tests start. */
  static Path tests() {
    return location(Jars.class);
  }

  /** The compiled classes that tests share with the consumer bundle. */
  static Path classes() {
    return location(Probe.class);
  }

  private static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** A compiled class of the tests. */
  static byte[] classFile(String name) throws IOException {
    return Files.readAllBytes(tests().resolve(path(name)));
  }

  /** The path of a class in a jar. */
  static String path(String className) {
    return className.replace('.', '/') + ".class";
  }

  /** Writes a copy of a jar with another manifest. */
  static Path rewrite(Path jar, Path copy, Consumer<Attributes> change) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      change.accept(manifest.getMainAttributes());
      Map<String, byte[]> entries = new LinkedHashMap<>();
      for (JarEntry entry : file.stream().toList()) {
        if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          try (InputStream in = file.getInputStream(entry)) {
            entries.put(entry.getName(), in.readAllBytes());
          }
        }
      }
      return write(copy, manifest, entries);
    }
  }

  /** Writes a jar. */
  static Path write(Path file, Manifest manifest, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue());
      }
    }
    return file;
  }
}
