package popol.examples;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Puts plugins into the folder of a ready host. */
final class Deployment {

  private Deployment() {}

  /** Puts a plugin into the folder under another name, in one step as a user should. */
  static void deploy(Path original, Path plugins, String name, String version) throws IOException {
    deploy(original, plugins, name, manifest -> {
      manifest.putValue("Bundle-SymbolicName", "plugin." + name);
      manifest.putValue("Bundle-Version", version);
    });
  }

  static void deploy(Path original, Path plugins, String name, Consumer<Attributes> change) throws IOException {
    Path jar = plugins.resolveSibling(name + ".jar");
    Files.copy(original, jar, StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Path file = files.getPath(JarFile.MANIFEST_NAME);
      Manifest manifest = new Manifest(new ByteArrayInputStream(Files.readAllBytes(file)));
      change.accept(manifest.getMainAttributes());
      try (OutputStream out = Files.newOutputStream(file)) {
        manifest.write(out);
      }
    }
    Files.move(jar, plugins.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
  }
}
