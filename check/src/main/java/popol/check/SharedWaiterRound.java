package popol.check;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import popol.Interest;
import popol.Sources;

/** One wait of a virtual thread, after a pause, which a byte ends. It says what is wrong, or nothing. */
public final class SharedWaiterRound implements Callable<String> {

  private static final long SHORTEST = 900_000_000; // nanoseconds; the thread ends after one to two seconds
  private static final long LONGEST = 2_100_000_000;
  private static final Duration LOST = Duration.ofSeconds(20);
  private static final int SOURCES = 3; // so that the registry waits by epoll

  /** Called by {@link SharedWaiters}. */
  public SharedWaiterRound() {}

  @Override
  public String call() throws Exception {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(SHORTEST, LONGEST));
    Pipe[] pipes = new Pipe[SOURCES];
    String[] fault = {""};
    try (Sources<Integer> sources = Sources.open()) {
      for (int i = 0; i < SOURCES; i++) {
        pipes[i] = Pipe.open();
        pipes[i].source().configureBlocking(false);
        sources.register(i, pipes[i].source(), Interest.READ);
      }
      Thread waiter = Thread.ofVirtual().start(() -> fault[0] = await(sources));
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(200_000));
      pipes[0].sink().write(ByteBuffer.allocate(1));
      waiter.join();
    } finally {
      for (Pipe pipe : pipes) {
        if (pipe != null) {
          pipe.source().close();
          pipe.sink().close();
        }
      }
    }
    return fault[0];
  }

  private static String await(Sources<Integer> sources) {
    try {
      return sources.poll(LOST).size() == 1 ? "" : "a byte did not end the wait of a virtual thread";
    } catch (Exception e) {
      return e.toString();
    }
  }
}
