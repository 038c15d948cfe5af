package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** {@code Sources.open()} in a bundle: it works where a mediator serves {@code ServiceLoader}. */
@Tag("framework")
@Timeout(60)
class MediatorIT {

  private static final List<String> MEDIATOR = List.of("asm", "asm-tree", "asm-analysis", "asm-commons", "asm-util",
      "org.apache.aries.spifly.dynamic.bundle");

  @TempDir Path storage;

  @Test
  void aBundleOpensWithoutTheServiceWhereAMediatorRuns() throws Exception {
    try (Osgi osgi = launchWithMediator()) {
      osgi.start(List.of(Jars.API, Jars.ENGINE));
      Bundle linux = osgi.start(Jars.LINUX);
      try (Consumer consumer = Consumer.start(osgi, "one")) {
        assertEquals("Sources[" + consumer.probe().mechanism() + ", open]", consumer.probe().openWithoutService(),
            "the mediator leads ServiceLoader to the implementation bundle");
        assertEquals(1, osgi.context().getAllServiceReferences("popol.Popol", null).length,
            "the mediator registers no second service");
        linux.stop();
        linux.start();
        assertEquals("again", consumer.probe().echo("again"), "the service is as it is without a mediator");
        assertTrue(consumer.probe().openWithoutService().endsWith("open]"), "and ServiceLoader finds it again");
      }
    }
  }

  @Test
  void withoutAMediatorTheErrorSaysHowToGetTheService() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer consumer = Consumer.start(osgi, "one")) {
      String message = assertThrows(IllegalStateException.class, consumer.probe()::openWithoutService,
          "in a framework without a mediator there is no provider to load").getMessage();
      assertTrue(message.contains("in OSGi start that bundle and get the service popol.Popol"), message);
    }
  }

  @Test
  void theApiIsNotWiredToWhatIsUpdated() throws Exception {
    try (Osgi osgi = launchWithMediator()) {
      Bundle engine = osgi.install(Jars.ENGINE);
      Bundle linux = osgi.install(Jars.LINUX);
      Bundle api = osgi.start(Jars.API);
      engine.start();
      linux.start();
      for (BundleWire wire : api.adapt(BundleWiring.class).getRequiredWires(null)) {
        assertFalse(List.of(engine, linux).contains(wire.getProvider().getBundle()),
            "a refresh spares the API: " + wire);
      }
    }
  }

  private Osgi launchWithMediator() throws Exception {
    Osgi osgi = Osgi.launch(storage);
    for (String name : MEDIATOR) {
      osgi.install(Jars.jar(name));
    }
    for (Bundle bundle : osgi.context().getBundles()) {
      bundle.start();
    }
    return osgi;
  }
}
