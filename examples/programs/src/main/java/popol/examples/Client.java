package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Connects to a server, sends it what is typed, and prints what comes back. At the end of standard input it ends its
 * own half of the connection, and prints until the server has ended the other half.
 *
 * <p>A server that does not read holds standard input up: what was read is sent before more is read.
 */
public final class Client {

  /** What the client waits for. */
  private enum Key { STDIN, SERVER, LATE }

  private static final Duration LIMIT = Duration.ofSeconds(5); // for the connect

  private final Sources<Key> sources;
  private final SocketChannel server;
  private final FileInputStream stdin = new FileInputStream(FileDescriptor.in); // reads no more than it is asked for
  private final FileOutputStream stdout = new FileOutputStream(FileDescriptor.out);
  private final ByteBuffer typed = ByteBuffer.allocate(8192).limit(0); // read, and not yet sent
  private final ByteBuffer received = ByteBuffer.allocate(8192);
  private boolean running = true;

  private Client(Sources<Key> sources, SocketChannel server) {
    this.sources = sources;
    this.server = server;
  }

  /**
   * Talks to a server.
   *
   * @param args its host and its port
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws InterruptedException {
    InetSocketAddress address = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    try (Sources<Key> sources = Sources.open(); SocketChannel server = SocketChannel.open()) {
      new Client(sources, server).run(address);
    } catch (IOException e) {
      System.err.println(address + ": " + e.getMessage());
      System.exit(1);
    }
  }

  private void run(InetSocketAddress address) throws IOException, InterruptedException {
    server.configureBlocking(false);
    server.connect(address);
    sources.register(Key.SERVER, server, Interest.WRITE); // writable when the connect has come to its end
    sources.timer(Key.LATE, LIMIT);
    while (running) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case LATE -> throw new IOException("no answer in " + LIMIT.toSeconds() + " seconds");
          case STDIN -> readTyped(event);
          case SERVER -> {
            if (server.isConnected()) {
              talk(event);
            } else {
              finishConnect();
            }
          }
        }
      }
    }
  }

  private void finishConnect() throws IOException {
    server.finishConnect(); // throws if the connect was refused
    sources.unregister(Key.LATE);
    sources.interest(Key.SERVER, Interest.READ);
    sources.register(Key.STDIN, Source.stdin(), Interest.READ);
  }

  private void readTyped(Event<Key> event) throws IOException {
    if (typed.hasRemaining()) { // a hang-up, which is told without being asked for; its turn comes later
      return;
    }
    int count = event.isInvalid() ? -1 : stdin.read(typed.array()); // it is invalid where there is no standard input
    if (count < 0) {
      sources.unregister(Key.STDIN);
      server.shutdownOutput();
      return;
    }
    typed.position(0).limit(count);
    sources.disable(Key.STDIN, Interest.READ);
    sources.enable(Key.SERVER, Interest.WRITE);
  }

  private void talk(Event<Key> event) throws IOException {
    if (event.isWritable()) {
      server.write(typed); // as much as there is room for
      if (!typed.hasRemaining()) {
        sources.disable(Key.SERVER, Interest.WRITE);
        sources.enable(Key.STDIN, Interest.READ);
      }
    }
    if (event.isReadable()) {
      int count = server.read(received.clear());
      running = count >= 0;
      stdout.write(received.array(), 0, Math.max(0, count));
    }
  }
}
