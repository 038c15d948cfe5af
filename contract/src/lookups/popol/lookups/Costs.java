package popol.lookups;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Prints what registering a source costs in a JVM without flags, by kind and by how many descriptors the process has
 * open: half of them are accepted connections of one listener, half their other ends. Each source is new to popol,
 * except in the last line. Arguments: the numbers of descriptors.
 */
final class Costs {

  private static final int TIMES = 101; // an odd number has a median
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final List<Closeable> opened = new ArrayList<>();
  private final ServerSocketChannel channels = ServerSocketChannel.open();
  private final ServerSocket sockets = new ServerSocket(0, 50, HERE);

  private Costs() throws IOException {
    channels.bind(new InetSocketAddress(HERE, 0));
  }

  public static void main(String[] arguments) throws IOException {
    Costs costs = new Costs();
    costs.print(false); // until everything is compiled
    for (String count : arguments) {
      costs.fill(Integer.parseInt(count));
      System.out.println(count + " descriptors");
      costs.print(true);
    }
  }

  private void fill(int count) throws IOException {
    while (opened.size() < count) {
      opened.add(SocketChannel.open(channels.getLocalAddress()));
      opened.add(channels.accept());
    }
  }

  private interface Opener {
    /** Opens what is to be registered, and before it what it needs. */
    List<? extends Closeable> open() throws IOException;
  }

  private void print(boolean printed) throws IOException {
    print(printed, "channel, non-blocking", () -> {
      List<SocketChannel> ends = connect();
      ends.getLast().configureBlocking(false);
      return ends;
    });
    print(printed, "accepted channel, blocking", this::connect);
    print(printed, "accepted Socket", () -> List.of(new Socket(HERE, sockets.getLocalPort()), sockets.accept()));
    print(printed, "client Socket", () -> {
      Socket client = new Socket(HERE, sockets.getLocalPort());
      return List.of(sockets.accept(), client);
    });
    print(printed, "ServerSocket", () -> List.of(new ServerSocket(0, 5, HERE)));
    print(printed, "DatagramSocket", () -> List.of(new DatagramSocket(0, HERE)));
    List<SocketChannel> known = connect();
    print(printed, "accepted channel, blocking, known already", () -> known);
    for (SocketChannel end : known) {
      end.close();
    }
  }

  private List<SocketChannel> connect() throws IOException {
    SocketChannel client = SocketChannel.open(channels.getLocalAddress());
    return List.of(client, channels.accept());
  }

  private static void print(boolean printed, String kind, Opener opener) throws IOException {
    long[] times = new long[TIMES];
    try (Sources<Integer> sources = Sources.open()) {
      for (int i = 0; i < TIMES; i++) {
        List<? extends Closeable> ends = opener.open();
        Source source = source(ends.getLast());
        long start = System.nanoTime();
        try {
          sources.register(0, source, Interest.NONE);
          sources.unregister(0);
        } catch (IllegalStateException refused) {
          // Among thousands of connections one has the same local port: finding that out costs as much.
        }
        times[i] = System.nanoTime() - start;
        if (!kind.endsWith("already")) {
          close(ends);
        }
      }
    }
    Arrays.sort(times);
    if (printed) {
      System.out.printf("  %8.1f us %s%n", times[TIMES / 2] / 1e3, kind);
    }
  }

  private static Source source(Closeable owner) {
    return switch (owner) {
      case SelectableChannel channel -> Source.of(channel);
      case Socket socket -> Source.of(socket);
      case ServerSocket socket -> Source.of(socket);
      case DatagramSocket socket -> Source.of(socket);
      default -> throw new IllegalArgumentException("no source: " + owner);
    };
  }

  /** Without a trace that keeps ports. */
  private static void close(List<? extends Closeable> ends) throws IOException {
    for (Closeable end : ends) {
      if (end instanceof SocketChannel channel) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } else if (end instanceof Socket socket) {
        socket.setSoLinger(true, 0);
      }
      end.close();
    }
  }
}
