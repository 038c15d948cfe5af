package popol.linux;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import popol.ffm.NativeMemory;
import popol.unix.OpenDescriptors;
import popol.unix.UnixCalls;
import popol.unix.UnixSystem;

/**
 * A selector for one look-up, which nobody else knows. The JDK gives its {@code epoll} instance the descriptor of each
 * channel that is registered, and {@code /proc} shows the instance. The instance is the one that watches a socket of
 * popol's own, which no other selector has: no other lets that be changed (epoll_ctl(2), EPOLL_CTL_MOD).
 */
final class PrivateSelector implements AutoCloseable {

  private static final int NEAR = 64; // numbers after the expected one, which other threads may have got

  private final OpenDescriptors descriptors;
  private final Selector selector;
  private final MarkerSocket marker;
  private final int epoll;
  private final String watched; // before a channel is registered

  private PrivateSelector(
      SelectorProvider provider, UnixSystem system, OpenDescriptors descriptors, NativeMemory memory)
      throws IOException {
    this.descriptors = descriptors;
    int expected = lowestFree(system, memory);
    MarkerSocket opened = MarkerSocket.open();
    Selector selector = null;
    try {
      int mark = search(expected, opened::has);
      expected = lowestFree(system, memory);
      selector = provider.openSelector();
      opened.channel.register(selector, SelectionKey.OP_READ);
      selector.selectNow(); // gives what is registered to the kernel
      memory.bytes().putInt(0, LinuxHeaders.EPOLLIN).putLong(Epoll.DATA, mark);
      epoll = search(expected, number -> Libc.epoll_ctl(
          memory, number, LinuxHeaders.EPOLL_CTL_MOD, mark, memory.address()) == 0);
      watched = EpollTable.watched(epoll);
    } catch (Throwable t) {
      if (selector != null) {
        selector.close();
      }
      opened.close();
      throw t;
    }
    this.selector = selector;
    this.marker = opened;
  }

  /**
   * Opens one.
   *
   * @param provider one of the JDK's
   * @param system the system's numbers
   * @param descriptors what the process may have
   * @throws IOException if the system has no room for it, or it waits by something else than {@code epoll}
   */
  static PrivateSelector open(SelectorProvider provider, UnixSystem system, OpenDescriptors descriptors)
      throws IOException {
    NativeMemory memory = NativeMemory.allocate(Epoll.EVENT_SIZE);
    try {
      return new PrivateSelector(provider, system, descriptors, memory);
    } finally {
      memory.free();
    }
  }

  /** The number that the next descriptor gets, unless another thread is faster. */
  private static int lowestFree(UnixSystem system, NativeMemory memory) throws IOException {
    int number = Libc.eventfd(memory, 0, LinuxHeaders.EFD_CLOEXEC);
    if (number < 0) {
      throw Libc.SYSTEM.failure("eventfd", -number);
    }
    UnixCalls.close(number);
    return number;
  }

  private interface Check {
    boolean is(int number) throws IOException;
  }

  private int search(int expected, Check check) throws IOException {
    for (int number = expected; number < expected + NEAR; number++) {
      if (check.is(number)) {
        return number;
      }
    }
    for (int number : descriptors.numbers()) {
      if (check.is(number)) {
        return number;
      }
    }
    throw new IOException("it does not wait by epoll");
  }

  /**
   * The descriptor of a channel. The caller holds its {@code blockingLock()}, so that it stays in non-blocking mode,
   * until this selector is closed.
   *
   * @param channel one of the JDK's, in non-blocking mode
   * @return the descriptor, or below 0 if the kernel did not take it
   * @throws java.nio.channels.ClosedChannelException if the channel is closed
   */
  int descriptor(SelectableChannel channel) throws IOException {
    assert Thread.holdsLock(channel.blockingLock());
    channel.register(selector, operation(channel));
    selector.selectNow();
    return EpollTable.added(epoll, watched);
  }

  /** One that the channel has: the kernel is not told of a channel without any. */
  private static int operation(SelectableChannel channel) {
    return Integer.lowestOneBit(channel.validOps());
  }

  /** Also finishes the closing of a channel that was closed while it was registered. */
  @Override
  public void close() throws IOException {
    selector.close();
    marker.close();
  }
}
