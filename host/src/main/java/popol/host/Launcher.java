package popol.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Starts the OSGi framework beside this jar with the bundles of the directory {@code bundles}, has it watch a directory
 * for plugins, and waits until it has stopped.
 */
public final class Launcher {

  private static final String GOGO = "org.apache.felix.gogo";
  private static final String WATCHER = "org.apache.felix.fileinstall";
  private static final String TRAIN = "--train";
  private static final String SHELL = "--shell";
  private static final String INTERVAL = "500"; // milliseconds between two looks at the plugins

  private Launcher() {}

  /**
   * Runs the framework until a bundle stops it, or the JVM is told to end.
   *
   * @param args the directory of the plugins; {@code plugins} beside this jar if there is none. {@code --shell} starts
   * a Gogo shell on standard input. {@code --train} starts without plugins, has popol wait, and ends, to show a JVM
   * that makes a cache what a start needs
   * @throws Exception if the framework does not start
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
    List<String> arguments = new ArrayList<>(List.of(args));
    boolean training = arguments.remove(TRAIN);
    boolean shell = arguments.remove(SHELL) && !training;
    if (arguments.size() > 1 || !arguments.isEmpty() && arguments.getFirst().startsWith("-")) {
      System.err.println("usage: start [--shell] [DIRECTORY], and not " + String.join(" ", args));
      System.exit(2);
    }
    Path storage = Files.createTempDirectory("popol-host");
    try {
      Path plugins = training
          ? storage.resolve("none")
          : arguments.isEmpty() ? home.resolve("plugins") : Path.of(arguments.getFirst());
      Files.createDirectories(plugins);
      run(home, plugins.toAbsolutePath(), storage, shell, training);
    } finally {
      delete(storage);
    }
  }

  private static void run(Path home, Path plugins, Path storage, boolean shell, boolean training) throws Exception {
    List<Path> bundles = new ArrayList<>(List.of(home.resolve("bundles")));
    if (shell) {
      bundles.add(home.resolve("shell"));
    }
    Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
        .newFramework(properties(home, plugins, storage, shell));
    stopAtShutdown(framework, Thread.currentThread());
    framework.start();
    System.out.println("plugins: " + plugins);
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

  private static Map<String, String> properties(Path home, Path plugins, Path storage, boolean shell) {
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString());
    properties.put("felix.service.urlhandlers", "false"); // they need access to internals of the JDK
    properties.put("popol.host.plugins", plugins.toString()); // for the report
    properties.put("popol.host.shell", String.valueOf(shell)); // for plugins, which leave standard input alone then
    properties.put("gosh.home", home.resolve("shell").toString());
    properties.put("gosh.args", "--quiet"); // Equinox would say --nointeractive
    properties.put("felix.fileinstall.dir", plugins.toString());
    properties.put("felix.fileinstall.tmpdir", storage.resolve("plugins").toString());
    properties.put("felix.fileinstall.poll", INTERVAL);
    properties.put("felix.fileinstall.noInitialDelay", "true");
    properties.put("felix.fileinstall.log.level", "0"); // the report says why a plugin does not start
    properties.put("ds.loglevel", "none"); // and why a component does not
    return properties;
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
  private static List<Bundle> install(Framework framework, List<Path> directories)
      throws BundleException, IOException {
    List<Bundle> installed = new ArrayList<>();
    for (Path directory : directories) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
        for (Path jar : jars) {
          installed.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
        }
      }
    }
    // The watcher last but for the shell: plugins find everything started, and the prompt comes after all that.
    installed.sort(Comparator.comparing((Bundle bundle) -> bundle.getSymbolicName().startsWith(GOGO))
        .thenComparing(bundle -> bundle.getSymbolicName().equals(WATCHER))
        .thenComparing(Bundle::getSymbolicName));
    return installed;
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
