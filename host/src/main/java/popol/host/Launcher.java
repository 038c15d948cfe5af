package popol.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Starts the OSGi framework beside this jar with the bundles of the directory {@code bundles}, has it watch a directory
 * for plugins, and waits until it has stopped.
 */
public final class Launcher {

  private static final String WATCHER = "org.apache.felix.fileinstall";
  private static final String TRAIN = "--train";
  private static final String INTERVAL = "500"; // milliseconds between two looks at the plugins

  private Launcher() {}

  /**
   * Runs the framework until a bundle stops it, or the JVM is told to end.
   *
   * @param args the directory of the plugins; {@code plugins} beside this jar if there is none. {@code --train} behind
   * it: starts without plugins, has popol wait, and ends, to show a JVM that makes a cache what a start needs
   * @throws Exception if the framework does not start
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
    List<String> arguments = List.of(args);
    boolean training = arguments.contains(TRAIN);
    Path storage = Files.createTempDirectory("popol-host");
    try {
      Path plugins = training
          ? storage.resolve("none")
          : arguments.isEmpty() ? home.resolve("plugins") : Path.of(arguments.getFirst());
      Files.createDirectories(plugins);
      run(home.resolve("bundles"), plugins.toAbsolutePath(), storage, training);
    } finally {
      delete(storage);
    }
  }

  private static void run(Path bundles, Path plugins, Path storage, boolean training) throws Exception {
    Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
        .newFramework(Map.of(
            Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString(),
            "felix.service.urlhandlers", "false", // they need access to internals of the JDK
            "felix.fileinstall.dir", plugins.toString(),
            "felix.fileinstall.tmpdir", storage.resolve("plugins").toString(),
            "felix.fileinstall.poll", INTERVAL,
            "felix.fileinstall.noInitialDelay", "true",
            "felix.fileinstall.log.level", "2")); // why a plugin does not start
    stopAtShutdown(framework, Thread.currentThread());
    framework.start();
    System.out.println("plugins: " + plugins);
    framework.getBundleContext().registerService(FindHook.class, Launcher::hideLog, null);
    framework.getBundleContext().addBundleListener((SynchronousBundleListener) Launcher::report);
    for (Bundle bundle : install(framework, bundles)) {
      // The implementations of popol for other systems do not resolve, and need not.
      if (framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))) {
        bundle.start();
      } else {
        System.out.println("not for this system: " + bundle.getSymbolicName());
      }
    }
    if (training) {
      train(framework.getBundleContext());
      framework.stop();
    }
    framework.waitForStop(0);
    System.out.println("stopped");
  }

  /** As a plugin does it. This jar does not see popol's classes: the framework has them. */
  private static void train(BundleContext context) throws Exception {
    ServiceReference<?> reference = context.getServiceReference("popol.Popol");
    Object popol = context.getService(reference);
    Class<?> type = reference.getBundle().loadClass("popol.Popol");
    try (AutoCloseable sources = (AutoCloseable) type.getMethod("open").invoke(popol)) {
      reference.getBundle().loadClass("popol.Sources").getMethod("poll", Duration.class)
          .invoke(sources, Duration.ofMillis(1));
    }
  }

  /** Installs everything before anything is resolved, so that the order does not matter. */
  private static List<Bundle> install(Framework framework, Path directory) throws BundleException, IOException {
    List<Bundle> installed = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path jar : jars) {
        installed.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
      }
    }
    // The watcher last: plugins find everything started.
    installed.sort(Comparator.comparing((Bundle bundle) -> bundle.getSymbolicName().equals(WATCHER))
        .thenComparing(Bundle::getSymbolicName));
    return installed;
  }

  /** The watcher prints only where it finds no log service, and nobody reads the one that Equinox has. */
  private static void hideLog(
      BundleContext asking, String name, String filter, boolean all, Collection<ServiceReference<?>> found) {
    if (asking.getBundle().getSymbolicName().equals(WATCHER) && "org.osgi.service.log.LogService".equals(name)) {
      found.clear();
    }
  }

  private static void report(BundleEvent event) {
    String what = switch (event.getType()) {
      case BundleEvent.STARTING -> "start ";
      case BundleEvent.STOPPING -> "stop ";
      default -> null;
    };
    if (what != null && event.getBundle().getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
      System.out.println(what + event.getBundle().getSymbolicName() + " " + event.getBundle().getVersion());
    }
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
