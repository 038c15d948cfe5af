package popol.examples.greeter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import popol.Interest;
import popol.Sources;

/** Greets whoever connects, until its thread is interrupted. Then everything it opened is closed. */
public final class Greeter implements Runnable {

  /** Called by {@code ServiceLoader}. */
  public Greeter() {}

  @Override
  public void run() {
    try (ServerSocketChannel listener = ServerSocketChannel.open();
        Sources<String> sources = Sources.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
      sources.register("listener", listener, Interest.READ);
      System.out.println("greeting on port " + listener.socket().getLocalPort());
      while (true) {
        sources.poll();
        greet(listener.accept());
      }
    } catch (InterruptedException unloaded) {
      System.out.println("no more greetings");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void greet(SocketChannel peer) throws IOException {
    if (peer != null) { // it has not left again
      try (peer) {
        peer.write(ByteBuffer.wrap("welcome\n".getBytes(StandardCharsets.UTF_8)));
      }
    }
  }
}
