package popol.examples.loop.plugin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.examples.loop.LoopPlugin;
import popol.examples.loop.PluginSources;

/** Echoes in the shared loop. To show what becomes of it, {@code throw} makes it throw and {@code block} block. */
@Component
public final class EchoPlugin implements LoopPlugin {

  private static final String RETRY = "retry"; // the key of the time to listen again
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final String name;
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final Set<SocketChannel> peers = ConcurrentHashMap.newKeySet(); // two threads use it at the end
  private final ByteBuffer buffer = ByteBuffer.allocate(1024);
  private PluginSources sources;

  /** What Configuration Admin can change, where it is installed. */
  @interface Config {

    /** The port to listen on; 0 for any free one. A text, so that what is no number gets an error of this class. */
    String port() default "0";
  }

  /**
   * Listens. Registering follows when the loop calls.
   *
   * @param context of this bundle
   * @param config what is configured
   * @throws IOException if it cannot listen
   * @throws IllegalArgumentException if the port is none
   */
  @Activate
  public EchoPlugin(BundleContext context, Config config) throws IOException {
    name = context.getBundle().getSymbolicName();
    try {
      listener.bind(address(config.port())).configureBlocking(false);
    } catch (IOException | IllegalArgumentException e) {
      listener.close();
      throw e;
    }
  }

  private static InetSocketAddress address(String port) {
    try {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.strip()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the property port of the configuration " + EchoPlugin.class.getName() + " is "
          + port + "; it can be 0, for any free port, to 65535");
    }
  }

  @Override
  public void start(PluginSources part) {
    sources = part;
    sources.register(listener, Source.of(listener), Interest.READ);
    System.out.println(name + " listens on port " + listener.socket().getLocalPort());
  }

  @Override
  public void handle(Object key, Event<?> event) throws Exception {
    if (key == listener) {
      accept();
    } else if (key == RETRY) {
      sources.interest(listener, Interest.READ);
    } else {
      serve((SocketChannel) key);
    }
  }

  private void accept() {
    try {
      SocketChannel peer = listener.accept();
      if (peer != null) { // it has not left again
        peers.add(peer);
        peer.configureBlocking(false);
        sources.register(peer, Source.of(peer), Interest.READ);
      }
    } catch (IOException full) { // no descriptor is left, and the listener stays ready
      sources.interest(listener, Interest.NONE);
      sources.timer(RETRY, PAUSE);
    }
  }

  private void serve(SocketChannel peer) throws InterruptedException, IOException {
    try {
      if (peer.read(buffer.clear()) >= 0) {
        obey(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip());
        peer.write(buffer.flip());
        if (!buffer.hasRemaining()) { // it reads what it is sent
          return;
        }
      }
    } catch (IOException reset) {
      // it leaves
    }
    sources.unregister(peer);
    peers.remove(peer);
    peer.close();
  }

  private static void obey(String text) throws InterruptedException {
    switch (text) {
      case "throw" -> throw new IllegalStateException("as you like");
      case "block" -> Thread.sleep(Duration.ofHours(1));
      default -> {}
    }
  }

  @Deactivate
  void stop() throws IOException {
    listener.close();
    for (SocketChannel peer : peers) {
      peer.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
