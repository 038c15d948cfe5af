package popol.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import popol.Interest;

/**
 * One connection of an echo server that speaks TLS: sends back what it receives.
 *
 * <p>Two buffers hold data above the descriptor, where no poll can see it: what was read and not yet decrypted, and what
 * was decrypted and not yet sent back. So each step goes on until it needs the network: it never waits to read as long
 * as it holds a whole record, and when it had to wait for room to write, it goes on with what it holds and not with a
 * read.
 */
final class TlsConnection implements AutoCloseable {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer received; // encrypted, ready to be filled
  private final ByteBuffer plain; // decrypted, ready to be taken from
  private final ByteBuffer sending; // encrypted, ready to be taken from

  /** A connection that has been accepted, in non-blocking mode. */
  TlsConnection(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    engine.setUseClientMode(false);
    received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    sending = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
  }

  /**
   * Goes as far as it can without blocking.
   *
   * @return what it waits for, or null if the connection has come to its end
   * @throws IOException if the peer breaks the connection, or speaks no TLS
   */
  Interest step() throws IOException {
    boolean mayRead = true; // once in a step, so that a peer who sends much does not keep the others waiting
    while (true) {
      channel.write(sending);
      if (sending.hasRemaining()) {
        return Interest.WRITE;
      }
      if (engine.isOutboundDone()) {
        return null;
      }
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        engine.getDelegatedTask().run(); // a server with many peers gives it to another thread, and has a waker woken
      } else if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || engine.isInboundDone()) {
        wrap(NOTHING);
      } else if (plain.hasRemaining()) {
        wrap(plain);
      } else if (!unwrap()) {
        if (!mayRead) {
          return Interest.READ;
        }
        mayRead = false;
        if (channel.read(received) < 0) {
          return null; // without a farewell: somebody may have cut the connection
        }
      }
    }
  }

  private void wrap(ByteBuffer data) throws IOException {
    sending.clear();
    engine.wrap(data, sending);
    sending.flip();
  }

  /** Decrypts one record, or says that there is no whole one. */
  private boolean unwrap() throws IOException {
    plain.clear();
    received.flip();
    SSLEngineResult result = engine.unwrap(received, plain);
    received.compact();
    plain.flip();
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      engine.closeOutbound(); // the peer has said farewell, and so do we
    }
    return result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
