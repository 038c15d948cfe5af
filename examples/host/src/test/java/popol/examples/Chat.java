package popol.examples;

import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A peer that talks without a pause, in a thread of its own. */
final class Chat implements AutoCloseable {

  private static final long LIMIT = 60; // seconds

  private final Semaphore exchanges = new Semaphore(0);
  private final FutureTask<Void> task;
  private volatile boolean over;

  private Chat(Peer peer) {
    task = new FutureTask<>(() -> {
      while (!over) {
        peer.exchange();
        exchanges.release();
      }
      return null;
    });
  }

  static Chat start(Peer peer) {
    Chat chat = new Chat(peer);
    Thread.ofVirtual().start(chat.task);
    return chat;
  }

  /** Waits until the peer has got an answer since now. */
  void awaitMore() throws Exception {
    exchanges.drainPermits();
    if (!exchanges.tryAcquire(2, LIMIT, TimeUnit.SECONDS)) { // the first may have been on its way
      throw new AssertionError("the peer gets no more answers: " + task);
    }
  }

  /** Ends it; fails if any exchange did. */
  void end() throws Exception {
    over = true;
    task.get(LIMIT, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    over = true;
  }
}
