package popol.bench.wait;

import java.io.IOException;
import java.time.Duration;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Sources;
import popol.Waker;

/** A registry of popol. */
final class PopolWaiter implements Waiter {

  final Sources<Peer> sources;
  private final Waker waker;

  PopolWaiter() throws IOException {
    sources = Sources.open();
    waker = sources.waker(new Peer(null));
  }

  @Override
  public void register(Peer peer) {
    sources.register(peer, peer.channel, Interest.READ);
  }

  @Override
  public void unregister(Peer peer) {
    sources.unregister(peer);
  }

  @Override
  public void write(Peer peer, boolean on) {
    if (on) {
      sources.enable(peer, Interest.WRITE);
    } else {
      sources.disable(peer, Interest.WRITE);
    }
  }

  @Override
  public int await() throws IOException, InterruptedException {
    return handle(sources.poll());
  }

  @Override
  public int look() throws IOException, InterruptedException {
    return handle(sources.poll(Duration.ZERO));
  }

  private static int handle(Events<Peer> events) {
    int count = 0;
    for (Event<Peer> event : events) {
      Peer peer = event.key();
      if (event.isReadable()) {
        peer.readable++;
      }
      count++;
    }
    return count;
  }

  @Override
  public void wake() {
    waker.wake();
  }

  @Override
  public void awaitWake() throws IOException, InterruptedException {
    for (Event<Peer> event : sources.poll()) {
      if (!event.isWake()) {
        throw new IOException("woken by something else");
      }
    }
  }

  @Override
  public void close() {
    sources.close();
  }
}
