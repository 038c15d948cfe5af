package popol.examples.node;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Felix with the node in it, in a JVM whose standard input is the node's. A test tells it over a connection what to do
 * with the node's bundle.
 */
final class FelixHost {

  private FelixHost() {}

  /**
   * Runs until the node ends the framework.
   *
   * @param args the port of the test, the directory for the framework's files, the path of the bundles; the last one
   *     is the node's
   */
  public static void main(String[] args) throws Exception {
    try (Socket test = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
      Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
          .newFramework(Map.of(
              Constants.FRAMEWORK_STORAGE, args[1],
              "felix.service.urlhandlers", "false")); // they need access to internals of the JDK
      framework.start();
      List<Bundle> bundles = new ArrayList<>();
      for (String jar : args[2].split(File.pathSeparator)) {
        bundles.add(framework.getBundleContext().installBundle(Path.of(jar).toUri().toString()));
      }
      for (Bundle bundle : bundles) {
        if (framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))) { // not for other systems
          bundle.start();
        }
      }
      Thread.ofPlatform().daemon().start(() -> obey(test, bundles.getLast()));
      framework.waitForStop(0);
    }
  }

  private static void obey(Socket test, Bundle node) {
    try (InputStreamReader bytes = new InputStreamReader(test.getInputStream(), StandardCharsets.UTF_8);
        BufferedReader input = new BufferedReader(bytes);
        PrintStream output = new PrintStream(test.getOutputStream(), true, StandardCharsets.UTF_8)) {
      for (String command = input.readLine(); command != null; command = input.readLine()) {
        output.println(obey(command, node));
      }
    } catch (IOException closed) {
      // the test is over
    } catch (BundleException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String obey(String command, Bundle node) throws BundleException, IOException {
    switch (command) {
      case "start" -> node.start();
      case "stop" -> node.stop();
      case "update" -> node.update(Files.newInputStream(Path.of(node.getLocation().substring("file:".length()))));
      case "leftovers" -> {
        return Leftovers.now().toString();
      }
      default -> throw new IllegalArgumentException(command);
    }
    return "done";
  }
}
