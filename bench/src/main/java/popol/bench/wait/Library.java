package popol.bench.wait;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.enxio.channels.NativeSocketChannel;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The libraries that this process can be a contender of. */
enum Library {

  POPOL {
    @Override
    Waiter open() throws IOException {
      return new PopolWaiter();
    }
  },

  SELECTOR_KEYS {
    @Override
    Waiter open() throws IOException {
      return new SelectorWaiter(Selector.open(), false, peer -> peer.channel);
    }
  },

  SELECTOR_CONSUMER {
    @Override
    Waiter open() throws IOException {
      return new SelectorWaiter(Selector.open(), true, peer -> peer.channel);
    }
  },

  NETTY_NIO {
    @Override
    Waiter open() {
      return new NettyWaiter(false);
    }
  },

  NETTY_EPOLL {
    @Override
    Waiter open() {
      return new NettyWaiter(true);
    }
  },

  /** Its selector takes channels of its own, here around the descriptors of the JDK's. */
  JNR_ENXIO {
    @Override
    Waiter open() throws IOException {
      return new SelectorWaiter(NativeSelectorProvider.getInstance().openSelector(), false, Library::around);
    }
  },

  /** Its selector takes nothing but its own Unix-domain sockets. */
  JUNIXSOCKET {
    @Override
    Waiter open() throws IOException {
      return new SelectorWaiter(AFUNIXSelectorProvider.provider().openSelector(), false, peer -> peer.channel);
    }

    @Override
    SocketChannel connect(String address) throws IOException {
      SocketChannel channel = AFUNIXSelectorProvider.provider().openSocketChannel();
      channel.connect(AFUNIXSocketAddress.of(Path.of(address)));
      return channel;
    }
  };

  abstract Waiter open() throws IOException;

  SocketChannel connect(String address) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address)));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  private static SelectableChannel around(Peer peer) {
    try {
      return new NativeSocketChannel(Descriptors.of(peer.channel)).configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
