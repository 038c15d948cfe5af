package popol.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * One connection of an echo server that speaks TLS: sends back what it receives.
 *
 * <p>Two buffers hold data above the descriptor, where no poll can see it: what was read and not yet decrypted, and
 * what was decrypted and not yet sent back. So each step goes on until it needs the network: it never waits to read as
 * long as it holds a whole record, and when it had to wait for room to write, it goes on with what it holds and not
 * with a read.
 */
final class TlsConnection implements AutoCloseable {

  /** What a connection needs to go on. */
  enum Need {
    /** To be readable. */
    READ,
    /** To be writable. */
    WRITE,
    /** A call of {@link #work}, which takes milliseconds: by another thread. */
    WORK,
    /** Nothing, it has come to its end. */
    END
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer received; // encrypted, ready to be filled
  private final ByteBuffer plain; // decrypted, ready to be taken from
  private final ByteBuffer sending; // encrypted, ready to be taken from
  private boolean failed;

  /** A connection that has been accepted, in non-blocking mode. */
  TlsConnection(SocketChannel channel, SSLEngine engine) throws SSLException {
    this.channel = channel;
    this.engine = engine;
    engine.setUseClientMode(false);
    received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    sending = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    engine.beginHandshake();
  }

  /**
   * Goes as far as it can without blocking.
   *
   * @return what it needs to go on
   * @throws SSLException if the peer breaks the rules of TLS; {@link #fail} tells it so
   * @throws IOException if the peer breaks the connection
   */
  Need step() throws IOException {
    boolean mayRead = true; // once in a step, so that a peer who sends much does not keep the others waiting
    while (!failed) {
      channel.write(sending);
      if (sending.hasRemaining()) {
        return Need.WRITE;
      }
      if (engine.isOutboundDone()) {
        return Need.END;
      }
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        return Need.WORK;
      }
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || engine.isInboundDone()) {
        wrap(NOTHING);
      } else if (plain.hasRemaining()) {
        wrap(plain);
      } else if (!unwrap()) {
        if (!mayRead) {
          return Need.READ;
        }
        mayRead = false;
        if (channel.read(received) < 0) {
          return Need.END; // without a farewell: somebody may have cut the connection
        }
      }
    }
    return channel.read(received.clear()) < 0 ? Need.END : Need.READ;
  }

  /** Does a part of the handshake. No other method may be called meanwhile but {@code close}. */
  void work() {
    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Whether the handshake is over, and well. */
  boolean isEstablished() {
    return !failed && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
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
    SSLEngineResult result;
    try {
      result = engine.unwrap(received, plain);
    } finally {
      received.compact();
      plain.flip();
    }
    return switch (result.getStatus()) {
      case OK -> true;
      case CLOSED -> {
        engine.closeOutbound(); // the peer has said farewell, and so do we
        yield true;
      }
      case BUFFER_UNDERFLOW -> {
        // A read into a full buffer gives 0 and the channel stays readable: the loop would spin.
        if (!received.hasRemaining()) {
          throw new SSLException("a record that is larger than it may be");
        }
        yield false;
      }
      case BUFFER_OVERFLOW -> throw new SSLException("a record with more data than it may have");
    };
  }

  /**
   * Tells the peer that it has broken the rules (an alert), and then takes what it still sends until it leaves: were
   * the connection closed now, its system would throw the alert away.
   */
  void fail() throws IOException {
    failed = true;
    engine.closeOutbound();
    for (int records = 0; records < 2 && !engine.isOutboundDone(); records++) {
      wrap(NOTHING);
      channel.write(sending);
    }
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
