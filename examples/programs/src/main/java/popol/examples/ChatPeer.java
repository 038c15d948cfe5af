package popol.examples;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import popol.Interest;
import popol.examples.parts.Lines;

/** One connection of a chat: lines that come, and lines that are on their way. */
final class ChatPeer implements AutoCloseable {

  private static final int MOST = 16 * 1024; // bytes on their way to a peer

  private final SocketChannel channel;
  private final SocketAddress address;
  private final Lines lines = new Lines();
  private final byte[] buffer = new byte[4096];
  private final ByteBuffer sending = ByteBuffer.allocate(MOST); // ready to be filled

  /** A connection in non-blocking mode, or one that is being made. */
  ChatPeer(SocketChannel channel, SocketAddress address) {
    this.channel = channel;
    this.address = address;
  }

  SocketAddress address() {
    return address;
  }

  boolean isConnected() {
    return channel.isConnected();
  }

  /** Ends a connect that the system says has come to its end. */
  void finishConnect() throws IOException {
    channel.finishConnect();
  }

  /** Reads once, and hands on each line that has come; false if no more will. */
  boolean receive(Consumer<String> line) throws IOException {
    int count = channel.read(ByteBuffer.wrap(buffer));
    lines.add(buffer, Math.max(0, count), line);
    if (count < 0) {
      lines.end(line);
    }
    return count >= 0;
  }

  /** Sends a line as soon as there is room. */
  void send(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    if (bytes.length > sending.remaining()) {
      throw new IOException("it does not read");
    }
    sending.put(bytes);
    send();
  }

  /** Sends what there is room for. */
  void send() throws IOException {
    if (isConnected()) {
      channel.write(sending.flip());
      sending.compact();
    }
  }

  /** What it waits for. */
  Interest interest() {
    if (!isConnected()) {
      return Interest.WRITE;
    }
    return sending.position() > 0 ? Interest.READ_WRITE : Interest.READ;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
