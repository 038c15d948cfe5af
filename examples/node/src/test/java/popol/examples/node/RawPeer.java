package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** The other end of a connection, which a test plays by itself and not always by the rules. */
final class RawPeer implements AutoCloseable {

  private static final int LIMIT = 30_000; // milliseconds

  private final Socket socket;
  private final DataInputStream input;

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(LIMIT);
    input = new DataInputStream(socket.getInputStream());
  }

  static RawPeer dial(TestNode node) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096); // so that one that does not read is soon full
    socket.bind(TestNode.loopback(0));
    socket.connect(node.address());
    socket.setTcpNoDelay(true);
    return new RawPeer(socket);
  }

  /** One of a node in another JVM. */
  static RawPeer dial(int port) throws IOException {
    return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** One that is dialled by a node. */
  static RawPeer accept(ServerSocket listener) throws IOException {
    listener.setSoTimeout(LIMIT);
    return new RawPeer(listener.accept());
  }

  /** One that has said hello and was answered. */
  static RawPeer join(TestNode node, long id) throws Exception {
    RawPeer peer = dial(node);
    peer.send(new Frame.Hello(id, peer.socket.getLocalPort())); // where nobody listens
    peer.expect(Frame.Hello.class);
    peer.expect(Frame.Peers.class);
    node.await(status -> status.peers().contains(id), "the node shows its peer");
    return peer;
  }

  String address() {
    return socket.getLocalSocketAddress().toString();
  }

  void send(Frame frame) throws IOException {
    ByteBuffer bytes = Wire.encode(frame);
    socket.getOutputStream().write(bytes.array(), bytes.position(), bytes.remaining());
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends the same again and again, until the connection is closed. */
  void flood(byte[] bytes, AtomicLong sent) {
    byte[] many = new byte[(1 + 64 * 1024 / bytes.length) * bytes.length];
    for (int i = 0; i < many.length; i += bytes.length) {
      System.arraycopy(bytes, 0, many, i, bytes.length);
    }
    try {
      while (true) {
        send(many);
        sent.addAndGet(many.length);
      }
    } catch (IOException closed) {
      // as it should be
    }
  }

  Frame receive() throws Exception {
    int length = input.readUnsignedShort();
    ByteBuffer frame = ByteBuffer.allocate(2 + length).putShort((short) length);
    input.readFully(frame.array(), 2, length);
    return Wire.decode(frame.clear());
  }

  <F extends Frame> F expect(Class<F> type) throws Exception {
    return assertInstanceOf(type, receive(), "the next frame");
  }

  /** The next message, as a peer that plays by the rules hears it. */
  Frame.Gossip hear() throws Exception {
    while (true) {
      Frame frame = receive();
      if (frame instanceof Frame.Gossip gossip) {
        return gossip;
      }
      if (frame instanceof Frame.Ping) {
        send(new Frame.Pong());
      }
    }
  }

  /** Asks, and waits for the answer; passes over other frames. */
  void ping() throws Exception {
    send(new Frame.Ping());
    while (!(receive() instanceof Frame.Pong)) {
      // addresses, or a ping of the node's own
    }
  }

  /** Reads until the node has closed or reset the connection. */
  void expectEnd() throws Exception {
    try {
      while (true) {
        receive();
      }
    } catch (EOFException | SocketException closed) {
      // as expected
    } catch (WireException e) {
      fail("a node sends only frames", e);
    }
  }

  /** Breaks the connection instead of ending it. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
