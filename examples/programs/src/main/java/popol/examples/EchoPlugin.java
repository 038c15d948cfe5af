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
 * framework; a failure ends the server alone.
 */
@Component
public final class EchoPlugin {

  private final Sources<EchoServer.Key> sources;
  private final Thread thread;

  /**
   * Starts the server, in a thread of its own.
   *
   * @param popol what opens the registry; it is this bundle's own instance
   * @param context of this bundle
   * @throws IOException if the registry cannot be opened
   */
  @Activate
  public EchoPlugin(@Reference Popol popol, BundleContext context) throws IOException {
    sources = popol.open();
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
    thread = Thread.ofPlatform().name("echo server").start(() -> serve(framework));
  }

  private void serve(Bundle framework) {
    try (Output out = new Output(); EchoServer server = new EchoServer(sources, 0, out)) {
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
