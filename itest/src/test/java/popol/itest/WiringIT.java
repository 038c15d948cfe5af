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
import java.util.Map;
import java.util.Set;
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

/** Inside Felix: which bundle resolves, who gets the service, and what its going takes along. */
@Timeout(60)
class WiringIT {

  private static final String SERVICE = "popol.Popol";

  @TempDir Path storage;

  @Test
  void theLinuxBundlePublishesTheService() throws Exception {
    try (Felix felix = Felix.launch(storage)) {
      felix.start(Jars.API);
      Bundle linux = felix.start(Jars.LINUX);
      ServiceReference<?> service = felix.context().getServiceReference(SERVICE);
      assertNotNull(service, "the started implementation publishes " + SERVICE);
      assertEquals(linux, service.getBundle(), "the service is the Linux bundle's");
      assertEquals(Constants.SCOPE_BUNDLE, service.getProperty(Constants.SERVICE_SCOPE),
          "every consumer bundle has its own instance");
      assertEquals("linux", service.getProperty("popol.os"), "the service says for which system it is");
      try (Consumer consumer = Consumer.start(felix, "one")) {
        assertEquals(consumer.probe().mechanism(), service.getProperty("popol.mechanism"),
            "the service property is what mechanism() says");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Linux,popol.linux", "MacOSX,popol.macos", "win32,popol.windows"})
  void aBundleResolvesOnItsSystemAlone(String system, String expected) throws Exception {
    try (Felix felix = Felix.launch(storage, Map.of(Constants.FRAMEWORK_OS_NAME, system))) {
      felix.start(Jars.API);
      for (Path jar : new Path[] {Jars.LINUX, Jars.MACOS, Jars.WINDOWS}) {
        Bundle bundle = felix.install(jar);
        if (bundle.getSymbolicName().equals(expected)) {
          bundle.start();
          ServiceReference<?> service = felix.context().getServiceReference(SERVICE);
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
    try (Felix felix = startPopol();
        Consumer consumer = Consumer.start(felix, "one")) {
      assertEquals("hello", consumer.probe().echo("hello"), "what is written to a pipe wakes the poll and is read");
    }
  }

  @Test
  void twoConsumersHaveTheirOwnInstances() throws Exception {
    try (Felix felix = startPopol();
        Consumer one = Consumer.start(felix, "one");
        Consumer two = Consumer.start(felix, "two")) {
      assertNotSame(one.probe().popol(), two.probe().popol(), "every consumer bundle has its own instance");
    }
  }

  @Test
  void stoppingAConsumerEndsItsWaitsAndNoOthers() throws Exception {
    try (Felix felix = startPopol();
        Consumer one = Consumer.start(felix, "one");
        Consumer two = Consumer.start(felix, "two")) {
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
    try (Felix felix = Felix.launch(storage)) {
      felix.start(Jars.API);
      Bundle linux = felix.start(Jars.LINUX);
      try (Consumer consumer = Consumer.start(felix, "one")) {
        Wait wait = startWait(consumer);
        linux.stop();
        Eventually.endedBy(ClosedSelectorException.class, wait, "stopping the implementation ends waits");
        assertNull(felix.context().getServiceReference(SERVICE), "the service is gone");
        assertNull(consumer.service(), "the component that needs it is gone");
        linux.start();
        assertEquals("again", consumer.probe().echo("again"), "a new service brings the component back");
      }
    }
  }

  @Test
  void stoppingTheFrameworkEndsWaits() throws Exception {
    Wait wait;
    try (Felix felix = startPopol()) {
      wait = startWait(Consumer.start(felix, "one"));
    }
    Eventually.endedBy(ClosedSelectorException.class, wait, "stopping the framework ends waits");
  }

  @Test
  void aServiceGivenBackSaysSo() throws Exception {
    try (Felix felix = startPopol();
        Consumer consumer = Consumer.start(felix, "one")) {
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
    try (Felix felix = startPopol()) {
      ServiceReference<?> reference = felix.context().getServiceReference(SERVICE);
      Object popol = felix.context().getService(reference);
      AutoCloseable sources = (AutoCloseable) popol.getClass().getMethod("open").invoke(popol);
      assertTrue(sources.toString().contains("open"), sources + " is open while the service is kept");
      felix.context().ungetService(reference);
      assertTrue(sources.toString().contains("closed"), sources + " is closed once the service is given back");
      InvocationTargetException refused = assertThrows(InvocationTargetException.class,
          () -> popol.getClass().getMethod("open").invoke(popol), "nothing opens through it any more");
      assertEquals(IllegalStateException.class, refused.getCause().getClass(), refused.getCause().toString());
    }
  }

  @Test
  void aStoppedConsumerLeavesNoDescriptorAndNoThread() throws Exception {
    try (Felix felix = startPopol();
        Consumer consumer = Consumer.start(felix, "one")) {
      Bundle bundle = consumer.bundle();
      waitAndStop(consumer); // whatever the JDK opens once and keeps is open after this
      bundle.start();
      Set<String> descriptors = Leftovers.descriptors();
      Set<Thread> threads = Leftovers.threads();
      waitAndStop(consumer);
      bundle.start();
      assertEquals(descriptors, Leftovers.descriptors(), "no descriptor outlives a plugin");
      assertEquals(threads, Leftovers.threads(), "no thread outlives a plugin");
    }
  }

  /** With a wait of either kind of thread: a virtual one has a platform thread wait for it. */
  private static void waitAndStop(Consumer consumer) throws Exception {
    Wait platform = startWait(consumer);
    Wait virtual = consumer.probe().startWait(Thread.ofVirtual());
    Eventually.waiting(virtual);
    consumer.bundle().stop();
    Eventually.endedBy(ClosedSelectorException.class, platform, "stopping a bundle ends its waits");
    Eventually.endedBy(ClosedSelectorException.class, virtual, "stopping a bundle ends its waits");
  }

  @Test
  void theFlagNamesTheModuleOfBundles() throws Exception {
    try (Felix felix = startPopol();
        Consumer consumer = Consumer.start(felix, "one");
        Pipe.SourceChannel channel = Pipe.open().source()) {
      String message = assertThrows(IllegalStateException.class, () -> consumer.probe().register(channel),
          "the JDK does not show the descriptor of a pipe").getMessage();
      assertTrue(message.contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED"), message);
    }
  }

  @Test
  void aBundleRegistersASocketWithoutAFlag() throws Exception {
    try (Felix felix = startPopol();
        Consumer consumer = Consumer.start(felix, "one");
        ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      consumer.probe().register(channel);
    }
  }

  @Test
  void openingWithoutTheServiceSaysToGetIt() throws Exception {
    try (Felix felix = startPopol();
        Consumer consumer = Consumer.start(felix, "one")) {
      String message = assertThrows(IllegalStateException.class, consumer.probe()::openWithoutService,
          "in a framework without a mediator there is no provider to load").getMessage();
      assertTrue(message.contains("in OSGi start that bundle and get the service popol.Popol"), message);
    }
  }

  private Felix startPopol() throws BundleException {
    Felix felix = Felix.launch(storage);
    felix.start(Jars.API);
    felix.start(Jars.LINUX);
    return felix;
  }

  private static Wait startWait(Consumer consumer) throws Exception {
    Wait wait = consumer.probe().startWait(Thread.ofPlatform().name("popol-consumer").daemon());
    Eventually.waiting(wait);
    return wait;
  }
}
