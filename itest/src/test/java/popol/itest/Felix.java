package popol.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import popol.itest.probe.Probe;

/** Felix in this JVM, with declarative services. */
final class Felix implements AutoCloseable {

  private static final long LIMIT = 30_000; // milliseconds

  private final Framework framework;

  private Felix(Framework framework) {
    this.framework = framework;
  }

  static Felix launch(Path storage) throws BundleException {
    return launch(storage, Map.of());
  }

  /** Starts Felix with these properties beside its own. */
  static Felix launch(Path storage, Map<String, String> properties) throws BundleException {
    Map<String, String> all = new HashMap<>();
    all.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    all.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE); // two of one consumer
    all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, Probe.class.getPackageName() + ";version=1.0.0");
    all.putAll(properties);
    Felix felix =
        new Felix(ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(all));
    felix.framework.start();
    for (String name : List.of(
        "org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component", "org.apache.felix.scr")) {
      felix.start(Jars.jar(name));
    }
    return felix;
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

  /** Starts a bundle that may have been installed from the same jar before. */
  Bundle startAnother(String location, Path jar) throws BundleException, IOException {
    Bundle bundle = context().installBundle(location, Files.newInputStream(jar));
    bundle.start();
    return bundle;
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
