package popol.bench.net;

import java.io.IOException;
import popol.Event;
import popol.Interest;
import popol.Sources;

final class PopolLoop implements Loop {

  private final Sources<Peer> sources = Sources.open();

  PopolLoop() throws IOException {}

  @Override
  public void register(Peer peer) {
    sources.register(peer, peer.channel, Interest.READ);
  }

  @Override
  public void interest(Peer peer, boolean read, boolean write) {
    sources.interest(peer, read && write ? Interest.READ_WRITE : read ? Interest.READ : Interest.WRITE);
  }

  @Override
  public void unregister(Peer peer) {
    sources.unregister(peer);
  }

  @Override
  public void await(LoopServer server) throws IOException, InterruptedException {
    for (Event<Peer> event : sources.poll()) {
      server.serve(event.key(), event.isReadable(), event.isWritable());
    }
  }

  @Override
  public void close() {
    sources.close();
  }
}
