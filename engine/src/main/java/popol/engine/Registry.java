package popol.engine;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;
import popol.spi.Poller;
import popol.spi.WakeHandle;

/** The registry that every operating system shares: the checks of what users give, the lock, and the end. */
final class Registry<K> implements Sources<K> {

  /** Loaded now, as they are needed first when no descriptor may be left, and a class in a folder cannot be loaded. */
  private static final Class<?>[] LOADED = {
    Change.class, OwnedSources.class, Text.class, Description.class, SharedWaiter.class, VirtualWait.class,
    WaitThread.class
  };

  private final AbstractPopol popol;
  private final ReentrantLock lock = new ReentrantLock(); // guards all that follows
  private final Condition idle = lock.newCondition(); // signalled when a poll ends on a closed registry
  private final Entries<K> entries = new Entries<>();
  private final NativeWait wait;
  private final WaitLoop<K> loop;
  private @Nullable Thread polling; // null while nobody polls
  private boolean freed;

  Registry(AbstractPopol popol, Poller poller, WakeHandle handle) throws IOException {
    this.popol = popol;
    this.wait = new NativeWait(popol, lock, poller, handle);
    this.loop = new WaitLoop<>(entries, poller, wait);
  }

  // Registration

  @Override
  public void register(K key, Source source, Interest interest) {
    int hash = hash(key);
    Objects.requireNonNull(source, "source is null");
    requireInterest(interest);
    requireFree(key, hash); // the first error, before a descriptor is looked for
    long descriptor = descriptor(source);
    SourceEntry<K> entry = new SourceEntry<>(key, hash, entries.batch.number, source, descriptor, interest);
    lock.lock();
    try {
      requireOpen();
      Entry<K> former = entries.requireFree(key, hash);
      if (!entry.isOpen()) {
        throw new IllegalArgumentException(source + " is closed");
      }
      if (wait.owns(descriptor)) {
        throw new IllegalArgumentException(
            "descriptor " + descriptor + " is this registry's own: the number that was meant has been closed");
      }
      SourceEntry<K> formerOfDescriptor = entries.requireFree(entry);
      entries.reserve();
      wait.end();
      entries.add(entry, former, formerOfDescriptor);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Without the lock: it can call user's code, and wait. If the registry was closed meanwhile, perhaps with all pipes
   * of its service, that is the error.
   */
  private long descriptor(Source source) {
    try {
      long descriptor = Descriptors.of(source, popol.finder());
      popol.check(source, descriptor);
      return descriptor;
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (!isOpen()) {
        throw (ClosedSelectorException) new ClosedSelectorException().initCause(e);
      }
      throw e;
    }
  }

  private void requireFree(K key, int hash) {
    lock.lock();
    try {
      requireOpen();
      entries.requireFree(key, hash);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean unregister(K key) {
    int hash = hash(key);
    lock.lock();
    try {
      requireOpen();
      Entry<K> entry = entries.findWithEvent(key, hash);
      if (entry == null) {
        return false;
      }
      boolean registered = entry.state != State.LEAVING;
      wait.end();
      entries.remove(entry);
      return registered;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean enable(K key, Interest interest) {
    return change(key, interest, Change.ADD);
  }

  @Override
  public boolean disable(K key, Interest interest) {
    return change(key, interest, Change.TAKE);
  }

  @Override
  public boolean interest(K key, Interest interest) {
    return change(key, interest, Change.SET);
  }

  private enum Change { ADD, TAKE, SET }

  private boolean change(K key, Interest interest, Change how) {
    int hash = hash(key);
    requireInterest(interest);
    lock.lock();
    try {
      requireOpen();
      Entry<K> entry = entries.find(key, hash);
      if (entry == null) {
        return false;
      }
      if (!(entry instanceof SourceEntry<K> source)) {
        throw new IllegalArgumentException(
            "the key " + Text.of(key) + " is a " + entry.kind() + ", which has no interest");
      }
      wait.end();
      if (how == Change.SET) {
        entries.interest(source, interest);
      } else {
        Interest before = source.interest();
        entries.interest(source, how == Change.ADD ? before.plus(interest) : before.minus(interest));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Waker waker(K key) {
    int hash = hash(key);
    WakerEntry<K> waker = new WakerEntry<>(key, hash, entries.batch.number, this);
    Waker handle = waker.handle();
    lock.lock();
    try {
      requireOpen();
      Entry<K> former = entries.requireFree(key, hash);
      entries.reserve();
      entries.add(waker, former);
      return handle;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void timer(K key, Duration delay) {
    timer(key, nanos(delay, "delay"), 0);
  }

  @Override
  public void timer(K key, Duration delay, Duration period) {
    long nanos = nanos(period, "period");
    if (nanos == 0) {
      throw new IllegalArgumentException("period is zero: a timer that always expires would spin the loop");
    }
    timer(key, nanos(delay, "delay"), nanos);
  }

  private void timer(K key, long delay, long period) {
    int hash = hash(key);
    lock.lock();
    try {
      requireOpen();
      Entry<K> entry = entries.find(key, hash);
      if (entry != null && !(entry instanceof TimerEntry<K>)) {
        entries.requireFree(key, hash); // unless its source has been closed
        entry = null;
      }
      TimerEntry<K> timer = (TimerEntry<K>) entry;
      Entry<K> former = timer == null ? entries.findWithEvent(key, hash) : null;
      if (timer == null) {
        timer = new TimerEntry<>(key, hash, entries.batch.number);
      }
      // Half of the range at most, so that two deadlines can always be compared by their difference.
      long deadline = System.nanoTime() + Math.min(delay, WaitLoop.FOREVER / 2);
      entries.reserve();
      TimerEntry<K> first = entries.firstTimer();
      if (first == null || first == timer || deadline - first.deadline < 0) {
        wait.end();
      }
      if (entry == null) {
        entries.add(timer, former);
      }
      entries.set(timer, deadline, Math.min(period, WaitLoop.FOREVER / 4));
    } finally {
      lock.unlock();
    }
  }

  // Wakers

  void wake(WakerEntry<K> waker) {
    lock.lock();
    try {
      if (waker.state == State.REGISTERED) {
        wait.end();
        entries.wake(waker);
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(WakerEntry<K> waker) {
    lock.lock();
    try {
      if (waker.state != State.GONE) {
        entries.remove(waker);
      }
    } finally {
      lock.unlock();
    }
  }

  // Waiting

  @Override
  public Events<K> poll() throws IOException, InterruptedException {
    return poll(WaitLoop.FOREVER);
  }

  @Override
  public Events<K> poll(Duration timeout) throws IOException, InterruptedException {
    Objects.requireNonNull(timeout, "timeout is null; poll() waits without one");
    return poll(nanos(timeout, "timeout"));
  }

  private Events<K> poll(long nanos) throws IOException, InterruptedException {
    lock.lock();
    try {
      requireOpen();
      if (polling != null) {
        throw new IllegalStateException("another thread is polling this registry: " + polling);
      }
      polling = Thread.currentThread();
      try {
        return loop.poll(nanos);
      } finally {
        polling = null;
        if (loop.isClosed()) {
          idle.signalAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // Questions

  @Override
  public Optional<Interest> interest(K key) {
    SourceEntry<K> entry = sourceEntry(key);
    return entry == null ? Optional.empty() : Optional.of(entry.interest());
  }

  @Override
  public Optional<Source> source(K key) {
    SourceEntry<K> entry = sourceEntry(key);
    return entry == null ? Optional.empty() : Optional.of(entry.source);
  }

  private @Nullable SourceEntry<K> sourceEntry(K key) {
    int hash = hash(key);
    lock.lock();
    try {
      requireOpen();
      return entries.find(key, hash) instanceof SourceEntry<K> source ? source : null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      requireOpen();
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public boolean contains(K key) {
    int hash = hash(key);
    lock.lock();
    try {
      requireOpen();
      return entries.find(key, hash) != null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<K> keys() {
    lock.lock();
    try {
      requireOpen();
      return entries.keys();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOpen() {
    lock.lock();
    try {
      return !loop.isClosed();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String describe() {
    lock.lock();
    try {
      return Description.of(this, entries, polling);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "Sources[" + popol.mechanism() + ", " + (isOpen() ? "open" : "closed") + "]";
  }

  // Closing

  @Override
  public void close() {
    Entry<K> owned = null;
    lock.lock();
    try {
      loop.close();
      wait.end();
      while (polling != null) {
        idle.awaitUninterruptibly();
      }
      if (!freed) {
        freed = true;
        try {
          owned = entries.clear();
        } finally {
          try {
            wait.close();
          } finally {
            popol.forget(this);
          }
        }
      }
    } finally {
      lock.unlock();
      OwnedSources.close(owned);
    }
  }

  // Arguments

  private static int hash(Object key) {
    return Objects.requireNonNull(key, "key is null").hashCode();
  }

  private static void requireInterest(Interest interest) {
    Objects.requireNonNull(interest, "interest is null; Interest.NONE is the empty one");
  }

  private void requireOpen() {
    if (loop.isClosed()) {
      throw new ClosedSelectorException();
    }
  }

  /** In nanoseconds; what does not fit, some 292 years, is without end. */
  private static long nanos(Duration time, String what) {
    if (time == null) {
      throw new NullPointerException(what + " is null");
    }
    if (time.isNegative()) {
      throw new IllegalArgumentException(what + " is negative: " + time);
    }
    return time.getSeconds() >= WaitLoop.FOREVER / 1_000_000_000L ? WaitLoop.FOREVER : time.toNanos();
  }
}
