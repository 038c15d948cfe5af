package startup.selector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Waits once for a pipe that is ready, and is done. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    Pipe pipe = Pipe.open();
    pipe.sink().write(ByteBuffer.allocateDirect(1));
    Selector selector = Selector.open();
    pipe.source().configureBlocking(false);
    pipe.source().register(selector, SelectionKey.OP_READ, "pipe");
    System.exit(selector.select() == 1 ? 0 : 1);
  }
}
