package popol.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Where the jars of the build are. */
final class Jars {

  static final Path API = jar("popol");
  static final Path LINUX = jar("popol.linux");
  static final Path MACOS = jar("popol.macos");
  static final Path WINDOWS = jar("popol.windows");
  static final Path CONSUMER = Path.of(System.getProperty("popol.itest.consumer"));

  private Jars() {}

  /** A dependency of this module. */
  static Path jar(String artifact) {
    return directory().resolve(artifact + ".jar");
  }

  /** The dependencies whose artifact begins so. */
  static List<Path> jars(String prefix) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), prefix + "*.jar")) {
      files.forEach(found::add);
    }
    return found;
  }

  private static Path directory() {
    return Path.of(System.getProperty("popol.itest.jars"));
  }

  /** The compiled tests, where the programs are that tests start. */
  static Path tests() {
    try {
      return Path.of(Jars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
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
