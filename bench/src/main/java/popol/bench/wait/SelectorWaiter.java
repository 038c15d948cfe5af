package popol.bench.wait;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** A selector, by its set of selected keys or by a consumer of them. */
final class SelectorWaiter implements Waiter {

  private final Selector selector;
  private final Set<SelectionKey> selected;
  private final Function<Peer, SelectableChannel> channel;
  private final Consumer<SelectionKey> consumer; // null if by the set

  /**
   * Takes a selector.
   *
   * @param selector the selector, closed with this
   * @param byConsumer not by its set
   * @param channel the channel of a peer that the selector takes
   */
  SelectorWaiter(Selector selector, boolean byConsumer, Function<Peer, SelectableChannel> channel) {
    this.selector = selector;
    this.selected = selector.selectedKeys();
    this.channel = channel;
    this.consumer = byConsumer ? SelectorWaiter::handle : null;
  }

  @Override
  public void register(Peer peer) throws IOException {
    peer.handle = channel.apply(peer).register(selector, SelectionKey.OP_READ, peer);
  }

  @Override
  public void unregister(Peer peer) {
    ((SelectionKey) peer.handle).cancel();
  }

  @Override
  public void write(Peer peer, boolean on) {
    SelectionKey key = (SelectionKey) peer.handle;
    if (on) {
      key.interestOpsOr(SelectionKey.OP_WRITE);
    } else {
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
    }
  }

  @Override
  public int await() throws IOException {
    return consumer != null ? selector.select(consumer) : handleSelected(selector.select());
  }

  @Override
  public int look() throws IOException {
    return consumer != null ? selector.selectNow(consumer) : handleSelected(selector.selectNow());
  }

  private int handleSelected(int count) {
    for (SelectionKey key : selected) {
      handle(key);
    }
    selected.clear();
    return count;
  }

  private static void handle(SelectionKey key) {
    Peer peer = (Peer) key.attachment();
    if (key.isReadable()) {
      peer.readable++;
    }
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public void awaitWake() throws IOException {
    if (await() != 0) {
      throw new IOException("woken by something else");
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
