package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import popol.itest.probe.Probe;
import popol.itest.probe.Probe.Wait;

/** Inside a framework: which bundle resolves, who gets the service, and what its going takes along. */
@Tag("framework")
@Timeout(60)
class WiringIT {

  private static final String SERVICE = "popol.Popol";

  @TempDir Path storage;

  @Test
  void theLinuxBundlePublishesTheService() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      Bundle linux = osgi.start(Jars.LINUX);
      ServiceReference<?> service = osgi.context().getServiceReference(SERVICE);
      assertNotNull(service, "the started implementation publishes " + SERVICE);
      assertEquals(linux, service.getBundle(), "the service is the Linux bundle's");
      assertEquals(Constants.SCOPE_BUNDLE, service.getProperty(Constants.SERVICE_SCOPE),
          "every consumer bundle has its own instance");
      assertEquals("linux", service.getProperty("popol.os"), "the service says for which system it is");
      try (Consumer consumer = Consumer.start(osgi, "one")) {
        assertEquals(consumer.probe().mechanism(), service.getProperty("popol.mechanism"),
            "the service property is what mechanism() says");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Linux,popol.linux", "MacOSX,popol.macos", "win32,popol.windows"})
  void aBundleResolvesOnItsSystemAlone(String system, String expected) throws Exception {
    try (Osgi osgi = Osgi.launch(storage, Map.of(Constants.FRAMEWORK_OS_NAME, system))) {
      osgi.start(List.of(Jars.API, Jars.ENGINE));
      for (Path jar : new Path[] {Jars.LINUX, Jars.MACOS, Jars.WINDOWS}) {
        Bundle bundle = osgi.install(jar);
        if (bundle.getSymbolicName().equals(expected)) {
          bundle.start();
          ServiceReference<?> service = osgi.context().getServiceReference(SERVICE);
          assertNotNull(service, expected + " publishes the service on " + system);
          assertEquals(bundle, service.getBundle(), "the service on " + system + " is of " + expected);
        } else {
          BundleException refused = assertThrows(BundleException.class, bundle::start,
              bundle.getSymbolicName() + " does not start on " + system);
          assertEquals(BundleException.RESOLVE_ERROR, refused.getType(), refused.toString());
          assertTrue(refused.getMessage().contains("osgi.native"), refused.toString());
        }
      }
    }
  }

  @Test
  void aComponentGetsTheServiceAndPolls() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer consumer = Consumer.start(osgi, "one")) {
      assertEquals("hello", consumer.probe().echo("hello"), "what is written to a pipe wakes the poll and is read");
    }
  }

  @Test
  void twoConsumersHaveTheirOwnInstances() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer one = Consumer.start(osgi, "one");
        Consumer two = Consumer.start(osgi, "two")) {
      assertNotSame(one.probe().popol(), two.probe().popol(), "every consumer bundle has its own instance");
    }
  }

  @Test
  void stoppingAConsumerEndsItsWaitsAndNoOthers() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer one = Consumer.start(osgi, "one");
        Consumer two = Consumer.start(osgi, "two")) {
      Wait ofOne = startWait(one);
      Wait ofTwo = startWait(two);
      one.bundle().stop();
      Eventually.endedBy(ClosedSelectorException.class, ofOne, "stopping a bundle ends its waits");
      assertFalse(ofTwo.end().isDone(), "the wait of another bundle goes on");
      assertEquals("hello", two.probe().echo("hello"), "the service of another bundle goes on");
      two.bundle().stop();
      Eventually.endedBy(ClosedSelectorException.class, ofTwo, "stopping a bundle ends its waits");
    }
  }

  @Test
  void stoppingTheImplementationTakesTheServiceAndEndsWaits() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      Bundle linux = osgi.start(Jars.LINUX);
      try (Consumer consumer = Consumer.start(osgi, "one")) {
        Wait wait = startWait(consumer);
        linux.stop();
        Eventually.endedBy(ClosedSelectorException.class, wait, "stopping the implementation ends waits");
        assertNull(osgi.context().getServiceReference(SERVICE), "the service is gone");
        assertNull(consumer.service(), "the component that needs it is gone");
        linux.start();
        assertEquals("again", consumer.probe().echo("again"), "a new service brings the component back");
      }
    }
  }

  @Test
  void stoppingTheFrameworkEndsWaits() throws Exception {
    Wait wait;
    try (Osgi osgi = Osgi.launchPopol(storage)) {
      wait = startWait(Consumer.start(osgi, "one"));
    }
    Eventually.endedBy(ClosedSelectorException.class, wait, "stopping the framework ends waits");
  }

  @Test
  void aServiceGivenBackSaysSo() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer consumer = Consumer.start(osgi, "one")) {
      Probe probe = consumer.probe();
      probe.open();
      consumer.bundle().stop();
      String message = assertThrows(IllegalStateException.class, probe::open,
          "nothing can be opened through a service that was given back").getMessage();
      assertTrue(message.contains("given back") && message.contains("get it again"), message);
    }
  }

  @Test
  void aBundleWithoutComponentsCanGetItByHand() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage)) {
      ServiceReference<?> reference = osgi.context().getServiceReference(SERVICE);
      Object popol = osgi.context().getService(reference);
      AutoCloseable sources = (AutoCloseable) popol.getClass().getMethod("open").invoke(popol);
      assertTrue(sources.toString().contains("open"), sources + " is open while the service is kept");
      osgi.context().ungetService(reference);
      assertTrue(sources.toString().contains("closed"), sources + " is closed once the service is given back");
      InvocationTargetException refused = assertThrows(InvocationTargetException.class,
          () -> popol.getClass().getMethod("open").invoke(popol), "nothing opens through it any more");
      assertEquals(IllegalStateException.class, refused.getCause().getClass(), refused.getCause().toString());
    }
  }

  @Test
  void theFlagNamesTheModuleOfBundles() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer consumer = Consumer.start(osgi, "one");
        Pipe.SourceChannel channel = Pipe.open().source()) {
      String message = assertThrows(IllegalStateException.class, () -> consumer.probe().register(channel),
          "the JDK does not show the descriptor of a pipe").getMessage();
      assertTrue(message.contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED"), message);
    }
  }

  @Test
  void aBundleRegistersASocketWithoutAFlag() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer consumer = Consumer.start(osgi, "one");
        ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      consumer.probe().register(channel);
    }
  }

  private static Wait startWait(Consumer consumer) throws Exception {
    Wait wait = consumer.probe().startWait(Thread.ofPlatform().name("popol-consumer").daemon());
    Eventually.waiting(wait);
    return wait;
  }
}
