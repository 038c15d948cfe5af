package startup;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.Iterator;

/** Waits by the JDK's selector. */
public final class Selector extends Waits {

  private final java.nio.channels.Selector selector = java.nio.channels.Selector.open();

  private Selector() throws IOException {}

  public static void main(String[] numbers) throws Throwable {
    new Selector().run(numbers);
  }

  @Override
  void register(int number, Pipe.SourceChannel source) throws IOException {
    source.register(selector, SelectionKey.OP_READ, number);
  }

  @Override
  void await() throws IOException {
    selector.select();
    for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext();) {
      read((Integer) keys.next().attachment());
      keys.remove();
    }
  }
}
