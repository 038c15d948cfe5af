package popol.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import popol.spi.Poller;
import popol.spi.Readiness;
import popol.spi.WakeHandle;
import popol.spi.Watch;

/**
 * A poller without a kernel, and its wake handle: what descriptors are stands in a map, and any call can be refused.
 */
final class FakePoller implements Poller {

  static final long HANDLE = 3;

  /** What each descriptor is, in bits of {@link Readiness}. */
  final Map<Long, Integer> kernel = new HashMap<>();

  /** The watches that are in. */
  final List<Watch> watches = new ArrayList<>();

  /** The calls so far, by name. */
  final List<String> calls = new ArrayList<>();

  /** Ends the wait that is under way. */
  Runnable endWait;

  /** The name of the call that is refused, once; or null. */
  String refused;

  /** What is done in the middle of the next wait, without the registry's lock; or null. */
  Runnable duringWait;

  /** What is done in the middle of the next look, which then counts as one that can block; or null. */
  Runnable duringLook;

  private final Semaphore wake = new Semaphore(0);
  private final Map<Watch, Integer> found = new HashMap<>();
  boolean closed;

  void call(String name) throws IOException {
    calls.add(name);
    if (name.equals(refused)) {
      refused = null;
      throw new IOException(name + " is refused");
    }
  }

  @Override
  public String mechanism() {
    return "fake";
  }

  @Override
  public void onReady(Runnable endWait) {
    this.endWait = endWait;
  }

  @Override
  public void add(Watch watch) throws IOException {
    call("add");
    watches.add(watch);
    watch.slot(0);
  }

  @Override
  public void modify(Watch watch) throws IOException {
    call("modify");
  }

  @Override
  public void remove(Watch watch) {
    calls.add("remove");
    watches.remove(watch);
    watch.slot(-1);
  }

  @Override
  public boolean canBlock() {
    return duringLook != null;
  }

  @Override
  public boolean await(long nanos) throws IOException {
    call(nanos == 0 ? "look" : "wait");
    if (nanos == 0 && duringLook != null) {
      Runnable action = duringLook;
      duringLook = null;
      action.run();
    }
    if (!look() && nanos != 0) {
      if (duringWait != null) {
        Runnable action = duringWait;
        duringWait = null;
        action.run();
      }
      try {
        wake.tryAcquire(nanos < 0 ? 30_000_000_000L : nanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      look();
    }
    return !found.isEmpty();
  }

  private boolean look() {
    found.clear();
    for (Watch watch : watches) {
      int readiness = kernel.getOrDefault(watch.descriptor(), 0) & (watch.interest() | ~Readiness.WANTED);
      if (readiness != 0) {
        found.put(watch, readiness);
      }
    }
    return !found.isEmpty();
  }

  @Override
  public void collect(Visitor visitor) {
    Map<Watch, Integer> all = Map.copyOf(found);
    found.clear();
    all.forEach(visitor::found);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The wake handle that ends this poller's waits. */
  final class Handle implements WakeHandle {

    private final long descriptor;
    boolean closed;

    /** What it says when it is reset: whether it can be set again. */
    boolean whole = true;

    Handle(long descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public long descriptor() {
      return descriptor;
    }

    @Override
    public void set() throws IOException {
      call("set");
      wake.release();
    }

    @Override
    public boolean reset() {
      calls.add("reset");
      wake.drainPermits();
      return whole;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
