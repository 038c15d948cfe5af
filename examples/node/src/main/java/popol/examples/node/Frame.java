package popol.examples.node;

import java.net.InetSocketAddress;
import java.util.List;

/** What peers say to each other. */
sealed interface Frame {

  /**
   * The first frame in each direction.
   *
   * @param id a random number by which a node knows itself and a peer to which it is connected twice
   * @param port the port that the node listens on; its host is what the connection shows
   */
  record Hello(long id, int port) implements Frame {}

  /**
   * Addresses of nodes that the sender is connected to. Comes after a hello and with each ping; instead of a hello it
   * says that the sender has no room, and that these may.
   */
  record Peers(List<InetSocketAddress> addresses) implements Frame {}

  /** Asks for a sign of life. */
  record Ping() implements Frame {}

  /** The answer to a ping. */
  record Pong() implements Frame {}

  /**
   * A message for every node: who hears it for the first time passes it on to all its other peers.
   *
   * @param id a random number by which it is known again
   * @param hops how many nodes have passed it on: no message lives for ever, even where its id is forgotten
   */
  record Gossip(long id, int hops, String text) implements Frame {

    /** The nodes that pass a message on, at most. */
    static final int MOST_HOPS = 16;

    /** The message as the next node gets it. */
    Gossip further() {
      return new Gossip(id, hops + 1, text);
    }
  }
}
