package startup;

import java.io.IOException;
import java.nio.channels.Pipe;
import popol.Interest;
import popol.Sources;

/** Waits by popol. */
public final class Popol extends Waits {

  private final Sources<Integer> sources = Sources.open();

  private Popol() throws IOException {}

  public static void main(String[] numbers) throws Throwable {
    new Popol().run(numbers);
  }

  @Override
  void register(int number, Pipe.SourceChannel source) {
    sources.register(number, source, Interest.READ);
  }

  @Override
  void await() throws IOException, InterruptedException {
    for (var event : sources.poll()) {
      read(event.key());
    }
  }
}
