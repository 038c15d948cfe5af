package popol.examples.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection: its channel, what has come and is not handled, what it still has to be sent. The two buffers have a
 * bound: they are all that a peer can make a node keep.
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
  final Budget budget;

  State state;
  boolean heard; // a frame since the last time its patience was looked at
  long id; // once ready
  InetSocketAddress address; // where others can dial it: once ready, or if it was dialled

  private final ByteBuffer input = ByteBuffer.allocate(Wire.MAX_FRAME); // between its start and its position
  private final int queue; // the most bytes of output
  private ByteBuffer output = ByteBuffer.allocate(1024); // likewise; it grows to what its peer makes wait

  private Peer(SocketChannel channel, InetSocketAddress remote, boolean dialled, State state, Limits limits) {
    this.channel = channel;
    this.remote = remote;
    this.dialled = dialled;
    this.state = state;
    this.address = dialled ? remote : null;
    this.budget = new Budget(limits.burst(), limits.rate(), System.nanoTime());
    this.queue = limits.queue();
  }

  static Peer dialled(SocketChannel channel, InetSocketAddress address, Limits limits) {
    return new Peer(channel, address, true, State.CONNECTING, limits);
  }

  static Peer accepted(SocketChannel channel, InetSocketAddress remote, Limits limits) {
    return new Peer(channel, remote, false, State.GREETING, limits);
  }

  boolean isReady() {
    return state == State.READY;
  }

  /**
   * Reads once, what fits.
   *
   * @return whether more can come
   */
  boolean receive() throws IOException {
    budget.spend(1);
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
      Frame frame = Wire.decode(input);
      budget.spend(frame == null ? 0 : 1);
      return frame;
    } finally {
      input.compact();
    }
  }

  /** Whether the next frame is a message for all. */
  boolean hasGossip() {
    return Wire.isGossip(input);
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
    int size = output.position() + frame.remaining();
    if (size > queue) {
      return false;
    }
    if (size > output.capacity()) {
      output = ByteBuffer.allocate(Math.min(queue, 2 * size)).put(output.flip());
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

  /** Whether there may be no room for a frame. */
  boolean isFull() {
    return queue - output.position() < Wire.MAX_FRAME;
  }

  boolean isHalfFree() {
    return output.position() <= queue / 2;
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
