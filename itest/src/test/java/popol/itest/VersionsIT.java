package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern PACKAGE =
      Pattern.compile("(\\bpopol(?:\\.(?:engine|ffm|spi|unix))?;version=)(\"[^\"]*\")");

  @TempDir Path directory;

  @Test
  void twoVersionsLiveSideBySide() throws Exception {
    try (Osgi osgi = Osgi.launch(directory.resolve("storage"))) {
      osgi.start(List.of(Jars.API, Jars.ENGINE));
      Bundle linux = osgi.start(Jars.LINUX);
      osgi.start(List.of(next(Jars.API), next(Jars.ENGINE)));
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
      for (String header : List.of(Constants.EXPORT_PACKAGE, Constants.IMPORT_PACKAGE)) {
        String value = manifest.getValue(header);
        if (value != null) {
          manifest.putValue(header, PACKAGE.matcher(value).replaceAll(VersionsIT::next));
        }
      }
    });
  }

  /** A package of popol with its version or its range of versions: 1.0 becomes 2.0, and 0.2 becomes 2.2. */
  private static String next(MatchResult match) {
    String version = match.group(2)
        .replaceAll("\\b[01]\\.(\\d+)", "2.$1") // of a version, or the lower and upper end of a range
        .replace(",2)", ",3)");
    return Matcher.quoteReplacement(match.group(1) + version);
  }
}
