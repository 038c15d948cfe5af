package popol.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import popol.Event;
import popol.Interest;
import popol.Sources;

/**
 * Connects to several addresses at once, and says of each whether it could, was refused, or had no answer in time.
 *
 * <p>This is the way to tell the three apart: register the channel with {@link Interest#WRITE} and set a timer. When
 * the channel is writable, the connect has come to its end, and {@code finishConnect} says to which one: it returns
 * true or throws. When the timer expires first, there was no answer.
 */
public final class Connect {

  /** What the program waits for: the end of a connect, and the end of its time. */
  private sealed interface Key permits Connecting, Late {}

  private record Connecting(InetSocketAddress address, SocketChannel channel) implements Key {}

  private record Late(Connecting connecting) implements Key {}

  private final Sources<Key> sources;
  private final Duration limit;
  private final List<SocketChannel> connected = new ArrayList<>();

  private Connect(Sources<Key> sources, Duration limit) {
    this.sources = sources;
    this.limit = limit;
  }

  /**
   * Connects, and exits with status 1 if one of the connects did not succeed.
   *
   * @param args how many milliseconds each connect may take, and the addresses, each as {@code host:port}
   * @throws IOException if the wait fails
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int count;
    try (Sources<Key> sources = Sources.open()) {
      Connect connect = new Connect(sources, Duration.ofMillis(Long.parseLong(args[0])));
      for (int i = 1; i < args.length; i++) {
        connect.start(Addresses.parse(args[i]));
      }
      count = connect.await();
    }
    System.exit(count == args.length - 1 ? 0 : 1);
  }

  private void start(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    Connecting connecting = new Connecting(address, channel);
    channel.configureBlocking(false);
    channel.bind(null); // to any port: in a JVM without flags it is found by that
    try {
      if (channel.connect(address)) {
        succeed(connecting); // at once, as some systems do with connections to themselves
      } else {
        sources.register(connecting, channel, Interest.WRITE);
        sources.timer(new Late(connecting), limit);
      }
    } catch (IOException atOnce) {
      fail(connecting, atOnce.getMessage());
    }
  }

  private int await() throws IOException, InterruptedException {
    while (!sources.isEmpty()) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Connecting connecting -> finish(connecting);
          case Late(Connecting connecting) -> {
            forget(connecting);
            fail(connecting, "no answer in " + limit.toMillis() + " ms");
          }
        }
      }
    }
    for (SocketChannel channel : connected) {
      channel.close(); // nothing was to be said
    }
    return connected.size();
  }

  private void finish(Connecting connecting) throws IOException {
    forget(connecting);
    try {
      connecting.channel().finishConnect();
      succeed(connecting);
    } catch (IOException e) {
      fail(connecting, e.getMessage());
    }
  }

  /** The other one of the two keys may be in the same batch: once unregistered, it is not delivered any more. */
  private void forget(Connecting connecting) {
    sources.unregister(connecting);
    sources.unregister(new Late(connecting));
  }

  private void succeed(Connecting connecting) {
    System.out.println(connecting.address() + ": connected");
    connected.add(connecting.channel());
  }

  private static void fail(Connecting connecting, String why) throws IOException {
    System.out.println(connecting.address() + ": " + why);
    connecting.channel().close();
  }
}
