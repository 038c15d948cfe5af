import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Prints the signals of a D-Bus until the end of standard input: a Unix-domain socket, and messages made by hand. A
 * message is aligned to eight bytes from its start: 16 bytes, fields, and a body.
 */
public final class Dbus {

  private enum Key { STDIN, BUS }

  private static final int SIGNAL = 4;
  private static final int MEMBER = 3; // fields of a message
  private static final int SIGNATURE = 8;

  private final SocketChannel bus;
  private final ByteBuffer received = ByteBuffer.allocate(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);

  private Dbus(SocketChannel bus) {
    this.bus = bus;
  }

  public static void main(String[] args) throws Exception {
    try (SocketChannel bus = SocketChannel.open(UnixDomainSocketAddress.of(args[0]));
        Sources<Key> sources = Sources.open()) {
      Dbus recipe = new Dbus(bus);
      recipe.greet();
      bus.configureBlocking(false);
      sources.register(Key.BUS, bus, Interest.READ);
      sources.register(Key.STDIN, Source.stdin(), Interest.READ);
      recipe.run(sources);
    }
  }

  /** Blocks for a moment, before the loop begins. The bus speaks when it is asked, so nothing is read ahead. */
  private void greet() throws IOException {
    String user = Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    String name = HexFormat.of().formatHex(user.getBytes(StandardCharsets.US_ASCII));
    bus.write(ByteBuffer.wrap(("\0AUTH EXTERNAL " + name + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    bus.read(received);
    if (!new String(received.array(), 0, 3, StandardCharsets.US_ASCII).equals("OK ")) {
      throw new IOException("the bus does not let this user in");
    }
    received.clear();
    bus.write(ByteBuffer.wrap("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII)));
    call("Hello", null);
    call("AddMatch", "type='signal',interface='io.github.popol.News'");
  }

  private void call(String method, String argument) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    int body = argument == null ? 0 : 4 + argument.length() + 1;
    message.put((byte) 'l').put((byte) 1).put((byte) 0).put((byte) 1).putInt(body).putInt(1).putInt(0);
    field(message, 1, 'o', "/org/freedesktop/DBus");
    field(message, 2, 's', "org.freedesktop.DBus");
    field(message, MEMBER, 's', method);
    field(message, 6, 's', "org.freedesktop.DBus");
    if (argument != null) {
      field(message, SIGNATURE, 'g', "s");
    }
    message.putInt(12, message.position() - 16);
    align(message, 8);
    if (argument != null) {
      put(message, argument);
    }
    bus.write(message.flip());
  }

  private static void field(ByteBuffer message, int code, char type, String value) {
    align(message, 8);
    message.put((byte) code).put((byte) 1).put((byte) type).put((byte) 0);
    if (type == 'g') {
      message.put((byte) value.length()).put(value.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    } else {
      put(message, value);
    }
  }

  private static void put(ByteBuffer message, String text) {
    align(message, 4);
    message.putInt(text.length()).put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
  }

  private static void align(ByteBuffer message, int to) {
    message.position((message.position() + to - 1) / to * to);
  }

  private void run(Sources<Key> sources) throws IOException, InterruptedException {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    System.out.println("listening");
    while (true) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case BUS -> receive();
          case STDIN -> {
            if (stdin.read(new byte[1024]) < 0) {
              return;
            }
          }
        }
      }
    }
  }

  private void receive() throws IOException {
    if (bus.read(received) < 0) {
      throw new IOException("the bus has gone");
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

  /** Takes one message; false if some of it is missing. */
  private boolean take() {
    if (received.remaining() < 16) {
      return false;
    }
    ByteBuffer message = received.slice().order(ByteOrder.LITTLE_ENDIAN);
    int fields = 16 + message.getInt(12);
    int body = (fields + 7) / 8 * 8;
    int length = body + message.getInt(4);
    if (length > message.limit()) {
      return false;
    }
    received.position(received.position() + length);
    if (message.get(1) == SIGNAL) {
      print(message.position(16), fields, body);
    }
    return true;
  }

  private static void print(ByteBuffer message, int fields, int body) {
    String member = "";
    String signature = "";
    while (message.position() < fields) {
      align(message, 8);
      int code = message.get();
      message.get(); // the size of the type, which is one letter
      char type = (char) message.get();
      message.get();
      if (type == 'u') {
        align(message, 4);
        message.getInt();
      } else {
        String value = text(message, type);
        member = code == MEMBER ? value : member;
        signature = code == SIGNATURE ? value : signature;
      }
    }
    System.out.println(member + (signature.startsWith("s") ? ": " + text(message.position(body), 's') : ""));
  }

  private static String text(ByteBuffer message, char type) {
    if (type != 'g') {
      align(message, 4);
    }
    byte[] bytes = new byte[type == 'g' ? message.get() : message.getInt()];
    message.get(bytes);
    message.get(); // the zero behind it
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
