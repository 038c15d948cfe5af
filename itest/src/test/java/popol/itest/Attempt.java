package popol.itest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Source;
import popol.Sources;

/** What a program attempts that a flag of the JVM, or a jar, can be missing for. Started as a program itself. */
enum Attempt {

  OPEN(() -> Sources.open().close()),

  OPEN_PIPE(() -> PipeSource.open().close()),

  // Without an address to look for

  PIPE_SOURCE(() -> {
    try (Pipe.SourceChannel end = Pipe.open().source()) {
      register(Source.of(end));
    }
  }),

  PIPE_SINK(() -> {
    try (Pipe.SinkChannel end = Pipe.open().sink()) {
      register(Source.of(end));
    }
  }),

  FILE(() -> {
    Path path = Files.createTempFile("popol", ".txt");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      register(Source.of(file.getFD()));
    } finally {
      Files.delete(path);
    }
  }),

  /** The master of a pseudo-terminal, which every system has, also one without a console. */
  TERMINAL(() -> {
    try (RandomAccessFile terminal = new RandomAccessFile("/dev/ptmx", "rw")) {
      register(Source.of(terminal.getFD()));
    }
  }),

  UNCONNECTED_CHANNEL(() -> {
    try (SocketChannel channel = SocketChannel.open()) {
      register(Source.of(channel));
    }
  }),

  UNCONNECTED_VIEW(() -> {
    try (SocketChannel channel = SocketChannel.open()) {
      register(Source.of(channel.socket()));
    }
  }),

  UNBOUND_SERVER_CHANNEL(() -> {
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      register(Source.of(channel));
    }
  }),

  UNBOUND_DATAGRAM_CHANNEL(() -> {
    try (DatagramChannel channel = DatagramChannel.open()) {
      register(Source.of(channel));
    }
  }),

  UNBOUND_DATAGRAM_SOCKET(() -> {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      register(Source.of(socket));
    }
  }),

  UNCONNECTED_SOCKET(() -> {
    try (Socket socket = new Socket()) {
      register(Source.of(socket));
    }
  }),

  UNBOUND_SERVER_SOCKET(() -> {
    try (ServerSocket socket = new ServerSocket()) {
      register(Source.of(socket));
    }
  }),

  // With an address

  CONNECTED_CHANNEL(() -> {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback());
        SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
      register(Source.of(channel));
    }
  }),

  CONNECTED_VIEW(() -> {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback());
        SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
      register(Source.of(channel.socket()));
    }
  }),

  SERVER_CHANNEL(() -> {
    try (ServerSocketChannel channel = ServerSocketChannel.open().bind(loopback())) {
      register(Source.of(channel));
    }
  }),

  DATAGRAM_CHANNEL(() -> {
    try (DatagramChannel channel = DatagramChannel.open().bind(loopback())) {
      register(Source.of(channel));
    }
  }),

  SOCKET(() -> {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      register(Source.of(socket));
    }
  }),

  SERVER_SOCKET(() -> {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      register(Source.of(socket));
    }
  }),

  DATAGRAM_SOCKET(() -> {
    try (DatagramSocket socket = new DatagramSocket(loopback())) {
      register(Source.of(socket));
    }
  });

  /** The answer where an attempt succeeds. */
  static final String DONE = "done";

  private interface Action {
    void run() throws Exception;
  }

  private final Action action;

  Attempt(Action action) {
    this.action = action;
  }

  /** Makes the attempts named, and prints for each a line: its name, and {@link #DONE} or the exception. */
  static void main(String[] names) {
    for (String name : names) {
      System.out.println(name + ": " + valueOf(name).make());
    }
  }

  private String make() {
    try {
      action.run();
      return DONE;
    } catch (Exception | LinkageError e) {
      return e.toString();
    }
  }

  /** Registers a source and looks at it, as a wrong descriptor would be reported invalid. */
  private static void register(Source source) throws IOException, InterruptedException {
    try (Sources<String> sources = Sources.open()) {
      sources.register("key", source, Interest.READ);
      for (Event<String> event : sources.poll(Duration.ZERO)) {
        if (event.isInvalid()) {
          throw new IOException(source + " was registered under a descriptor that is none");
        }
      }
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
