import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Prints what a broker publishes until the end of standard input. A periodic timer keeps the connection alive, and
 * finds a broker that does not answer any more.
 */
public final class Mqtt {

  private enum Key { STDIN, BROKER, PING }

  private static final int KEEP_ALIVE = 4; // seconds; after one and a half times as much the broker hangs up
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final byte[] PING = {(byte) 0xc0, 0};

  private final SocketChannel broker;
  private final ByteBuffer received = ByteBuffer.allocate(64 * 1024);
  private boolean asked; // since the broker was heard of last

  private Mqtt(SocketChannel broker) {
    this.broker = broker;
  }

  public static void main(String[] args) throws Exception {
    try (SocketChannel broker = SocketChannel.open(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        Sources<Key> sources = Sources.open()) {
      broker.configureBlocking(false);
      sources.register(Key.BROKER, broker, Interest.READ);
      sources.register(Key.STDIN, Source.stdin(), Interest.READ);
      sources.timer(Key.PING, PERIOD, PERIOD);
      new Mqtt(broker).run(sources);
    } catch (IOException e) {
      System.out.println("lost: " + e.getMessage());
    }
  }

  private void run(Sources<Key> sources) throws IOException, InterruptedException {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    // MQTT 3.1.1: CONNECT with a clean session and an empty name, then SUBSCRIBE to all topics below news.
    send(ByteBuffer.allocate(14).put((byte) 0x10).put((byte) 12).put(text("MQTT")).put((byte) 4).put((byte) 2)
        .putShort((short) KEEP_ALIVE).put(text("")).array());
    send(ByteBuffer.allocate(13).put((byte) 0x82).put((byte) 11).putShort((short) 1).put(text("news/#")).put((byte) 0)
        .array());
    while (true) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case BROKER -> receive();
          case PING -> {
            if (asked) {
              throw new IOException("the broker does not answer");
            }
            asked = true;
            send(PING);
          }
          case STDIN -> {
            if (stdin.read(new byte[1024]) < 0) {
              return;
            }
          }
        }
      }
    }
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }

  /** So few bytes always fit while the broker answers. */
  private void send(byte[] packet) throws IOException {
    if (broker.write(ByteBuffer.wrap(packet)) < packet.length) {
      throw new IOException("the broker reads no more");
    }
  }

  private void receive() throws IOException {
    if (broker.read(received) < 0) {
      throw new IOException("the broker hung up");
    }
    received.flip();
    while (take()) {
      // all that one read has brought
    }
    received.compact();
    if (!received.hasRemaining()) {
      throw new IOException("a message is too large");
    }
  }

  /** Takes one packet: its type, a length of seven bits in each byte, and so many bytes; false if some are missing. */
  private boolean take() throws IOException {
    int length = 0;
    int at = received.position() + 1;
    for (int shift = 0, more = 0x80; more != 0; shift += 7, at++) {
      if (at >= received.limit()) {
        return false;
      }
      if (shift > 21) {
        throw new IOException("this is no length");
      }
      length |= (received.get(at) & 0x7f) << shift;
      more = received.get(at) & 0x80;
    }
    if (received.limit() - at < length) {
      return false;
    }
    handle(received.get(received.position()) & 0xf0, received.slice(at, length));
    received.position(at + length);
    return true;
  }

  private void handle(int type, ByteBuffer packet) {
    asked = false;
    switch (type) {
      case 0x20 -> System.out.println("connected");
      case 0x90 -> System.out.println("subscribed");
      case 0x30 -> {
        byte[] topic = new byte[packet.getShort()];
        packet.get(topic);
        System.out.println(new String(topic, StandardCharsets.UTF_8) + ": " + StandardCharsets.UTF_8.decode(packet));
      }
      default -> {} // the answer to a ping
    }
  }
}
