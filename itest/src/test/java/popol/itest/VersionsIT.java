package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import popol.itest.probe.Probe.Wait;

/** Two versions of popol in one framework, each with consumers of its own. */
@Tag("framework")
@Timeout(60)
class VersionsIT {

  @TempDir Path directory;

  @Test
  void twoVersionsLiveSideBySide() throws Exception {
    try (Osgi osgi = Osgi.launch(directory.resolve("storage"))) {
      osgi.start(Jars.API);
      Bundle linux = osgi.start(Jars.LINUX);
      osgi.start(next(Jars.API));
      Bundle nextLinux = osgi.start(next(Jars.LINUX));
      try (Consumer consumer = Consumer.start(osgi, "one");
          Consumer nextConsumer = Consumer.start(osgi, "next", next(Jars.CONSUMER))) {
        assertNotSame(type(consumer), type(nextConsumer), "each consumer has the popol of its version");
        assertEquals("one", consumer.probe().echo("one"), "the first version works");
        assertEquals("next", nextConsumer.probe().echo("next"), "the second version works");

        Wait wait = startWait(consumer);
        Wait nextWait = startWait(nextConsumer);
        linux.stop();
        Eventually.endedBy(ClosedSelectorException.class, wait, "stopping one version ends its waits");
        assertNull(consumer.service(), "its consumers do not get the other version");
        assertFalse(nextWait.end().isDone(), "the waits of the other version go on");
        assertEquals("next", nextConsumer.probe().echo("next"), "and it works");

        nextLinux.stop();
        Eventually.endedBy(ClosedSelectorException.class, nextWait, "stopping the other version ends its waits");
        linux.start();
        assertEquals("one", consumer.probe().echo("one"), "one version comes back");
        assertNull(nextConsumer.service(), "and the other does not");
      }
    }
  }

  private static Class<?> type(Consumer consumer) {
    return consumer.probe().popol().getClass();
  }

  private static Wait startWait(Consumer consumer) throws Exception {
    Wait wait = consumer.probe().startWait(Thread.ofPlatform().name("popol-consumer").daemon());
    Eventually.waiting(wait);
    return wait;
  }

  /** The same bundle as the next major version: of itself, and of the packages of popol that it exports or imports. */
  private Path next(Path jar) throws IOException {
    return Jars.rewrite(jar, directory.resolve("next-" + jar.getFileName()), manifest -> {
      manifest.putValue(Constants.BUNDLE_VERSION, "2.0.0");
      nextPackages(manifest, Constants.EXPORT_PACKAGE, "version=\"1.0.0\"", "version=\"2.0.0\"");
      nextPackages(manifest, Constants.IMPORT_PACKAGE, "version=\"[1.0,2)\"", "version=\"[2.0,3)\"");
    });
  }

  private static void nextPackages(Attributes manifest, String header, String old, String next) {
    String value = manifest.getValue(header);
    if (value != null) {
      manifest.putValue(header, value
          .replace("popol;" + old, "popol;" + next)
          .replace("popol.spi;" + old, "popol.spi;" + next));
    }
  }
}
