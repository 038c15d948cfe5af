package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import popol.Sources;

/** What the tests share: an empty registry, things to wait on that are closed after the test, and a poll in words. */
@Timeout(60)
abstract class ContractTest {

  /** For what will come: only a failure takes that long. */
  static final Duration SOON = Duration.ofSeconds(30);

  /** For what must not come: long enough for a loopback connection to bring it. */
  static final Duration MOMENT = Duration.ofMillis(50);

  static final Map<String, String> NOTHING = Map.of();

  private final Deque<AutoCloseable> kept = new ArrayDeque<>();

  Sources<String> sources;

  @BeforeEach
  void open() throws IOException {
    sources = keep(Host.open());
  }

  @AfterEach
  void close() throws Exception {
    while (!kept.isEmpty()) {
      kept.pop().close();
    }
  }

  /** Closes it after the test. */
  final <T extends AutoCloseable> T keep(T one) {
    kept.push(one);
    return one;
  }

  final Link link() throws IOException {
    return keep(Link.open());
  }

  /** A pipe of the JDK, whose ends block; what is written can be read at once. */
  final Pipe pipe() throws IOException {
    Pipe pipe = Pipe.open();
    keep(pipe.source());
    keep(pipe.sink());
    return pipe;
  }

  /** A pipe with a byte in it. */
  final Pipe readyPipe() throws IOException {
    Pipe pipe = pipe();
    Link.send(pipe.sink(), "x");
    return pipe;
  }

  /** For threads that answer each other faster than a latch does, without keeping a processor from them. */
  static void await(BooleanSupplier condition) {
    for (int spins = 0; !condition.getAsBoolean(); spins++) {
      if (spins < 100) {
        Thread.onSpinWait();
      } else if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("the time of this test is over");
      } else {
        Thread.yield();
      }
    }
  }

  /** That nothing but the test itself kept an object, to which no local variable refers any more. */
  static void assertLetGo(WeakReference<?> reference, String rule) {
    long start = System.nanoTime();
    while (reference.get() != null && System.nanoTime() - start < SOON.toNanos()) {
      System.gc();
      LockSupport.parkNanos(1_000_000); // the collector may be a concurrent one
    }
    assertNull(reference.get(), rule);
  }

  /** Lets time pass, where a rule is about time; it stands for no event. */
  static void passes(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** What is ready now. */
  final Map<String, String> now() throws IOException, InterruptedException {
    return Found.in(sources.poll(Duration.ZERO));
  }

  /** What is ready as soon as anything is. */
  final Map<String, String> next() throws IOException, InterruptedException {
    return Found.in(sources.poll(SOON));
  }

  final void assertNow(Map<String, String> expected, String rule) throws IOException, InterruptedException {
    assertEquals(expected, now(), rule);
  }

  final void assertNext(Map<String, String> expected, String rule) throws IOException, InterruptedException {
    assertEquals(expected, next(), rule);
  }

  /** That a source which was closed is reported, where others are ready that can be found before it. */
  final void assertInvalid(String key, String rule) throws IOException, InterruptedException {
    String found;
    do {
      found = next().get(key);
    } while (found == null);
    assertEquals("invalid", found, rule);
  }

  /** That nothing comes, now or in a moment. */
  final void assertSilent(String rule) throws IOException, InterruptedException {
    assertEquals(NOTHING, Found.in(sources.poll(MOMENT)), rule);
  }
}
