package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleWiring;

/** The life of plugins and of popol's bundles in a framework, beyond a single start and stop. */
@Tag("framework")
@Timeout(120)
class LifeIT {

  private static final int MOMENT = 200; // milliseconds in which a connection that is closed would have ended

  @TempDir Path directory;

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(30_000);
    System.setProperty("popol.itest.port", String.valueOf(server.getLocalPort()));
  }

  @AfterEach
  void close() throws IOException {
    System.clearProperty("popol.itest.port");
    System.clearProperty("popol.itest.crash");
    server.close();
  }

  /** The bundle of {@code Peers} alone. */
  private Path peers() throws IOException {
    return Jars.rewrite(Jars.CONSUMER, directory.resolve("peers.jar"), manifest -> {
      manifest.putValue(Constants.BUNDLE_SYMBOLICNAME, "peers");
      manifest.putValue("Service-Component", "peers.xml");
    });
  }

  /** The connections of {@code Peers}, by what they call themselves. */
  private Map<String, Socket> accept() throws IOException {
    Map<String, Socket> sockets = new HashMap<>();
    for (int i = 0; i < 2; i++) {
      Socket socket = server.accept();
      socket.setSoTimeout(30_000);
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      sockets.put(reader.readLine(), socket);
    }
    return sockets;
  }

  private static void assertOwnedAreClosed(Map<String, Socket> peers, String when) throws IOException {
    try (Socket owned = peers.get("owned");
        Socket other = peers.get("other")) {
      assertEquals(-1, owned.getInputStream().read(), "rule 23: what the registry owns is closed by " + when);
      other.setSoTimeout(MOMENT);
      assertThrows(SocketTimeoutException.class, () -> other.getInputStream().read(),
          "rule 23: what it does not own is not closed by " + when);
    }
  }

  @ParameterizedTest
  @EnumSource
  void connectionsThatAreOwnedGoWithThePluginAndOthersDoNot(Ending ending) throws Exception {
    Path jar = peers();
    try (Osgi osgi = Osgi.launchPopol(directory.resolve("storage"))) {
      Bundle bundle = osgi.start(jar);
      Map<String, Socket> peers = accept();
      ending.end(bundle, jar);
      assertOwnedAreClosed(peers, ending + " of the plugin");
      if (ending == Ending.UPDATE) { // which starts it again
        Map<String, Socket> again = accept();
        bundle.uninstall();
        assertOwnedAreClosed(again, "the end of the updated plugin");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void connectionsThatAreOwnedGoWithPopol(Ending ending) throws Exception {
    try (Osgi osgi = Osgi.launchEngine(directory.resolve("storage"))) {
      Bundle linux = osgi.start(Jars.LINUX);
      Bundle plugin = osgi.start(peers());
      Map<String, Socket> peers = accept();
      BundleWiring wiring = plugin.adapt(BundleWiring.class);
      ending.end(linux, Jars.LINUX);
      assertOwnedAreClosed(peers, ending + " of popol");
      linux = ending.again(osgi, linux, Jars.LINUX);
      Map<String, Socket> again = accept();
      assertSame(wiring, plugin.adapt(BundleWiring.class), "the plugin was not refreshed, but gets the service anew");
      plugin.stop();
      assertOwnedAreClosed(again, "the stop of the plugin");
    }
  }

  @Test
  void aPluginThatCrashesInItsActivationLeavesNothingBehind() throws Exception {
    System.setProperty("popol.itest.crash", "true");
    Path jar = peers();
    try (Osgi osgi = Osgi.launchPopol(directory.resolve("storage"))) {
      crash(osgi, jar);
      Leftovers before = Leftovers.now();
      for (int i = 0; i < 5; i++) {
        crash(osgi, jar);
      }
      assertNoThreadMore(before);
      System.clearProperty("popol.itest.crash");
      Bundle bundle = osgi.start(jar);
      assertEquals(2, accept().size(), "without the fault it runs");
      bundle.uninstall();
    }
  }

  /** No descriptors are counted: the connections that nobody owns stay open, which is the plugin's own fault. */
  private static void assertNoThreadMore(Leftovers before) throws Exception {
    for (Thread thread : Leftovers.now().threads()) {
      if (!before.threads().contains(thread)) {
        thread.join(30_000);
        assertFalse(thread.isAlive(), "a thread of a plugin that crashed: " + thread);
      }
    }
  }

  /** The component runtime keeps the service of a component that failed, until its bundle stops. */
  private void crash(Osgi osgi, Path jar) throws Exception {
    Bundle bundle = osgi.start(jar);
    Map<String, Socket> peers = accept();
    bundle.uninstall();
    assertOwnedAreClosed(peers, "the end of a plugin that crashed");
  }

  @Test
  void aPluginStopsItselfInTheMiddleOfItsOwnEvent() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(directory.resolve("storage"))) {
      Bundle bundle = osgi.start(peers());
      for (int i = 0; i < 5; i++) {
        Map<String, Socket> peers = accept();
        peers.get("other").getOutputStream().write('x');
        assertOwnedAreClosed(peers, "a plugin that stops itself");
        Eventually.stopped(bundle);
        bundle.start();
      }
      accept();
    }
  }

  @Test
  void popolIsUpdatedUnderTenRunningPlugins() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(directory.resolve("storage"))) {
      Bundle linux = osgi.start(Jars.LINUX);
      List<Consumer> plugins = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        plugins.add(Consumer.start(osgi, "plugin " + i));
      }
      for (int round = 0; round < 3; round++) {
        List<UnderWay> all = new ArrayList<>();
        List<BundleWiring> wirings = new ArrayList<>();
        for (Consumer plugin : plugins) {
          all.add(UnderWay.start(plugin.probe()));
          wirings.add(plugin.bundle().adapt(BundleWiring.class));
        }
        Ending.UPDATE.end(linux, Jars.LINUX);
        linux = Ending.UPDATE.again(osgi, linux, Jars.LINUX);
        for (int i = 0; i < plugins.size(); i++) {
          all.get(i).assertEnded("an update of popol");
          assertEquals(Bundle.ACTIVE, plugins.get(i).bundle().getState(), "the plugin runs");
          assertSame(wirings.get(i), plugins.get(i).bundle().adapt(BundleWiring.class), "and was not refreshed");
          assertEquals("again", plugins.get(i).probe().echo("again"), "with the new service");
        }
      }
    }
  }

  @Test
  void aFrameworkStartsAgainFromItsStorage() throws Exception {
    Path storage = directory.resolve("storage");
    try (Osgi osgi = Osgi.launchPopol(storage)) {
      assertEquals("first", Consumer.start(osgi, "plugin").probe().echo("first"));
    }
    for (int i = 0; i < 3; i++) {
      try (Osgi osgi = Osgi.restart(storage)) {
        Bundle bundle = osgi.context().getBundle("plugin");
        assertEquals("again", new Consumer(osgi.context(), bundle).probe().echo("again"), "restart " + i);
        UnderWay.start(new Consumer(osgi.context(), bundle).probe());
      }
    }
  }

  @Test
  void startLevelsTakeTheServiceAwayAndBringItBack() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(directory.resolve("storage"))) {
      Bundle linux = osgi.install(Jars.LINUX);
      linux.adapt(BundleStartLevel.class).setStartLevel(5);
      linux.start();
      try (Consumer consumer = Consumer.start(osgi, "plugin")) {
        assertNull(consumer.service(), "popol's level has not been reached");
        for (int i = 0; i < 3; i++) {
          level(osgi, 5);
          UnderWay all = UnderWay.start(consumer.probe());
          level(osgi, 4);
          all.assertEnded("a start level below popol's");
          assertNull(consumer.service(), "the component waits again");
        }
      }
    }
  }

  private static void level(Osgi osgi, int level) throws InterruptedException {
    FrameworkStartLevel framework = osgi.context().getBundle(0).adapt(FrameworkStartLevel.class);
    CountDownLatch done = new CountDownLatch(1);
    framework.setStartLevel(level, event -> done.countDown());
    done.await();
  }

  @Test
  void bundlesThatAreStartedLazilyWork() throws Exception {
    try (Osgi osgi = Osgi.launch(directory.resolve("storage"))) {
      for (Path jar : List.of(Jars.API, Jars.ENGINE, Jars.LINUX, Jars.CONSUMER)) {
        Path lazy = Jars.rewrite(jar, directory.resolve("lazy-" + jar.getFileName()),
            manifest -> manifest.putValue(Constants.BUNDLE_ACTIVATIONPOLICY, Constants.ACTIVATION_LAZY));
        osgi.install(lazy).start(Bundle.START_ACTIVATION_POLICY);
      }
      Bundle plugin = osgi.context().getBundles()[osgi.context().getBundles().length - 1];
      UnderWay all = UnderWay.start(new Consumer(osgi.context(), plugin).probe());
      plugin.stop();
      all.assertEnded("the stop of a lazy plugin");
    }
  }

  @Test
  void fiftyPluginsStartAndStopAtTheSameTime() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(directory.resolve("storage"));
        ExecutorService threads = Executors.newFixedThreadPool(50)) {
      fifty(osgi, threads);
      Leftovers before = Leftovers.now();
      fifty(osgi, threads);
      before.assertNothingMore("nothing is left of 50 plugins that came and went together");
    }
  }

  private static void fifty(Osgi osgi, ExecutorService threads) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String location = "plugin " + i;
      all.add(threads.submit(() -> {
        try (Consumer consumer = Consumer.start(osgi, location)) {
          assertEquals(location, consumer.probe().echo(location));
          consumer.probe().startWait(Thread.ofVirtual());
          consumer.probe().startServer();
        }
        return null;
      }));
    }
    for (Future<?> one : all) {
      one.get();
    }
  }
}
