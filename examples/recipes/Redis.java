import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/** Prints the messages of a channel of Redis or Valkey until the end of standard input, by bytes written by hand. */
public final class Redis {

  private enum Key { STDIN, SERVER }

  private final ByteBuffer received = ByteBuffer.allocate(64 * 1024); // a message that is larger ends the program
  private int count;

  private Redis() {}

  public static void main(String[] args) throws Exception {
    try (SocketChannel server = SocketChannel.open(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        Sources<Key> sources = Sources.open()) {
      server.write(ByteBuffer.wrap("*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nnews\r\n".getBytes(StandardCharsets.US_ASCII)));
      server.configureBlocking(false);
      sources.register(Key.SERVER, server, Interest.READ);
      sources.register(Key.STDIN, Source.stdin(), Interest.READ);
      new Redis().run(sources, server);
    }
  }

  private void run(Sources<Key> sources, SocketChannel server) throws Exception {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    while (true) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case STDIN -> {
            if (stdin.read(new byte[1024]) < 0) {
              System.out.println("messages: " + count);
              return;
            }
          }
          case SERVER -> receive(server);
        }
      }
    }
  }

  /** One read can bring many messages, and the beginning of another: all are taken, and the beginning is kept. */
  private void receive(SocketChannel server) throws IOException {
    if (server.read(received) < 0) {
      throw new IOException("the server has gone");
    }
    received.flip();
    int messages = 0;
    List<String> last = null;
    for (List<String> reply = next(); reply != null; reply = next()) {
      messages++;
      last = reply;
    }
    received.compact();
    if (!received.hasRemaining()) {
      throw new IOException("a message is too large"); // reading into a full buffer would spin
    }
    if (last != null) {
      count += messages;
      System.out.println("one read brought " + messages + ", the last one " + last);
    }
  }

  /**
   * The strings of a reply {@code *3 $7 message $4 news $5 hello}; null, and nothing taken, if some of it is missing.
   */
  private List<String> next() throws IOException {
    received.mark();
    List<String> parts = new ArrayList<>();
    String head = line();
    for (int i = head == null ? 0 : number(head, '*'); i > 0; i--) {
      String size = line();
      if (size != null && size.startsWith(":")) { // a number, such as that of subscriptions
        parts.add(size.substring(1));
      } else {
        int length = size == null ? Integer.MAX_VALUE : number(size, '$');
        if (length > received.remaining() - 2) {
          received.reset();
          return null;
        }
        byte[] text = new byte[length];
        received.get(text).position(received.position() + 2); // and the end of the line
        parts.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    return head == null ? null : parts;
  }

  private String line() {
    for (int i = received.position(); i + 1 < received.limit(); i++) {
      if (received.get(i) == '\r' && received.get(i + 1) == '\n') {
        byte[] line = new byte[i - received.position()];
        received.get(line).position(i + 2);
        return new String(line, StandardCharsets.US_ASCII);
      }
    }
    return null;
  }

  private static int number(String line, char type) throws IOException {
    if (!line.matches("[" + type + "]\\d{1,9}")) {
      throw new IOException("this is no reply that was expected: " + line);
    }
    return Integer.parseInt(line.substring(1));
  }
}
