package popol.itest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;
import popol.itest.probe.Probe;

/** The OSGi framework that is on the class path, started in this JVM, with declarative services. */
final class Osgi implements AutoCloseable {

  private static final long LIMIT = 30_000; // milliseconds

  /** The declarative services runtime and what it needs. */
  private static final List<String> SERVICES = List.of(
      "org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component", "org.apache.felix.scr");

  private final Framework framework;

  private Osgi(Framework framework) {
    this.framework = framework;
  }

  static Osgi launch(Path storage) throws BundleException {
    return launch(storage, Map.of());
  }

  /** Starts the framework with these properties beside its own. */
  static Osgi launch(Path storage, Map<String, String> properties) throws BundleException {
    Map<String, String> all = new HashMap<>(properties);
    all.putIfAbsent(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    Osgi osgi = new Osgi(newFramework(storage, all));
    osgi.framework.start();
    for (String name : SERVICES) {
      osgi.start(Jars.jar(name));
    }
    return osgi;
  }

  private static Framework newFramework(Path storage, Map<String, String> properties) {
    Map<String, String> all = new HashMap<>();
    all.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    all.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE); // two of one consumer
    all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, Probe.class.getPackageName() + ";version=1.0.0");
    all.putAll(properties);
    return ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(all);
  }

  /** Starts the framework as it was when it was stopped. */
  static Osgi restart(Path storage) throws BundleException {
    Osgi osgi = new Osgi(newFramework(storage, Map.of()));
    osgi.framework.start();
    return osgi;
  }

  /** Starts the framework with popol in it. */
  static Osgi launchPopol(Path storage) throws BundleException {
    Osgi osgi = launch(storage);
    osgi.start(Jars.POPOL);
    return osgi;
  }

  /** Starts the framework with popol in it, but for an implementation. */
  static Osgi launchEngine(Path storage) throws BundleException {
    Osgi osgi = launch(storage);
    osgi.start(List.of(Jars.API, Jars.ENGINE));
    return osgi;
  }

  /** {@return the framework's name in a report} */
  String name() {
    return framework.getSymbolicName();
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  Bundle install(Path jar) throws BundleException {
    return context().installBundle(jar.toUri().toString());
  }

  Bundle start(Path jar) throws BundleException {
    Bundle bundle = install(jar);
    bundle.start();
    return bundle;
  }

  void start(List<Path> jars) throws BundleException {
    for (Path jar : jars) {
      start(jar);
    }
  }

  /** Starts a bundle that may have been installed from the same jar before. */
  Bundle startAnother(String location, Path jar) throws BundleException, IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      Bundle bundle = context().installBundle(location, in);
      bundle.start();
      return bundle;
    }
  }

  /** Lets go of what bundles have left behind that were updated or uninstalled, and wires the others anew. */
  void refresh() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    framework.adapt(FrameworkWiring.class).refreshBundles(null, event -> done.countDown());
    if (!done.await(LIMIT, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the bundles were not refreshed within " + LIMIT + " ms");
    }
  }

  @Override
  public void close() throws BundleException {
    framework.stop();
    try {
      int end = framework.waitForStop(LIMIT).getType();
      if (end != FrameworkEvent.STOPPED) {
        throw new AssertionError("the framework did not stop within " + LIMIT + " ms: event " + end);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the framework stopped", e);
    }
  }
}
