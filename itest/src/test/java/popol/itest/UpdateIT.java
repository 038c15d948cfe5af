package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;

/** popol's bundles are updated under a running plugin: its service goes and comes back, its bundle stays as it is. */
@Tag("framework")
@Timeout(60)
class UpdateIT {

  private static final String NEXT = "0.1.1";

  @TempDir Path directory;

  /** What an administrator updates in one go. */
  enum Updated {
    IMPLEMENTATION,
    ENGINE,
    BOTH
  }

  @ParameterizedTest
  @EnumSource
  void aPluginIsNotRestarted(Updated updated) throws Exception {
    try (Osgi osgi = Osgi.launch(directory.resolve("storage"))) {
      Bundle api = osgi.start(Jars.API);
      Bundle engine = osgi.start(Jars.ENGINE);
      Bundle linux = osgi.start(Jars.LINUX);
      try (Consumer consumer = Consumer.start(osgi, "plugin")) {
        List<Bundle> stable = List.of(api, consumer.bundle());
        List<BundleWiring> wirings = stable.stream().map(UpdateIT::wiring).toList();
        List<Long> modified = stable.stream().map(Bundle::getLastModified).toList();
        List<String> events = new CopyOnWriteArrayList<>();
        osgi.context().addBundleListener((SynchronousBundleListener) event -> record(event, stable, events));
        Class<?> component = consumer.probe().getClass();
        WeakReference<ClassLoader> old = new WeakReference<>(wiring(engine).getClassLoader());

        update(osgi, updated, engine, linux, consumer);

        assertEquals(List.of(), events, "nothing happens to the plugin and to the API");
        assertEquals(modified, stable.stream().map(Bundle::getLastModified).toList(), "they are not modified");
        for (int i = 0; i < stable.size(); i++) {
          assertEquals(Bundle.ACTIVE, stable.get(i).getState(), stable.get(i) + " runs");
          assertSame(wirings.get(i), wiring(stable.get(i)), stable.get(i) + " is wired as it was");
        }
        assertSame(component, consumer.probe().getClass(), "the plugin's classes are the same");
        assertEquals("again", consumer.probe().echo("again"), "the service has come back");
        UnderWay again = UnderWay.start(consumer.probe());
        linux.stop();
        again.assertEnded("the stop of what was updated");
        if (updated != Updated.IMPLEMENTATION) {
          Eventually.collected(old, "nothing refers to the engine of before");
        }
      }
    }
  }

  /** In the middle of all that a plugin does, which ends as it does when the service goes. */
  private void update(Osgi osgi, Updated updated, Bundle engine, Bundle linux, Consumer consumer) throws Exception {
    UnderWay all = UnderWay.start(consumer.probe());
    Object service = consumer.probe().popol();
    if (updated != Updated.ENGINE) {
      update(linux, Jars.LINUX);
    }
    if (updated != Updated.IMPLEMENTATION) {
      update(engine, Jars.ENGINE);
    }
    osgi.refresh();
    all.assertEnded("an update of popol");
    assertNotSame(service, consumer.probe().popol(), "the plugin gets the service anew");
  }

  private void update(Bundle bundle, Path jar) throws IOException, BundleException {
    Path next = Jars.rewrite(jar, directory.resolve("next-" + jar.getFileName()),
        manifest -> manifest.putValue(Constants.BUNDLE_VERSION, NEXT));
    try (InputStream in = Files.newInputStream(next)) {
      bundle.update(in);
    }
    assertEquals(Version.valueOf(NEXT), bundle.getVersion(), "the bundle is updated");
  }

  private static BundleWiring wiring(Bundle bundle) {
    return bundle.adapt(BundleWiring.class);
  }

  private static void record(BundleEvent event, List<Bundle> of, List<String> events) {
    if (of.contains(event.getBundle())) {
      events.add(event.getBundle() + " event " + event.getType());
    }
  }
}
