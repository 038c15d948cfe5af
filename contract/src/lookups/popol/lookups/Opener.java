package popol.lookups;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Opens sockets and pipes of all kinds at random, for one thread, which alone connects to the listeners here. */
final class Opener {

  private interface Kind {
    void open(List<Opened> into) throws IOException;
  }

  private static final String[] HERE = {"127.0.0.1", "::1", "127.0.0.2"};

  private final Path folder;
  private final List<ServerSocketChannel> channels = new ArrayList<>();
  private final List<ServerSocket> sockets = new ArrayList<>();
  private final ServerSocketChannel unix;
  private int names;

  private final Kind[] kinds = {
    this::connection, this::connection, this::connection, this::sockets, this::sockets, this::reset, this::ended,
    this::listener, this::sharedListeners, this::datagrams, this::datagrams, this::sharedDatagrams,
    this::datagramSockets, this::pipe, this::pipe, this::unixDomain, this::unixDomain, this::unixListener,
    this::unconnected};

  /** Needs a folder of its own. */
  Opener(Path folder) throws IOException {
    this.folder = folder;
    for (String here : HERE) {
      InetAddress address = InetAddress.getByName(here);
      channels.add(ServerSocketChannel.open().bind(new InetSocketAddress(address, 0)));
      sockets.add(new ServerSocket(0, 50, address));
    }
    channels.add(ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(0)));
    unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(name());
  }

  List<Opened> open() throws IOException {
    List<Opened> opened = new ArrayList<>();
    kinds[ThreadLocalRandom.current().nextInt(kinds.length)].open(opened);
    return opened;
  }

  private static <T> T any(List<T> list) {
    return list.get(ThreadLocalRandom.current().nextInt(list.size()));
  }

  private static boolean coin() {
    return ThreadLocalRandom.current().nextBoolean();
  }

  /** In one of both modes. */
  private static Opened mode(String kind, SelectableChannel channel) throws IOException {
    boolean blocking = coin();
    channel.configureBlocking(blocking);
    return new Opened(kind + (blocking ? ", blocking" : ", non-blocking"), channel);
  }

  private void connection(List<Opened> into) throws IOException {
    ServerSocketChannel server = any(channels);
    SocketChannel client = SocketChannel.open();
    if (coin()) {
      client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }
    client.connect(reachable(server.getLocalAddress()));
    into.add(mode("connection, client", client));
    into.add(mode("connection, accepted", server.accept()));
  }

  private static SocketAddress reachable(SocketAddress bound) {
    InetSocketAddress address = (InetSocketAddress) bound;
    return address.getAddress().isAnyLocalAddress() ? new InetSocketAddress("127.0.0.1", address.getPort()) : bound;
  }

  private void sockets(List<Opened> into) throws IOException {
    ServerSocket server = any(sockets);
    Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
    Socket accepted = server.accept();
    into.add(new Opened("Socket, client", client));
    into.add(new Opened("Socket, accepted", accepted));
  }

  /** The peer is gone: nothing but the local address is left of the connection. */
  private void reset(List<Opened> into) throws IOException {
    if (coin()) {
      ServerSocketChannel server = any(channels);
      SocketChannel client = SocketChannel.open(reachable(server.getLocalAddress()));
      into.add(mode("connection, reset", server.accept()));
      reset(client);
    } else {
      ServerSocket server = any(sockets);
      Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
      into.add(new Opened("Socket, reset", server.accept()));
      reset(client);
    }
  }

  /** Both sides have ended their streams, and are still open. */
  private void ended(List<Opened> into) throws IOException {
    ServerSocketChannel server = any(channels);
    SocketChannel client = SocketChannel.open(reachable(server.getLocalAddress()));
    SocketChannel accepted = server.accept();
    client.shutdownOutput();
    accepted.shutdownOutput();
    into.add(mode("connection, ended", client));
    into.add(mode("connection, ended", accepted));
  }

  private void listener(List<Opened> into) throws IOException {
    InetSocketAddress address = coin() ? new InetSocketAddress(0) : new InetSocketAddress(HERE[0], 0);
    if (coin()) {
      into.add(mode("listener", ServerSocketChannel.open().bind(address)));
    } else {
      into.add(new Opened("ServerSocket", new ServerSocket(0, 5, address.getAddress())));
    }
  }

  private void sharedListeners(List<Opened> into) throws IOException {
    int port = 0;
    for (int i = 0; i < 2; i++) {
      ServerSocketChannel one = ServerSocketChannel.open();
      one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(HERE[0], port));
      port = one.socket().getLocalPort();
      into.add(mode("listener, shared port", one));
    }
  }

  private void datagrams(List<Opened> into) throws IOException {
    DatagramChannel near = DatagramChannel.open().bind(coin() ? null : new InetSocketAddress(any(List.of(HERE)), 0));
    DatagramChannel far = DatagramChannel.open();
    InetSocketAddress bound = (InetSocketAddress) near.getLocalAddress();
    far.connect(coin() ? reachable(bound) : bound);
    into.add(mode("datagrams, bound", near));
    into.add(mode("datagrams, connected", far));
  }

  private void sharedDatagrams(List<Opened> into) throws IOException {
    int port = 0;
    for (int i = 0; i < 2; i++) {
      DatagramChannel one = DatagramChannel.open();
      one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(HERE[0], port));
      port = ((InetSocketAddress) one.getLocalAddress()).getPort();
      into.add(mode("datagrams, shared port", one));
    }
  }

  private void datagramSockets(List<Opened> into) throws IOException {
    into.add(new Opened("DatagramSocket", new DatagramSocket(0, InetAddress.getByName(any(List.of(HERE))))));
    into.add(new Opened("MulticastSocket", new MulticastSocket(0)));
  }

  private void pipe(List<Opened> into) throws IOException {
    Pipe pipe = Pipe.open();
    into.add(mode("pipe, read end", pipe.source()));
    into.add(mode("pipe, write end", pipe.sink()));
  }

  private UnixDomainSocketAddress name() {
    return UnixDomainSocketAddress.of(folder.resolve("socket" + names++));
  }

  private void unixDomain(List<Opened> into) throws IOException {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean named = coin();
    if (named) {
      client.bind(name());
      Files.delete(((UnixDomainSocketAddress) client.getLocalAddress()).getPath());
    }
    client.connect(unix.getLocalAddress());
    into.add(mode("Unix domain, client" + (named ? " with a name" : ""), client));
    into.add(mode("Unix domain, accepted", unix.accept()));
  }

  /** Two at one path, one after the other. */
  private void unixListener(List<Opened> into) throws IOException {
    UnixDomainSocketAddress address = name();
    for (int i = 0; i < 2; i++) {
      into.add(mode("Unix domain, listener at a path that was used twice",
          ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)));
      Files.delete(address.getPath());
    }
  }

  private void unconnected(List<Opened> into) throws IOException {
    into.add(mode("connection, not begun", SocketChannel.open()));
    SocketChannel bound = SocketChannel.open();
    try {
      bound.bind(new InetSocketAddress(HERE[0], 0));
    } catch (BindException none) {
      bound.close();
      return;
    }
    into.add(mode("connection, bound", bound));
  }

  /** Closes without a trace that keeps the port. */
  static void reset(Closeable owner) throws IOException {
    if (owner instanceof NetworkChannel channel
        && channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)
        && channel.getLocalAddress() instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } else if (owner instanceof Socket socket) {
      socket.setSoLinger(true, 0);
    }
    owner.close();
  }
}
