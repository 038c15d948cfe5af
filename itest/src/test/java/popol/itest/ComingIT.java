package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.channels.ClosedSelectorException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import popol.itest.probe.Probe;
import popol.itest.probe.Probe.Wait;

/** popol comes before its consumers, after them, and again. */
@Tag("framework")
@Timeout(60)
class ComingIT {

  @TempDir Path storage;

  @Test
  void aConsumerIsThereOnceTheImplementationIs() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      try (Consumer consumer = Consumer.start(osgi, "one")) {
        assertNull(consumer.service(), "a component that needs popol is not there before it");
        osgi.start(Jars.LINUX);
        assertEquals("late", consumer.probe().echo("late"), "it comes with the implementation");
      }
    }
  }

  @Test
  void anOptionalDynamicReferenceFollowsTheService() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      try (Consumer consumer = Consumer.start(osgi, "one")) {
        Supplier<Probe> component = consumer.optional();
        assertNull(component.get(), "the component is there without popol");
        Bundle linux = osgi.start(Jars.LINUX);
        assertEquals("first", component.get().echo("first"), "popol comes to the component");
        for (Ending ending : Ending.values()) {
          Wait wait = component.get().startWait(Thread.ofPlatform().name("popol-consumer").daemon());
          Eventually.waiting(wait);
          ending.end(linux, Jars.LINUX);
          Eventually.endedBy(ClosedSelectorException.class, wait, "a registry is closed with its service");
          linux = ending.again(osgi, linux, Jars.LINUX);
          assertEquals("again", component.get().echo("again"), "popol comes again");
          assertSame(component, consumer.optional(), "the component stays what it was");
        }
        linux.stop();
        assertNull(component.get(), "popol goes, the component stays");
      }
    }
  }

  /** The consumer before the implementation or after it; the framework starts and stops them by level. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void startLevelsBringAndTakeThem(int consumerLevel) throws Exception {
    int implementationLevel = 3;
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      Bundle linux = startAt(implementationLevel, osgi.install(Jars.LINUX));
      try (Consumer consumer = new Consumer(osgi.context(), startAt(consumerLevel, osgi.install(Jars.CONSUMER)))) {
        assertNull(consumer.service(), "nothing above the framework's level is started");
        for (int round = 0; round < 2; round++) {
          moveTo(osgi, 4);
          assertEquals("up", consumer.probe().echo("up"), "both are there");
          Wait wait = consumer.probe().startWait(Thread.ofPlatform().name("popol-consumer").daemon());
          Eventually.waiting(wait);
          moveTo(osgi, 1);
          Eventually.endedBy(ClosedSelectorException.class, wait, "whichever goes first ends the wait");
          for (Bundle bundle : List.of(linux, consumer.bundle())) {
            assertEquals(Bundle.RESOLVED, bundle.getState(), bundle + " is stopped at level 1");
          }
        }
      }
    }
  }

  private static Bundle startAt(int level, Bundle bundle) throws BundleException {
    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
    bundle.start();
    return bundle;
  }

  private static void moveTo(Osgi osgi, int level) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    FrameworkStartLevel framework = osgi.context().getBundle(0).adapt(FrameworkStartLevel.class);
    assertNotNull(framework, "the framework has start levels");
    framework.setStartLevel(level, event -> done.countDown());
    if (!done.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the framework did not get to level " + level);
    }
  }
}
