package popol.itest;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import popol.itest.probe.Probe.Server;
import popol.itest.probe.Probe.Task;
import popol.itest.probe.Probe.Work;

/** A bundle goes in the middle of something: what was begun ends, others go on, and nothing is left behind. */
@Tag("framework")
@Timeout(60)
class LifecycleIT {

  @TempDir Path storage;

  @ParameterizedTest
  @EnumSource
  void aConsumerThatGoesEndsWhatItBeganAndNothingElse(Ending ending) throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer one = Consumer.start(osgi, "one");
        Consumer other = Consumer.start(osgi, "other")) {
      Work echoing = other.probe().startWork(Task.ECHO);
      Server serving = other.probe().startServer();
      try (Talk talk = Talk.with(serving.port())) {
        talk.exchange("before");
        UnderWay all = UnderWay.start(one.probe());
        ending.end(one.bundle(), Jars.CONSUMER);
        all.assertEnded(ending + " of a consumer");
        Eventually.working(echoing, "another plugin goes on");
        talk.exchange("after");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConsumerThatGoesLeavesNothingBehind(Ending ending) throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage)) {
      Bundle bundle = endConsumer(osgi, ending, osgi.startAnother("one", Jars.CONSUMER));
      Leftovers before = Leftovers.now(); // whatever the JDK opens once and keeps is open by now
      for (int i = 0; i < 3; i++) {
        bundle = endConsumer(osgi, ending, bundle);
      }
      before.assertNothingMore("nothing outlives a plugin that goes by " + ending);
    }
  }

  private static Bundle endConsumer(Osgi osgi, Ending ending, Bundle bundle) throws Exception {
    UnderWay all = UnderWay.start(new Consumer(osgi.context(), bundle).probe());
    ending.end(bundle, Jars.CONSUMER);
    all.assertEnded(ending + " of a consumer");
    return ending.again(osgi, bundle, Jars.CONSUMER);
  }

  @ParameterizedTest
  @EnumSource
  void anImplementationThatGoesEndsEverything(Ending ending) throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      try (Consumer one = Consumer.start(osgi, "one");
          Consumer two = Consumer.start(osgi, "two")) {
        Bundle linux = endImplementation(osgi, ending, osgi.start(Jars.LINUX), one, two);
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 3; i++) {
          linux = endImplementation(osgi, ending, linux, one, two);
        }
        before.assertNothingMore("nothing outlives an implementation that goes by " + ending);
      }
    }
  }

  /** And has it come back, which brings the components back. */
  private static Bundle endImplementation(Osgi osgi, Ending ending, Bundle linux, Consumer... consumers)
      throws Exception {
    List<UnderWay> all = new ArrayList<>();
    for (Consumer consumer : consumers) {
      all.add(UnderWay.start(consumer.probe()));
    }
    ending.end(linux, Jars.LINUX);
    for (UnderWay one : all) {
      one.assertEnded(ending + " of the implementation");
    }
    if (ending != Ending.UPDATE) {
      for (Consumer consumer : consumers) {
        assertNull(consumer.service(), "a component that needs popol goes with it");
      }
    }
    return ending.again(osgi, linux, Jars.LINUX);
  }

  @Test
  void aFrameworkThatStopsEndsEverythingAndLeavesNothingBehind() throws Exception {
    assertCollected(stopFramework(), "a framework that has stopped");
    Leftovers before = Leftovers.now();
    for (int i = 0; i < 3; i++) {
      assertCollected(stopFramework(), "a framework that has stopped"); // some memory goes with a class
    }
    before.assertNothingMore("nothing outlives a framework");
  }

  private List<WeakReference<ClassLoader>> stopFramework() throws Exception {
    List<WeakReference<ClassLoader>> loaders;
    UnderWay all;
    try (Osgi osgi = Osgi.launchPopol(storage)) {
      Consumer consumer = Consumer.start(osgi, "one");
      loaders = loaders(osgi.context().getBundles());
      all = UnderWay.start(consumer.probe());
    }
    all.assertEnded("the stop of a framework");
    return loaders;
  }

  @Test
  void theClassesOfAConsumerAreCollected() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(storage);
        Consumer other = Consumer.start(osgi, "other")) {
      UnderWay all = UnderWay.start(other.probe());
      assertCollected(useAndUninstall(osgi), "a consumer that was uninstalled");
      all.talk().exchange("still there");
    }
  }

  private static List<WeakReference<ClassLoader>> useAndUninstall(Osgi osgi) throws Exception {
    Bundle bundle = osgi.startAnother("one", Jars.CONSUMER);
    List<WeakReference<ClassLoader>> loaders = loaders(bundle);
    endConsumer(osgi, Ending.UNINSTALL, bundle).uninstall();
    osgi.refresh();
    return loaders;
  }

  @Test
  void theClassesOfAnImplementationAreCollected() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(storage)) {
      try (Consumer consumer = Consumer.start(osgi, "one")) {
        assertCollected(useAndUninstall(osgi, consumer), "an implementation that was uninstalled");
      }
    }
  }

  private static List<WeakReference<ClassLoader>> useAndUninstall(Osgi osgi, Consumer consumer) throws Exception {
    Bundle linux = osgi.start(Jars.LINUX);
    List<WeakReference<ClassLoader>> loaders = loaders(linux);
    endImplementation(osgi, Ending.UNINSTALL, linux, consumer).uninstall();
    osgi.refresh();
    return loaders;
  }

  /** Of those that have one: not of the framework itself, and not of a fragment. */
  private static List<WeakReference<ClassLoader>> loaders(Bundle... bundles) {
    return Stream.of(bundles)
        .filter(bundle -> bundle.getBundleId() != 0)
        .map(bundle -> new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()))
        .toList();
  }

  private static void assertCollected(List<WeakReference<ClassLoader>> loaders, String what)
      throws InterruptedException {
    for (WeakReference<ClassLoader> loader : loaders) {
      Eventually.collected(loader, "nothing refers to the classes of " + what);
    }
  }
}
