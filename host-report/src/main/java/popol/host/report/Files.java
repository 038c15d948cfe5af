package popol.host.report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** The files of the plugins' folder that are ignored. */
final class Files {

  private final BundleContext context;
  private final Path folder;

  Files(BundleContext context, Path folder) {
    this.context = context;
    this.folder = folder;
  }

  /** Why each file is ignored that is. */
  Map<String, String> problems() {
    Map<String, String> problems = new LinkedHashMap<>();
    try (DirectoryStream<Path> files = java.nio.file.Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String problem = name.startsWith(".") ? null : problem(file, name);
        if (problem != null) {
          problems.put("file " + name, "is ignored: " + problem);
        }
      }
    } catch (IOException e) {
      problems.put("folder " + folder, "cannot be read: " + e);
    }
    return problems;
  }

  private String problem(Path file, String name) {
    if (!java.nio.file.Files.isReadable(file)) {
      return "it cannot be read; give this user the permission";
    }
    if (name.endsWith(".cfg") || name.endsWith(".config")) {
      return context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin") == null
          ? "there is no Configuration Admin, which would take it"
          : null;
    }
    if (isInstalled(file)) {
      return null;
    }
    if (java.nio.file.Files.isDirectory(file)) {
      return java.nio.file.Files.exists(file.resolve(JarFile.MANIFEST_NAME))
          ? null // the watcher makes a jar of it
          : "it is a folder without a manifest; jars belong into " + folder + " itself";
    }
    if (!name.endsWith(".jar")) {
      return "it is neither a .jar nor a .cfg";
    }
    try (JarFile jar = new JarFile(file.toFile())) {
      return problem(jar.getManifest());
    } catch (ZipException e) {
      return "it is no whole jar; copy it beside the folder, and move it in when it is whole";
    } catch (IOException e) {
      return "it cannot be read: " + e.getMessage();
    }
  }

  /** The watcher's locations are made by File: other than a Path it leaves letters beyond ASCII as they are. */
  private boolean isInstalled(Path file) {
    return context.getBundle(file.toFile().toURI().normalize().toString()) != null;
  }

  private String problem(Manifest manifest) {
    Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
    String header = attributes.getValue(Constants.BUNDLE_SYMBOLICNAME);
    if (header == null) {
      return "it is no bundle, its manifest has no Bundle-SymbolicName; bnd makes one";
    }
    String name = header.split(";", 2)[0].strip();
    String version = attributes.getValue(Constants.BUNDLE_VERSION);
    for (Bundle bundle : context.getBundles()) {
      if (name.equals(bundle.getSymbolicName()) && bundle.getVersion().equals(parse(version))) {
        return name + " " + bundle.getVersion() + " is installed already, from " + bundle.getLocation();
      }
    }
    return "the framework does not install it; its manifest may be wrong";
  }

  private static Version parse(String version) {
    try {
      return Version.parseVersion(version);
    } catch (IllegalArgumentException e) {
      return Version.emptyVersion;
    }
  }
}
