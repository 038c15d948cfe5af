package popol.examples.node;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import popol.Popol;
import popol.Sources;
import popol.examples.parts.Output;

/**
 * A {@link Node} as an OSGi plugin: it runs while popol's service is there, and can be updated while other nodes talk
 * to it. {@code quit} ends the framework; a failure ends the node alone.
 *
 * <p>What {@link Main} takes as arguments is configured by Configuration Admin, where it is installed: in a ready host
 * by the file {@code popol.examples.node.NodePlugin.cfg} with the lines {@code listen=7000} and
 * {@code peer=127.0.0.1:7001}. The framework's properties {@code popol.node.listen} and {@code popol.node.peer}, or
 * those of the JVM, stand for what is not configured.
 */
@Component
public final class NodePlugin {

  /** What can be configured; the framework's properties stand for what is not. */
  @interface Configured {

    /** Where to listen: {@code PORT} or {@code HOST:PORT}. */
    String listen() default "";

    /** Another node, in the same form. */
    String peer() default "";
  }

  private final Sources<Node.Key> sources;
  private final Thread thread;

  /**
   * Starts the node, in a thread of its own.
   *
   * @param popol what opens the registry; it is this bundle's own instance
   * @param context of this bundle
   * @param configured what is configured
   * @throws IOException if the registry cannot be opened
   */
  @Activate
  public NodePlugin(@Reference Popol popol, BundleContext context, Configured configured) throws IOException {
    String listen = first(configured.listen(), context.getProperty("popol.node.listen"));
    Config config = parse(listen == null ? "0" : listen,
        first(configured.peer(), context.getProperty("popol.node.peer")));
    boolean commands = !Boolean.parseBoolean(context.getProperty("popol.host.shell")); // else a shell reads them
    sources = popol.open();
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
    thread = Thread.ofPlatform().name("popol node").start(() -> run(config, commands, framework));
  }

  /** Without the cause, so that a host which prints the innermost exception says what can be done. */
  private static Config parse(String listen, String peer) {
    try {
      return Config.parse(listen, peer);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the properties listen and peer of the configuration "
          + NodePlugin.class.getName() + " are addresses: " + e.getMessage());
    }
  }

  private static String first(String configured, String property) {
    return configured.isEmpty() ? property : configured;
  }

  private void run(Config config, boolean commands, Bundle framework) {
    try (Output out = new Output()) {
      new Node(sources, config, Limits.DEFAULT, out::println).run(commands);
    } catch (ClosedSelectorException closed) {
      return; // this plugin was stopped or is updated, not the node
    } catch (IOException | InterruptedException | RuntimeException e) {
      e.printStackTrace();
      return;
    }
    stop(framework);
  }

  private static void stop(Bundle framework) {
    try {
      framework.stop(); // returns at once, so this thread can be waited for
    } catch (BundleException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Ends the node. Closing the registry ends its wait.
   *
   * @throws InterruptedException if the thread that stops this bundle is interrupted
   */
  @Deactivate
  void stop() throws InterruptedException {
    sources.close();
    thread.join();
  }
}
