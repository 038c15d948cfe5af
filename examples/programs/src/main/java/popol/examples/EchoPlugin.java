package popol.examples;

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
 * The {@link EchoServer} as an OSGi plugin, which serves while popol's service is there. {@code quit} ends the
 * framework; a failure ends the server alone. Where standard input is a shell's, the server does not read it: two
 * readers would take each other's lines.
 *
 * <p>Configuration Admin, where it is installed, can give it another port: in a ready host by the file
 * {@code popol.examples.EchoPlugin.cfg} with the line {@code port=7000}. A new port starts it anew.
 */
@Component
public final class EchoPlugin {

  private static final int MOST = 65_535;

  private final Sources<EchoServer.Key> sources;
  private final Thread thread;

  /** What can be configured. */
  @interface Config {

    /** The port to listen on; 0 for any free one. A text, so that what is no number gets an error of this class. */
    String port() default "0";
  }

  /**
   * Starts the server, in a thread of its own.
   *
   * @param popol what opens the registry; it is this bundle's own instance
   * @param context of this bundle
   * @param config what is configured
   * @throws IOException if the registry cannot be opened
   * @throws IllegalArgumentException if the port is none
   */
  @Activate
  public EchoPlugin(@Reference Popol popol, BundleContext context, Config config) throws IOException {
    int port = port(config.port());
    boolean commands = !Boolean.parseBoolean(context.getProperty("popol.host.shell"));
    sources = popol.open();
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
    thread = Thread.ofPlatform().name("echo server").start(() -> serve(port, commands, framework));
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port <= MOST) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("the property port of the configuration " + EchoPlugin.class.getName() + " is "
        + text + "; it can be 0, for any free port, to " + MOST);
  }

  private void serve(int port, boolean commands, Bundle framework) {
    try (Output out = new Output(); EchoServer server = new EchoServer(sources, port, commands, out)) {
      server.run();
    } catch (ClosedSelectorException stopped) {
      return; // this plugin, and not the server
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
   * Ends the server. Closing the registry ends its wait.
   *
   * @throws InterruptedException if the thread that stops this bundle is interrupted
   */
  @Deactivate
  void stop() throws InterruptedException {
    sources.close();
    thread.join();
  }
}
