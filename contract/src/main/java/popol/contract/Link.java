package popol.contract;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Two TCP sockets of this machine that are connected to each other, both in non-blocking mode. */
record Link(SocketChannel near, SocketChannel far) implements AutoCloseable {

  static Link open() throws IOException {
    try (ServerSocketChannel server = listener()) {
      SocketChannel near = SocketChannel.open(server.getLocalAddress());
      SocketChannel far = server.accept();
      near.configureBlocking(false);
      far.configureBlocking(false);
      return new Link(near, far);
    }
  }

  /** A listening socket of this machine, at a port of the system's choice. */
  static ServerSocketChannel listener() throws IOException {
    return ServerSocketChannel.open().bind(anyPort());
  }

  /** An address of this machine to bind to, with a port of the system's choice. */
  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** A server of a family; where the system has none of it, which Wine has not of the Unix domain, skips the test. */
  static ServerSocketChannel openServer(ProtocolFamily family) throws IOException {
    try {
      return ServerSocketChannel.open(family);
    } catch (UnsupportedOperationException e) {
      return abort("this system has no sockets of " + family + ": " + e.getMessage());
    }
  }

  /** Writes a few bytes, which have room. */
  static void send(WritableByteChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** What one read gives: the bytes that are there, or null at the end of the stream. */
  static String receive(ReadableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1024);
    return channel.read(bytes) < 0 ? null : StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
  }
}
