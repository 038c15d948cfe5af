package popol.spi;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * The registry that every operating system shares: the checks of what users give, and the loop of a poll. The poller is
 * told of changes by the polling thread alone, right before it waits; a change by another thread ends the wait in the
 * kernel, and the loop goes back into it with the time that is left.
 */
final class Registry<K> implements Sources<K>, Poller.Visitor {

  private static final long FOREVER = Long.MAX_VALUE;

  /** Nanoseconds to wait before an audit that is not due yet: a timer for less would be dear, as it is the next to go off. */
  private static final long UNAUDITED = 10_000_000;

  private static final int AUDIT_AFTER = 16; // looks for each source

  private final AbstractPopol popol;
  private final Poller poller;
  private final NativeWait wait;

  private final ReentrantLock lock = new ReentrantLock(); // guards all that follows
  private final Condition left = lock.newCondition(); // signalled when a poll ends on a closed registry
  private final Table<K> table = new Table<>();
  private Batch<K> batch = new Batch<>(); // the current one
  private Batch<K> spare = new Batch<>(); // the one before it
  private Thread polling; // null while nobody polls
  private long nextAudit = System.nanoTime(); // when it is due, unless one is quick
  private int looks; // since the last audit
  private boolean closed;
  private boolean freed;

  Registry(AbstractPopol popol, Poller poller, WakeHandle handle) throws IOException {
    this.popol = popol;
    this.poller = poller;
    this.wait = new NativeWait(lock, poller, handle);
  }

  // Registration

  @Override
  public void register(K key, Source source, Interest interest) {
    requireKey(key);
    Objects.requireNonNull(source, "source is null");
    requireInterest(interest);
    lock.lock();
    try {
      requireOpen();
      table.requireNew(key);
      long descriptor = Owner.descriptor(source, popol, table);
      popol.check(source, descriptor);
      table.addSource(new SourceEntry<>(key, descriptor, source, interest));
      wait.end();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean unregister(K key) {
    requireKey(key);
    lock.lock();
    try {
      requireOpen();
      Entry<K> entry = table.get(key);
      if (entry == null) {
        table.withdrawGone(key);
        return false;
      }
      table.forget(entry);
      wait.end();
      return true;
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
    requireKey(key);
    requireInterest(interest);
    lock.lock();
    try {
      requireOpen();
      Entry<K> entry = table.get(key);
      if (entry == null) {
        return false;
      }
      if (!(entry instanceof SourceEntry<K> source)) {
        throw new IllegalArgumentException("the key " + key + " is a " + entry.kind() + ", which has no interest");
      }
      source.want(switch (how) {
        case ADD -> source.wanted.plus(interest);
        case TAKE -> source.wanted.minus(interest);
        case SET -> interest;
      });
      table.change(source);
      wait.end();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Interest> interest(K key) {
    requireKey(key);
    lock.lock();
    try {
      requireOpen();
      return table.get(key) instanceof SourceEntry<K> source ? Optional.of(source.wanted) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Waker waker(K key) {
    requireKey(key);
    lock.lock();
    try {
      requireOpen();
      table.requireNew(key);
      WakerEntry<K> waker = new WakerEntry<>(key, this);
      table.add(waker);
      return waker;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void timer(K key, Duration delay) {
    requireKey(key);
    long nanos = nanos(Objects.requireNonNull(delay, "delay is null"), "delay");
    lock.lock();
    try {
      requireOpen();
      TimerEntry<K> timer = timer(key, table.get(key));
      // Half of the range at most, so that two deadlines can always be compared by their difference.
      table.timers().set(timer, System.nanoTime() + Math.min(nanos, FOREVER / 2));
      if (table.timers().first() == timer) {
        wait.end();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The key's timer, or a new one: an expiry found and not yet read is not to look like one of the new time. */
  private TimerEntry<K> timer(K key, Entry<K> entry) {
    if (entry != null && !(entry instanceof TimerEntry<K>)) {
      throw new IllegalArgumentException("the key " + key + " is a " + entry.kind() + " and not a timer");
    }
    if (entry instanceof TimerEntry<K> timer && !timer.isReported()) {
      return timer;
    }
    if (entry != null) {
      entry.withdraw();
    }
    TimerEntry<K> timer = new TimerEntry<>(key);
    table.add(timer);
    return timer;
  }

  // Wakers

  void wake(WakerEntry<K> waker) {
    lock.lock();
    try {
      if (!closed && !waker.woken && table.get(waker.key) == waker) {
        table.wake(waker);
        wait.end();
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(WakerEntry<K> waker) {
    lock.lock();
    try {
      if (!closed && table.get(waker.key) == waker) {
        table.forget(waker);
      }
    } finally {
      lock.unlock();
    }
  }

  // Waiting

  @Override
  public Events<K> poll() throws IOException, InterruptedException {
    return poll(FOREVER);
  }

  @Override
  public Events<K> poll(Duration timeout) throws IOException, InterruptedException {
    return poll(nanos(Objects.requireNonNull(timeout, "timeout is null; poll() waits without one"), "timeout"));
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
        nextBatch();
        find(nanos);
        return batch;
      } finally {
        polling = null;
        if (closed) {
          left.signalAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the batch has something or the time has passed. */
  private void find(long nanos) throws IOException, InterruptedException {
    long start = nanos == 0 || nanos == FOREVER ? 0 : System.nanoTime();
    long remaining = nanos;
    while (true) {
      requireNotInterrupted();
      table.applyChanges(poller);
      int found = await(time(remaining));
      requireOpen();
      requireNotInterrupted(); // before anything is taken out that is reported only once
      poller.collect(found, this);
      table.reportPending(batch);
      table.reportExpired(batch);
      if (batch.hasFound() || nanos == 0) {
        return;
      }
      if (nanos != FOREVER) {
        remaining = nanos - (System.nanoTime() - start);
        if (remaining <= 0) {
          return;
        }
      }
    }
  }

  /**
   * Looks first, where it pays, and then waits. What the kernel does not tell, that a source was closed, is looked for
   * in an audit of all of them when it is due, which can be in the middle of the wait. While others are ready it is due
   * after so many looks that it takes little of their time, and the owners of a few are asked each time.
   */
  private int await(long time) throws IOException {
    int found = wait.looksFirst(time) ? wait.look() : 0;
    if (found > 0) {
      table.buryNextClosed();
      return ++looks < AUDIT_AFTER * table.size() ? found : Math.max(found, audit());
    }
    if (!table.isQuickToAudit() && nextAudit - System.nanoTime() > 0) {
      return time == 0 ? 0 : wait.block(time < 0 ? UNAUDITED : Math.min(time, UNAUDITED));
    }
    found = audit();
    return time == 0 || found > 0 || table.hasPending() ? found : wait.block(time);
  }

  /** Takes, at a tenth of a microsecond for each source, about a hundredth of the time. */
  private int audit() throws IOException {
    looks = 0;
    table.buryClosed();
    int found = table.hasRaw() ? poller.examine() : 0;
    if (!table.isQuickToAudit()) {
      nextAudit = System.nanoTime() + table.size() * 10_000L;
    }
    return found;
  }

  /** How long the kernel may wait: below 0 without end. */
  private long time(long remaining) {
    if (table.hasPending()) {
      return 0;
    }
    long time = remaining;
    if (!table.timers().isEmpty()) {
      time = Math.min(time, Math.max(0, table.timers().first().deadline - System.nanoTime()));
    }
    return time == FOREVER ? -1 : time;
  }

  @Override
  @SuppressWarnings("unchecked") // only entries of this registry, and the wake handle's, are given to its poller
  public void found(Watch watch, int readiness) {
    if (!wait.isOwn(watch)) {
      table.report((SourceEntry<K>) watch, readiness, batch);
    }
  }

  private void nextBatch() {
    batch.retire();
    if (table.retire()) {
      batch.letGo();
      spare.letGo();
    }
    Batch<K> next = spare.isReusable() ? spare : new Batch<>();
    next.reuse();
    spare = batch;
    batch = next;
  }

  // Questions

  @Override
  public int size() {
    lock.lock();
    try {
      requireOpen();
      return table.size();
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
    requireKey(key);
    lock.lock();
    try {
      requireOpen();
      return table.contains(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<K> keys() {
    lock.lock();
    try {
      requireOpen();
      return table.keys();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOpen() {
    lock.lock();
    try {
      return !closed;
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
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        batch.close();
        wait.end();
      }
      while (polling != null) {
        left.awaitUninterruptibly();
      }
      if (!freed) {
        freed = true;
        table.clear();
        wait.close();
        popol.forget(this);
      }
    } finally {
      lock.unlock();
    }
  }

  // Arguments

  private static void requireKey(Object key) {
    Objects.requireNonNull(key, "key is null");
  }

  private static void requireInterest(Interest interest) {
    Objects.requireNonNull(interest, "interest is null; Interest.NONE is the empty one");
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedSelectorException();
    }
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while polling");
    }
  }

  /** In nanoseconds; what does not fit, some 292 years, is without end. */
  private static long nanos(Duration time, String what) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(what + " is negative: " + time);
    }
    return time.getSeconds() >= FOREVER / 1_000_000_000L ? FOREVER : time.toNanos();
  }
}
