package startup.popol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import popol.Interest;
import popol.Sources;

/** Waits once for a pipe that is ready, and is done. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Pipe pipe = Pipe.open();
    pipe.sink().write(ByteBuffer.allocateDirect(1));
    Sources<String> sources = Sources.open();
    sources.register("pipe", pipe.source(), Interest.READ);
    System.exit(sources.poll().size() == 1 ? 0 : 1);
  }
}
