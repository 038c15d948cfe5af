package popol.check.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jacoco.agent.rt.RT;

/** Runs a program that may end its JVM at once: what is executed is written to the record each second. */
public final class Recorded {

  private static final int INTERVAL = 1_000; // milliseconds

  private Recorded() {}

  /**
   * Runs a program.
   *
   * @param arguments the name of its class, and what it is given
   * @throws Exception if it cannot be started, or throws that
   */
  public static void main(String[] arguments) throws Exception {
    Thread.ofPlatform().daemon().name("record").start(Recorded::write);
    Class.forName(arguments[0]).getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void write() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        RT.getAgent().dump(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException ended) {
      return;
    }
  }
}
