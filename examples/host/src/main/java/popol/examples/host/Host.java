package popol.examples.host;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Starts an OSGi framework with the bundles of a directory, which is called {@code bundles} and lies beside this jar,
 * and waits until the framework has stopped.
 */
public final class Host {

  private Host() {}

  /**
   * Runs the framework until a bundle stops it, or the JVM is told to end.
   *
   * @param args none
   * @throws Exception if the framework does not start
   */
  public static void main(String[] args) throws Exception {
    Path storage = Files.createTempDirectory("popol-host");
    try {
      run(storage);
    } finally {
      delete(storage);
    }
  }

  private static void run(Path storage) throws BundleException, IOException, InterruptedException, URISyntaxException {
    Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
        .newFramework(Map.of(
            Constants.FRAMEWORK_STORAGE, storage.toString(),
            "felix.service.urlhandlers", "false")); // they need access to internals of the JDK
    stopAtShutdown(framework, Thread.currentThread());
    framework.start();
    for (Bundle bundle : install(framework)) {
      // The implementations of popol for other systems do not resolve, and need not.
      boolean resolved = framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle));
      System.out.println((resolved ? "start " : "not for this system: ") + bundle.getSymbolicName());
      if (resolved) {
        bundle.start();
      }
    }
    framework.waitForStop(0);
    System.out.println("stopped");
  }

  /** Installs everything before anything is resolved, so that the order does not matter. */
  private static List<Bundle> install(Framework framework) throws BundleException, IOException, URISyntaxException {
    List<Bundle> installed = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory(), "*.jar")) {
      for (Path jar : jars) {
        installed.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
      }
    }
    installed.sort(Comparator.comparing(Bundle::getSymbolicName));
    return installed;
  }

  private static Path directory() throws URISyntaxException {
    Path jar = Path.of(Host.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return jar.resolveSibling("bundles");
  }

  /** So that plugins end well on Ctrl-C too. */
  private static void stopAtShutdown(Framework framework, Thread main) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        framework.stop();
        main.join();
      } catch (BundleException | InterruptedException e) {
        e.printStackTrace();
      }
    }));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
