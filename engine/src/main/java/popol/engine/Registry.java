package popol.engine;

import java.io.IOException;
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
import popol.engine.Registration.Change;
import popol.spi.Poller;
import popol.spi.PopolThread;
import popol.spi.WakeHandle;

/** The registry that every operating system shares: the doorway, with the lock, the one poll at a time, and the end. */
final class Registry<K> implements Sources<K> {

  /** Loaded now, as they are needed first when no descriptor may be left, and a class in a folder cannot be loaded. */
  private static final Class<?>[] LOADED = {
    Change.class, OwnedSources.class, Text.class, Description.class, SharedWaiter.class, VirtualWait.class,
    WaitThread.class, PopolThread.class
  };

  private final AbstractPopol popol;
  private final ReentrantLock lock = new ReentrantLock(); // guards all that follows
  private final Condition idle = lock.newCondition(); // signalled when a poll ends on a closed registry
  private final Entries<K> entries = new Entries<>();
  private final NativeWait wait;
  private final WaitLoop<K> loop;
  private final Registration<K> registration;
  private final Inside inside;
  private final OpenRegistry open;
  private @Nullable Thread polling; // null while nobody polls
  private boolean freed;

  Registry(AbstractPopol popol, Poller poller, WakeHandle handle) throws IOException {
    this.popol = popol;
    this.wait = new NativeWait(popol, lock, poller, handle);
    this.inside = new Inside();
    this.open = new OpenRegistry(inside, popol.user());
    this.loop = new WaitLoop<>(open.number(), entries, poller, wait);
    this.registration = new Registration<>(popol, open.number(), lock, entries, wait, loop);
  }

  /** From now on this has to be closed. */
  OpenRegistry start() {
    open.start(wait::close, popol::forget);
    return open;
  }

  // Registration

  @Override
  public void register(K key, Source source, Interest interest) {
    registration.register(key, source, interest);
  }

  @Override
  public boolean unregister(K key) {
    return registration.unregister(key);
  }

  @Override
  public boolean enable(K key, Interest interest) {
    return registration.change(key, interest, Change.ADD);
  }

  @Override
  public boolean disable(K key, Interest interest) {
    return registration.change(key, interest, Change.TAKE);
  }

  @Override
  public boolean interest(K key, Interest interest) {
    return registration.change(key, interest, Change.SET);
  }

  @Override
  public Waker waker(K key) {
    return registration.waker(key);
  }

  @Override
  public void timer(K key, Duration delay) {
    registration.timer(key, nanos(delay, "delay"), 0);
  }

  @Override
  public void timer(K key, Duration delay, Duration period) {
    long nanos = nanos(period, "period");
    if (nanos == 0) {
      throw new IllegalArgumentException("period is zero: a timer that always expires would spin the loop");
    }
    registration.timer(key, nanos(delay, "delay"), nanos);
  }

  // Waiting

  @Override
  public Events<K> poll() throws IOException, InterruptedException {
    return recorded(WaitLoop.FOREVER);
  }

  @Override
  public Events<K> poll(Duration timeout) throws IOException, InterruptedException {
    Objects.requireNonNull(timeout, "timeout is null; poll() waits without one");
    return recorded(nanos(timeout, "timeout"));
  }

  private Events<K> recorded(long nanos) throws IOException, InterruptedException {
    return Recorder.isOn() ? RecordedEvents.poll(open.number(), nanos, this::await, entries.batch) : await(nanos);
  }

  private Events<K> await(long nanos) throws IOException, InterruptedException {
    lock.lock();
    try {
      loop.requireOpen();
      if (polling != null) {
        throw new IllegalStateException("another thread is polling this registry: " + polling
            + ". One thread polls at a time: end its wait by a waker, or open another registry");
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
    int hash = Registration.hash(key);
    lock.lock();
    try {
      loop.requireOpen();
      return entries.find(key, hash) instanceof SourceEntry<K> source ? source : null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      loop.requireOpen();
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
    int hash = Registration.hash(key);
    lock.lock();
    try {
      loop.requireOpen();
      return entries.find(key, hash) != null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<K> keys() {
    lock.lock();
    try {
      loop.requireOpen();
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
    Description description = description();
    return description == null ? this + System.lineSeparator() : description.text();
  }

  /** What this holds; null if it is closed. */
  private @Nullable Description description() {
    lock.lock();
    try {
      return loop.isClosed()
          ? null
          : new Description(this + " " + open, open.opened(), entries, polling, wait.mechanism(), loop.since());
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
          open.end();
        }
      }
    } finally {
      lock.unlock();
      OwnedSources.close(owned);
    }
  }

  /** This, for {@link OpenRegistry}; apart, because what implements an interface is public. As reachable as this. */
  private final class Inside implements OpenRegistry.Held {

    @Override
    public @Nullable Description description() {
      return Registry.this.description();
    }

    @Override
    public void close() {
      Registry.this.close();
    }
  }

  // Arguments

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
