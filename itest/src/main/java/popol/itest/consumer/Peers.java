package popol.itest.consumer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import popol.Event;
import popol.Interest;
import popol.Popol;
import popol.Source;
import popol.Sources;

/**
 * A component with two connections to the port {@code popol.itest.port}: one that its registry owns, and one that it
 * does not, which stays open when the component goes, because nobody closes it. Each says first which one it is. With
 * {@code popol.itest.crash} it throws at the end of its activation. It stops its bundle when it is sent anything.
 */
public final class Peers {

  private final Sources<SocketChannel> sources;

  /**
   * Called by the component runtime.
   *
   * @param popol the service
   * @throws IOException if it cannot connect
   */
  public Peers(Popol popol) throws IOException {
    sources = popol.open();
    connect("owned");
    connect("other");
    Thread.ofPlatform().daemon().name("popol-peers").start(this::run);
    if (Boolean.getBoolean("popol.itest.crash")) {
      throw new IllegalStateException("crashed in its activation");
    }
  }

  private void connect(String name) throws IOException {
    SocketChannel channel = SocketChannel
        .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger("popol.itest.port")));
    channel.write(ByteBuffer.wrap((name + "\n").getBytes(StandardCharsets.UTF_8)));
    channel.configureBlocking(false);
    Source source = Source.of(channel);
    sources.register(channel, name.equals("owned") ? source.owned() : source, Interest.READ);
  }

  private void run() {
    try {
      while (true) {
        for (Event<SocketChannel> event : sources.poll()) {
          int count = event.key().read(ByteBuffer.allocate(100));
          if (count < 0) {
            sources.unregister(event.key());
          } else {
            FrameworkUtil.getBundle(Peers.class).stop(); // in the middle of its own event
          }
        }
      }
    } catch (ClosedSelectorException stopped) {
      // the bundle, or popol
    } catch (IOException | InterruptedException | BundleException e) {
      throw new IllegalStateException(e);
    }
  }
}
