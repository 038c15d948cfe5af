package popol.bench.wait;

import java.io.IOException;

/**
 * One registry of a library. Each process has one class of waiters, so that the JIT compiler knows whom a call goes to.
 *
 * <p>A wait handles its events the way that a user's loop does: it finds the peer of each, asks whether it is readable,
 * and counts it there.
 */
interface Waiter {

  /** Adds a peer with interest in reading. */
  void register(Peer peer) throws IOException;

  /** Takes a peer out. */
  void unregister(Peer peer);

  /** Adds or takes away interest in writing. */
  void write(Peer peer, boolean on);

  /** Waits for as long as it takes, handles the events and returns how many there were. */
  int await() throws Exception;

  /** The same without waiting. */
  int look() throws Exception;

  /** Ends another thread's wait. */
  void wake();

  /** Waits until woken. Nothing else happens meanwhile. */
  void awaitWake() throws Exception;

  void close() throws IOException;
}
