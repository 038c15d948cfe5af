package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.Waker;

/** Rule 22: what is reported once, until the interest is set again. */
class OnceTest extends ContractTest {

  private static final Interest READ_ONCE = Interest.READ.plus(Interest.ONCE);
  private static final String SILENT = "rule 22: reported once, then silent until the interest is set";
  private static final String AGAIN = "rule 22: the interest was set";

  @Test
  @DisplayName("rule 22: what is ready is reported once, and again each time the interest is set, in whichever way")
  void once() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("key", pipe.source(), READ_ONCE);
    assertNext(Map.of("key", "readable"), "rule 13: it is ready");
    assertSilent(SILENT);
    assertEquals(Optional.of(READ_ONCE), sources.interest("key"), "rule 3: the interest is what was set");
    sources.interest("key", READ_ONCE);
    assertNow(Map.of("key", "readable"), AGAIN);
    assertSilent(SILENT);
    sources.enable("key", Interest.READ);
    assertNow(Map.of("key", "readable"), AGAIN);
    assertSilent(SILENT);
    sources.disable("key", Interest.WRITE);
    assertNow(Map.of("key", "readable"), AGAIN);
    assertSilent(SILENT);
    sources.disable("key", Interest.ONCE);
    assertNow(Map.of("key", "readable"), AGAIN);
    assertNow(Map.of("key", "readable"), "rule 13: without ONCE it is reported each time");
  }

  @Test
  @DisplayName("rule 22: what comes while it is silent is there when the interest is set")
  void later() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("key", pipe.source(), READ_ONCE);
    assertNext(Map.of("key", "readable"), "rule 13: it is ready");
    Link.receive(pipe.source());
    Link.send(pipe.sink(), "y");
    assertSilent(SILENT);
    sources.interest("key", READ_ONCE);
    assertNow(Map.of("key", "readable"), AGAIN);
    assertEquals("y", Link.receive(pipe.source()), "rule 13: what came meanwhile");
    sources.interest("key", READ_ONCE);
    assertNow(NOTHING, "rule 13: nothing is there");
    Link.send(pipe.sink(), "z");
    assertNext(Map.of("key", "readable"), "rule 22: setting the interest lets it be heard of what comes later");
  }

  @Test
  @DisplayName("rule 22: one report, whatever is in it, silences all: what else was asked for too")
  void allOfIt() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ_WRITE.plus(Interest.ONCE));
    assertNext(Map.of("key", "writable"), "rule 13: there is room");
    Link.send(link.far(), "x");
    assertSilent(SILENT);
    link.near().shutdownOutput();
    link.far().close();
    assertSilent("rule 22: not even a hang-up is told meanwhile");
    sources.interest("key", Interest.READ.plus(Interest.ONCE));
    String found = next().get("key");
    assertTrue(found.startsWith("readable"), AGAIN + ": " + found);
    assertSilent(SILENT);
  }

  @Test
  @DisplayName("rule 22: ONCE alone is NONE, and a hang-up is reported once")
  void alone() throws Exception {
    Link link = link();
    Link.send(link.far(), "x");
    sources.register("key", link.near(), Interest.ONCE);
    assertSilent("rule 22: nothing is asked for");
    link.near().shutdownOutput();
    link.far().close();
    assertNext(Map.of("key", "hangup"), "rule 15: a hang-up is always reported");
    assertSilent("rule 15: once");
  }

  @Test
  @DisplayName("rule 16, 22: a channel that is closed while it is silent is reported invalid")
  void closedWhileSilent() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("key", pipe.source(), READ_ONCE);
    assertNext(Map.of("key", "readable"), "rule 13: it is ready");
    assertNow(NOTHING, SILENT);
    pipe.source().close();
    assertNext(Map.of("key", "invalid"), "rule 16: it was closed");
    assertTrue(sources.isEmpty(), "rule 16: and is gone");
  }

  @Test
  @DisplayName("rule 1, 22: a worker thread that sets the interest during a wait is heard by that wait")
  void setDuringWait() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("key", pipe.source(), READ_ONCE);
    assertNext(Map.of("key", "readable"), "rule 13: it is ready");
    Waiting waiting = Waiting.on(sources);
    assertTrue(waiting.staysFor(MOMENT), SILENT);
    sources.interest("key", READ_ONCE);
    assertEquals(Map.of("key", "readable"), waiting.found(), AGAIN);
  }

  @Test
  @DisplayName("rule 22: workers that have one source each: every byte is read once, and none is left")
  void workers() throws Exception {
    int bytes = Emulation.times(5_000);
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      links.add(link());
      sources.register(Integer.toString(i), links.get(i).near(), READ_ONCE);
    }
    Work work = new Work(links, bytes, sources.waker("done"));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      threads.execute(work::send);
      boolean done = false;
      while (!done) {
        for (Event<String> event : sources.poll(SOON)) {
          done |= event.isWake();
          if (event.isReadable()) {
            int source = Integer.parseInt(event.key());
            threads.execute(() -> work.serve(source));
          }
        }
      }
    }
    assertEquals(List.of(), List.copyOf(work.failures), "rule 22: a worker has a source for itself");
    assertEquals(bytes, work.read.get(), "rule 22: every byte was read, once");
    assertSilent("rule 22: none is left");
  }

  /** What the threads of a test share. */
  private final class Work {

    private final List<Link> links;
    private final int bytes;
    private final Waker done;
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicIntegerArray busy;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Work(List<Link> links, int bytes, Waker done) {
      this.links = links;
      this.bytes = bytes;
      this.done = done;
      this.busy = new AtomicIntegerArray(links.size());
    }

    void send() {
      try {
        for (int i = 0; i < bytes; i++) {
          Link.send(links.get(i % links.size()).far(), "x");
        }
      } catch (IOException e) {
        fail(e);
      }
    }

    void serve(int source) {
      try {
        assertEquals(1, busy.incrementAndGet(source), "rule 22: the source is silent meanwhile");
        int count = links.get(source).near().read(ByteBuffer.allocate(10));
        busy.decrementAndGet(source);
        sources.interest(Integer.toString(source), READ_ONCE);
        if (read.addAndGet(count) == bytes) {
          done.wake();
        }
      } catch (Throwable e) {
        fail(e);
      }
    }

    private void fail(Throwable e) {
      failures.add(e);
      done.wake();
    }
  }
}
