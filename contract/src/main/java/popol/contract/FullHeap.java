package popol.contract;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * A program for a JVM with a small heap: fills it, has the registry do something, and empties it again. Whatever was
 * thrown meanwhile, the call has happened or it has not, and nothing is lost, doubled or deaf (rules 9, 10 and 18). It
 * is no class of tests, because the tests beside it would not bear that.
 *
 * <p>Prints a line for each case and ends with status 0 if all is well. To be run with
 * {@code -XX:+UseSerialGC -Xmx20m}.
 */
public final class FullHeap {

  private static final int[] SMALLEST = {8192, 32}; // bytes of a block that does not fit any more
  private static final int[] SIZES = {0, 2, 3, 15, 31, 255, 511}; // sources at which arrays grow, or do not
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Object[] ballast = new Object[300_000];

  /** What a case does. */
  private interface Case {
    void run(int smallest) throws Exception;
  }

  /** What is done while the heap is full. */
  private interface Action {
    void run() throws Exception;
  }

  private static int thrown; // by the actions of one case

  private FullHeap() {}

  /**
   * Runs all cases.
   *
   * @param args none
   */
  public static void main(String[] args) {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("expired timers", smallest -> poll(20_000, 0, smallest));
    cases.put("woken wakers", smallest -> poll(0, 20_000, smallest));
    cases.put("both", smallest -> poll(5_000, 5_000, smallest));
    for (int size : SIZES) {
      cases.put("poll, one source more than " + size, smallest -> grow(size, smallest));
      cases.put("register after " + size, smallest -> register(size, smallest));
    }
    for (int size : new int[] {0, 4, 8, 8192}) {
      cases.put("waker after " + size, smallest -> waker(size, smallest));
      cases.put("timer after " + size, smallest -> timer(size, smallest));
    }
    cases.put("change", FullHeap::change);
    cases.put("closed channels", FullHeap::closedChannels);
    cases.put("questions", FullHeap::questions);
    cases.put("close", FullHeap::close);
    cases.put("open", FullHeap::open);
    int failed = 0;
    for (Map.Entry<String, Case> one : cases.entrySet()) {
      failed += run(one.getKey(), one.getValue()) ? 0 : 1;
    }
    System.out.println(cases.size() + " cases, " + failed + " failed");
    System.exit(failed == 0 ? 0 : 1);
  }

  private static boolean run(String name, Case one) {
    thrown = 0;
    try {
      one.run(0); // loads and links all that is needed
      for (int smallest : SMALLEST) {
        one.run(smallest);
      }
      System.out.println(name + ": ok, out of memory " + thrown + " times");
      return true;
    } catch (Throwable e) {
      ballast = null;
      System.out.println(name + ": FAILED");
      e.printStackTrace(System.out);
      ballast = new Object[300_000];
      return false;
    }
  }

  /** Does something while no block of that size fits into the heap; 0 does it with an empty one. */
  private static boolean whileFull(int smallest, Action action) throws Exception {
    boolean full = false;
    try {
      if (smallest > 0) {
        fill(smallest);
      }
      action.run();
    } catch (OutOfMemoryError e) {
      full = true;
    } finally {
      ballast = null;
    }
    ballast = new Object[300_000];
    thrown += full ? 1 : 0;
    return !full;
  }

  private static void fill(int smallest) {
    Object[] blocks = ballast;
    int used = 0;
    for (int size = 1 << 20; size >= smallest; size /= 2) {
      try {
        while (used < blocks.length) {
          blocks[used] = new byte[size - 16]; // with its header
          used++;
        }
      } catch (OutOfMemoryError smaller) {
        continue;
      }
    }
  }

  private static void check(boolean is, String rule) {
    if (!is) {
      throw new AssertionError(rule);
    }
  }

  /** Polls until so many events have come, and then finds no more; each entry has one event. */
  private static void assertEachOnce(Sources<Integer> sources, int count) throws Exception {
    Map<Integer, Integer> events = new HashMap<>();
    while (events.size() < count) {
      var found = sources.poll(SOON);
      check(!found.isEmpty(), "rule 6: nothing is lost: " + events.size() + " of " + count);
      for (Event<Integer> event : found) {
        events.merge(event.key(), 1, Integer::sum);
      }
    }
    check(sources.poll(Duration.ZERO).isEmpty(), "rule 6: nothing comes twice");
    check(events.values().stream().allMatch(times -> times == 1), "rule 6: nothing comes twice: " + events);
  }

  /** That the registry hears of a source, a wake and a timer. */
  private static void assertWorks(Sources<Integer> sources) throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
      sources.register(-1, source, Interest.READ);
      Link.send(sink, "x");
      Waker waker = sources.waker(-2);
      waker.wake();
      sources.timer(-3, Duration.ZERO);
      int found = 0;
      for (Event<Integer> event : sources.poll(SOON)) {
        found += event.key() < 0 ? 1 : 0;
      }
      check(found == 3, "rule 9: the registry works on: " + found + " of 3 are heard");
      check(sources.unregister(-1) && sources.unregister(-2) && !sources.unregister(-3), "rule 3: they were there");
    }
  }

  /** A source that others do not have. */
  private static Source copy(Posix.Pair pipe, List<Integer> copies) throws IOException {
    int copy = Posix.dup(pipe.first());
    copies.add(copy);
    return Source.of(copy);
  }

  /** Registers so many, of which nothing is ready, and has the kernel know of them. */
  private static void fillRegistry(Sources<Integer> sources, int size, Posix.Pair pipe, List<Integer> copies)
      throws Exception {
    for (int i = 0; i < size; i++) {
      sources.register(i, copy(pipe, copies), Interest.READ);
    }
    sources.poll(Duration.ZERO);
    sources.poll(Duration.ofNanos(1000));
  }

  private static void poll(int timers, int wakers, int smallest) throws Exception {
    try (Sources<Integer> sources = Host.open()) {
      for (int i = 0; i < timers; i++) {
        sources.timer(i, Duration.ZERO);
      }
      for (int i = 0; i < wakers; i++) {
        sources.waker(timers + i).wake();
      }
      whileFull(smallest, () -> sources.poll(Duration.ZERO));
      assertEachOnce(sources, timers + wakers);
      check(sources.size() == wakers, "rule 19: expired timers have left");
      assertWorks(sources);
    }
  }

  private static void grow(int size, int smallest) throws Exception {
    List<Integer> copies = new ArrayList<>();
    try (Posix.Pair pipe = Posix.pipe(); Sources<Integer> sources = Host.open()) {
      fillRegistry(sources, size, pipe, copies);
      sources.register(size, copy(pipe, copies), Interest.READ);
      Posix.write(pipe.second(), "x");
      whileFull(smallest, () -> sources.poll(Duration.ZERO));
      for (int i = 0; i < 3; i++) {
        int found = sources.poll(SOON).size();
        check(found == size + 1, "rule 9: all are heard: " + found + " of " + (size + 1));
      }
      Posix.read(pipe.first(), 1);
      check(sources.poll(Duration.ZERO).isEmpty(), "rule 13: none is ready any more");
      assertWorks(sources);
    } finally {
      copies.forEach(Posix::close);
    }
  }

  private static void register(int size, int smallest) throws Exception {
    List<Integer> copies = new ArrayList<>();
    try (Posix.Pair pipe = Posix.pipe(); Sources<Integer> sources = Host.open()) {
      fillRegistry(sources, size, pipe, copies);
      Posix.write(pipe.second(), "x");
      Integer key = size;
      Source source = copy(pipe, copies);
      boolean done = whileFull(smallest, () -> sources.register(key, source, Interest.READ));
      check(sources.contains(key) == done, "rule 9: what threw has not happened, what did not has");
      check(sources.size() == size + (done ? 1 : 0), "rule 9: as many as before, or one more");
      if (!done) {
        sources.register(key, source, Interest.READ);
      }
      check(sources.poll(SOON).size() == size + 1, "rule 9: all are heard");
      check(sources.unregister(key), "rule 3: it was there");
      check(sources.poll(Duration.ZERO).size() == size, "rule 3: the others are left");
      Posix.read(pipe.first(), 1);
      assertWorks(sources);
    } finally {
      copies.forEach(Posix::close);
    }
  }

  private static void waker(int size, int smallest) throws Exception {
    try (Sources<Integer> sources = Host.open()) {
      for (int i = 0; i < size; i++) {
        sources.waker(i);
      }
      Integer key = size;
      Waker[] waker = new Waker[1];
      boolean done = whileFull(smallest, () -> waker[0] = sources.waker(key));
      check(sources.contains(key) == done && waker[0] != null == done, "rule 18: it is there, or it is not");
      check(sources.size() == size + (done ? 1 : 0), "rule 18: as many as before, or one more");
      if (!done) {
        waker[0] = sources.waker(key);
      }
      whileFull(smallest, waker[0]::wake);
      waker[0].wake();
      assertEachOnce(sources, 1);
      assertWorks(sources);
    }
  }

  private static void timer(int size, int smallest) throws Exception {
    try (Sources<Integer> sources = Host.open()) {
      for (int i = 0; i < size; i++) {
        sources.timer(i, Duration.ofHours(1));
      }
      Integer key = size;
      boolean done = whileFull(smallest, () -> sources.timer(key, Duration.ZERO));
      check(sources.contains(key) == done, "rule 19: it is there, or it is not");
      check(sources.size() == size + (done ? 1 : 0), "rule 19: as many as before, or one more");
      if (!done) {
        sources.timer(key, Duration.ZERO);
      }
      assertEachOnce(sources, 1);
      assertWorks(sources);
    }
  }

  private static void change(int smallest) throws Exception {
    List<Integer> copies = new ArrayList<>();
    try (Posix.Pair pipe = Posix.pipe(); Sources<Integer> sources = Host.open()) {
      fillRegistry(sources, 20, pipe, copies);
      Posix.write(pipe.second(), "x");
      for (int i = 0; i < 20; i++) {
        Integer key = i;
        switch (i % 4) {
          case 0 -> {
            boolean done = whileFull(smallest, () -> sources.interest(key, Interest.NONE));
            check((sources.interest(key).orElseThrow() == Interest.NONE) == done, "rule 9: it is set, or it is not");
          }
          case 1 -> {
            boolean done = whileFull(smallest, () -> sources.disable(key, Interest.READ));
            check((sources.interest(key).orElseThrow() == Interest.NONE) == done, "rule 9: it is set, or it is not");
          }
          case 2 -> {
            boolean done = whileFull(smallest, () -> sources.unregister(key));
            check(sources.contains(key) == !done, "rule 9: it is there, or it is not");
          }
          default -> whileFull(smallest, () -> sources.poll(Duration.ZERO));
        }
      }
      int expected = 0;
      for (Integer key : sources.keys()) {
        expected += sources.interest(key).orElseThrow() == Interest.READ ? 1 : 0;
      }
      check(sources.poll(SOON).size() == expected, "rule 9: those that still ask are heard");
      assertWorks(sources);
    } finally {
      copies.forEach(Posix::close);
    }
  }

  private static void closedChannels(int smallest) throws Exception {
    try (Sources<Integer> sources = Host.open()) {
      List<Pipe> pipes = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        pipes.add(Pipe.open());
        sources.register(i, pipes.get(i).source(), Interest.READ);
      }
      sources.poll(Duration.ZERO);
      for (Pipe pipe : pipes) {
        pipe.source().close();
        pipe.sink().close();
      }
      whileFull(smallest, () -> sources.poll(Duration.ZERO));
      assertEachOnce(sources, 12);
      check(sources.isEmpty(), "rule 16: they have left");
      assertWorks(sources);
    }
  }

  private static void questions(int smallest) throws Exception {
    try (Sources<Integer> sources = Host.open()) {
      for (int i = 0; i < 100; i++) {
        sources.timer(i, Duration.ofHours(1));
      }
      whileFull(smallest, sources::keys);
      whileFull(smallest, sources::describe);
      whileFull(smallest, sources::toString);
      whileFull(smallest, () -> sources.interest(1));
      whileFull(smallest, () -> sources.timer(1, Duration.ofHours(1), Duration.ofHours(1)));
      check(sources.size() == 100 && sources.keys().size() == 100, "rule 9: a question changes nothing");
      assertWorks(sources);
    }
  }

  private static void close(int smallest) throws Exception {
    int before = Leftovers.openDescriptors().size();
    List<Integer> copies = new ArrayList<>();
    Sources<Integer> sources = Host.open();
    try (Posix.Pair pipe = Posix.pipe()) {
      fillRegistry(sources, 40, pipe, copies);
      sources.waker(-1).wake();
      sources.timer(-2, Duration.ZERO);
      Pipe owned = Pipe.open();
      sources.register(-3, Source.of(owned.source()).owned(), Interest.READ);
      owned.sink().close();
      whileFull(smallest, sources::close);
      check(!sources.isOpen(), "rule 10: it is closed, whatever was thrown");
      sources.close();
      try {
        sources.size();
        throw new AssertionError("rule 10: a closed registry says so");
      } catch (ClosedSelectorException closed) {
        check(!owned.source().isOpen() || smallest > 0, "rule 23: what is owned is closed");
        owned.source().close();
      }
    } finally {
      copies.forEach(Posix::close);
    }
    int after = Leftovers.openDescriptors().size();
    check(after == before, "rule 10: nothing is left open: " + after + " instead of " + before);
  }

  private static void open(int smallest) throws Exception {
    Leftovers.openDescriptors();
    int before = Leftovers.openDescriptors().size();
    List<Sources<Integer>> opened = new ArrayList<>(10);
    whileFull(smallest, () -> {
      for (int i = 0; i < 10; i++) {
        opened.add(Host.open());
      }
    });
    for (Sources<Integer> one : opened) {
      assertWorks(one);
      one.close();
    }
    int after = Leftovers.openDescriptors().size();
    check(after == before, "rule 10: nothing is left open: " + after + " instead of " + before);
  }
}
