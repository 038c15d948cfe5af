package popol.examples.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection: its channel, what has come of a frame so far, what it still has to be sent. The two buffers never
 * grow: they are all that a peer can make a node keep.
 */
final class Peer {

  /** How far the conversation is. */
  enum State {
    /** Dialled, and not there yet. */
    CONNECTING,
    /** Said hello, and waits for its hello. */
    GREETING,
    /** Both have said hello. */
    READY,
    /** Told that there is no room; what it says is not heard any more. */
    REFUSED,
    /** Closed. */
    GONE
  }

  final SocketChannel channel;
  final InetSocketAddress remote;
  final boolean dialled;

  State state;
  boolean heard; // a frame since the last time its patience was looked at
  long id; // once ready
  InetSocketAddress address; // where others can dial it: once ready, or if it was dialled

  private final ByteBuffer input = ByteBuffer.allocate(Wire.MAX_FRAME); // between its start and its position
  private final ByteBuffer output; // likewise

  private Peer(SocketChannel channel, InetSocketAddress remote, boolean dialled, State state, int queue) {
    this.channel = channel;
    this.remote = remote;
    this.dialled = dialled;
    this.state = state;
    this.address = dialled ? remote : null;
    this.output = ByteBuffer.allocate(queue);
  }

  static Peer dialled(SocketChannel channel, InetSocketAddress address, int queue) {
    return new Peer(channel, address, true, State.CONNECTING, queue);
  }

  static Peer accepted(SocketChannel channel, InetSocketAddress remote, int queue) {
    return new Peer(channel, remote, false, State.GREETING, queue);
  }

  boolean isReady() {
    return state == State.READY;
  }

  /**
   * Reads what fits.
   *
   * @return whether more can come
   */
  boolean receive() throws IOException {
    return channel.read(input) >= 0;
  }

  /**
   * Takes the next frame out of what was read.
   *
   * @return the frame, or null if there is no whole one
   */
  Frame next() throws WireException {
    input.flip();
    try {
      return Wire.decode(input);
    } finally {
      input.compact();
    }
  }

  void forgetInput() {
    input.clear();
  }

  /**
   * Queues a frame.
   *
   * @return whether there was room for it
   */
  boolean offer(ByteBuffer frame) {
    if (frame.remaining() > output.remaining()) {
      return false;
    }
    output.put(output.position(), frame, frame.position(), frame.remaining()); // the frame is for other peers too
    output.position(output.position() + frame.remaining());
    return true;
  }

  /** Writes what the system takes. */
  void send() throws IOException {
    output.flip();
    try {
      channel.write(output);
    } finally {
      output.compact();
    }
  }

  /** How many bytes wait to be sent. */
  int queued() {
    return output.position();
  }

  @Override
  public String toString() {
    return isReady() ? address + " " + Long.toHexString(id) : remote.toString();
  }
}
