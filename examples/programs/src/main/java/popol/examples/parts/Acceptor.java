package popol.examples.parts;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import popol.Interest;
import popol.Sources;

/**
 * A listener that survives its peers. It keeps a limit on connections, so that their memory is bounded. When accepting
 * fails, it stops listening for a moment or until a connection was closed: the process has no descriptor left, the
 * connection still waits, so the listener stays ready and the loop would spin.
 *
 * @param <K> the type of the loop's keys
 */
public final class Acceptor<K> implements AutoCloseable {

  /** What becomes of a connection. */
  public interface Joining {

    /**
     * Takes a connection, and registers it.
     *
     * @param channel the connection, in non-blocking mode; it is closed if this method throws
     * @throws IOException if something fails
     */
    void join(SocketChannel channel) throws IOException;
  }

  private static final int BACKLOG = 1024; // connections that the system keeps until they are accepted
  private static final int AT_ONCE = 8; // connections accepted before other sources have their turn
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Sources<K> sources;
  private final K key;
  private final K retry;
  private final int most;
  private final Consumer<String> log;
  private final ServerSocketChannel listener;
  private int open; // connections that were accepted and not yet released
  private boolean failed; // since a connection was accepted last

  /**
   * Listens.
   *
   * @param sources the registry
   * @param key the key of the listener's events, for {@link #accept}
   * @param retry the key of a timer's event, for {@link #resume}
   * @param address where to listen
   * @param most how many connections there can be
   * @param log is told when accepting fails
   * @throws IOException if the address cannot be listened on
   */
  public Acceptor(Sources<K> sources, K key, K retry, InetSocketAddress address, int most, Consumer<String> log)
      throws IOException {
    this.sources = sources;
    this.key = key;
    this.retry = retry;
    this.most = most;
    this.log = log;
    listener = ServerSocketChannel.open();
    try {
      listener.bind(address, BACKLOG);
      listener.configureBlocking(false);
      sources.register(key, listener, Interest.READ);
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  /** {@return the port that is listened on} */
  public int port() {
    return listener.socket().getLocalPort();
  }

  /**
   * Accepts connections that wait.
   *
   * @param peers takes each of them
   */
  public void accept(Joining peers) {
    try {
      SocketChannel channel;
      for (int i = 0; i < AT_ONCE && open < most && (channel = next()) != null; i++) {
        join(channel, peers);
        failed = false;
      }
      if (open >= most) {
        sources.interest(key, Interest.NONE); // until one is released
      }
    } catch (ClosedSelectorException end) {
      throw end;
    } catch (IOException | IllegalStateException e) { // the latter where the connection's descriptor cannot be found
      sources.interest(key, Interest.NONE);
      sources.timer(retry, PAUSE);
      if (!failed) {
        failed = true;
        log.accept("cannot accept now: " + e.getMessage());
      }
    }
  }

  private SocketChannel next() throws IOException {
    Selector.open().close(); // fails while a descriptor is left: the rest of the process needs some, too
    return listener.accept();
  }

  private void join(SocketChannel channel, Joining peers) throws IOException {
    open++;
    try {
      channel.configureBlocking(false);
      peers.join(channel);
    } catch (IOException | RuntimeException e) {
      open--;
      channel.close();
      throw e;
    }
  }

  /** Says that a connection which was accepted has been closed, so that another one can come. */
  public void release() {
    open--;
    resume();
  }

  /** Listens again. */
  public void resume() {
    if (open < most) {
      sources.interest(key, Interest.READ);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
