package popol.bench.net;

import java.io.Closeable;
import java.io.IOException;

/** All in which a popol server and one of the JDK's selector differ. One thread uses it, any thread closes it. */
interface Loop extends Closeable {

  /** Starts to wait until the peer can be read. */
  void register(Peer peer) throws IOException;

  void interest(Peer peer, boolean read, boolean write);

  void unregister(Peer peer);

  /**
   * Waits once, and hands over what is ready.
   *
   * @throws java.nio.channels.ClosedSelectorException if it is closed
   */
  void await(LoopServer server) throws IOException, InterruptedException;
}
