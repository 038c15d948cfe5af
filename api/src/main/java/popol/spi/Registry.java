package popol.spi;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * The registry that every operating system shares: what stands under which key, and the loop of a poll. The poller is
 * told of changes by the polling thread alone, right before it waits; a change by another thread ends the wait in the
 * kernel, and the loop goes back into it with the time that is left.
 */
final class Registry<K> implements Sources<K>, Poller.Visitor {

  private static final long FOREVER = Long.MAX_VALUE;

  private final AbstractPopol popol;
  private final Poller poller;
  private final NativeWait wait;

  private final ReentrantLock lock = new ReentrantLock(); // guards all that follows
  private final Condition left = lock.newCondition(); // signalled when a poll ends on a closed registry
  private final Map<K, Entry<K>> byKey = new HashMap<>();
  private final Map<Long, SourceEntry<K>> byDescriptor = new HashMap<>(); // open sources alone
  private final List<SourceEntry<K>> closable = new ArrayList<>(); // those whose owner can be closed
  private final List<SourceEntry<K>> changes = new ArrayList<>(); // what the poller is still to be told
  private final List<Entry<K>> pending = new ArrayList<>(); // wakers and closed sources to report
  private final Timers<K> timers = new Timers<>();
  private final Map<K, Entry<K>> gone = new HashMap<>(); // reported invalid by this batch, so no longer registered
  private Batch<K> batch = new Batch<>(); // the current one
  private Batch<K> spare = new Batch<>(); // the one before it
  private Thread polling; // null while nobody polls
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
    Objects.requireNonNull(interest, "interest is null; Interest.NONE is the empty one");
    lock.lock();
    try {
      requireNew(key);
      long descriptor = Owner.descriptor(source, popol, this);
      popol.check(source, descriptor);
      SourceEntry<K> other = byDescriptor.get(descriptor);
      if (other != null) {
        if (other.isOpen()) {
          throw new IllegalArgumentException("descriptor " + descriptor + " is registered under the key " + other.key
              + ": unregister that before it is registered under " + key);
        }
        bury(other);
      }
      SourceEntry<K> entry = new SourceEntry<>(key, descriptor, source, interest);
      byKey.put(key, entry);
      byDescriptor.put(descriptor, entry);
      if (Owner.canClose(source.owner())) {
        entry.tracked = closable.size();
        closable.add(entry);
      }
      change(entry);
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
      Entry<K> entry = byKey.get(key);
      if (entry == null) {
        withdrawGone(key);
        return false;
      }
      forget(entry);
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
    Objects.requireNonNull(interest, "interest is null; Interest.NONE is the empty one");
    lock.lock();
    try {
      requireOpen();
      Entry<K> entry = byKey.get(key);
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
      change(source);
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
      return byKey.get(key) instanceof SourceEntry<K> source ? Optional.of(source.wanted) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Waker waker(K key) {
    requireKey(key);
    lock.lock();
    try {
      requireNew(key);
      WakerEntry<K> waker = new WakerEntry<>(key, this);
      byKey.put(key, waker);
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
      Entry<K> entry = byKey.get(key);
      if (entry != null && !(entry instanceof TimerEntry<K>)) {
        throw new IllegalArgumentException("the key " + key + " is a " + entry.kind() + " and not a timer");
      }
      TimerEntry<K> timer = (TimerEntry<K>) entry;
      if (timer == null || timer.isReported()) {
        withdraw(key, timer);
        timer = new TimerEntry<>(key);
        byKey.put(key, timer);
      }
      // Half of the range at most, so that two deadlines can always be compared by their difference.
      timers.set(timer, System.nanoTime() + Math.min(nanos, FOREVER / 2));
      if (timers.first() == timer) {
        wait.end();
      }
    } finally {
      lock.unlock();
    }
  }

  /** An expiry that has been found and not read is not to look like one of the new time. */
  private void withdraw(K key, TimerEntry<K> expired) {
    if (expired != null) {
      expired.withdraw();
    } else {
      withdrawGone(key);
    }
  }

  // Wakers

  void wake(WakerEntry<K> waker) {
    lock.lock();
    try {
      if (!closed && !waker.woken && byKey.get(waker.key) == waker) {
        waker.woken = true;
        pending.add(waker);
        wait.end();
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(WakerEntry<K> waker) {
    lock.lock();
    try {
      if (!closed && byKey.get(waker.key) == waker) {
        forget(waker);
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
      buryClosed();
      applyChanges();
      int found = wait.await(time(remaining));
      requireOpen();
      requireNotInterrupted(); // before anything is taken out that is reported only once
      poller.collect(found, this);
      reportPending();
      reportExpired();
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

  /** How long the kernel may wait: below 0 without end. */
  private long time(long remaining) {
    if (!pending.isEmpty()) {
      return 0;
    }
    long time = remaining;
    if (!timers.isEmpty()) {
      time = Math.min(time, Math.max(0, timers.first().deadline - System.nanoTime()));
    }
    return time == FOREVER ? -1 : time;
  }

  /** One watch that the kernel found ready. */
  @Override
  public void found(Watch watch, int readiness) {
    if (wait.isOwn(watch)) {
      return;
    }
    @SuppressWarnings("unchecked") // only entries of this registry are given to its poller
    SourceEntry<K> entry = (SourceEntry<K>) watch;
    if (!entry.isWatched()) {
      return; // removed, or closed, while the kernel waited
    }
    if (!entry.isOpen()) {
      // The kernel may have spoken of a file that was given the same number since.
      bury(entry);
    } else if ((readiness & Readiness.INVALID) != 0) {
      remove(entry);
      reportInvalid(entry);
    } else {
      int reported = Readiness.reported(readiness, entry.interest());
      if (reported != 0) {
        batch.add(entry, reported);
        if ((reported & Readiness.WANTED) == 0) {
          entry.silent = true;
          change(entry);
        }
      }
    }
  }

  private void reportPending() {
    for (int i = 0; i < pending.size(); i++) {
      Entry<K> entry = pending.get(i);
      if (entry instanceof WakerEntry<K> waker) {
        waker.woken = false;
        batch.add(waker, Readiness.WAKE);
      } else {
        reportInvalid(entry);
      }
    }
    pending.clear();
  }

  private void reportInvalid(Entry<K> entry) {
    byKey.remove(entry.key);
    gone.put(entry.key, entry);
    batch.add(entry, Readiness.INVALID);
  }

  private void reportExpired() {
    if (timers.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    while (!timers.isEmpty() && timers.first().deadline - now <= 0) {
      TimerEntry<K> timer = timers.first();
      timers.cancel(timer);
      batch.add(timer, Readiness.EXPIRED);
    }
  }

  private void nextBatch() {
    batch.retire();
    gone.clear();
    Batch<K> next = spare.isReusable() ? spare : new Batch<>();
    next.reuse();
    spare = batch;
    batch = next;
  }

  // The table

  /** Whether a descriptor belongs to an open source; called while another one is being registered. */
  boolean isRegistered(long descriptor) {
    SourceEntry<K> entry = byDescriptor.get(descriptor);
    return entry != null && entry.isOpen();
  }

  /** Takes an entry out for good. */
  private void forget(Entry<K> entry) {
    byKey.remove(entry.key);
    entry.withdraw();
    pending.remove(entry);
    if (entry instanceof SourceEntry<K> source) {
      remove(source);
    } else if (entry instanceof TimerEntry<K> timer) {
      timers.cancel(timer);
    }
  }

  /** Takes a source out whose owner was closed. Its key stays until that is reported. */
  private void bury(SourceEntry<K> entry) {
    remove(entry);
    pending.add(entry);
  }

  /** Takes a source out of everything but the keys. */
  private void remove(SourceEntry<K> entry) {
    if (entry.removed) {
      return;
    }
    entry.removed = true;
    byDescriptor.remove(entry.descriptor());
    if (entry.tracked >= 0) {
      SourceEntry<K> last = closable.removeLast();
      if (last != entry) {
        closable.set(entry.tracked, last);
        last.tracked = entry.tracked;
      }
      entry.tracked = -1;
    }
    change(entry);
  }

  private void buryClosed() {
    for (int i = closable.size() - 1; i >= 0; i--) { // backwards: burying moves the last one into the gap
      if (!closable.get(i).isOpen()) {
        bury(closable.get(i));
      }
    }
  }

  /** Has the poller told of an entry before the next wait, or now if a wait is under way. */
  private void change(SourceEntry<K> entry) {
    if (entry.isWatched() || entry.isInstalled()) {
      if (entry.queued < 0) {
        entry.queued = changes.size();
        changes.add(entry);
      }
      wait.end();
    } else if (entry.queued >= 0) { // gone before the poller ever heard of it
      SourceEntry<K> last = changes.removeLast();
      if (last != entry) {
        changes.set(entry.queued, last);
        last.queued = entry.queued;
      }
      entry.queued = -1;
    }
  }

  /** First what goes: its descriptor can have come back under another entry. */
  private void applyChanges() throws IOException {
    for (int i = 0; i < changes.size(); i++) {
      SourceEntry<K> entry = changes.get(i);
      if (entry.isInstalled() && !entry.isWatched()) {
        poller.remove(entry);
      }
    }
    while (!changes.isEmpty()) {
      SourceEntry<K> entry = changes.getLast();
      if (entry.isInstalled()) {
        poller.modify(entry);
      } else if (entry.isWatched()) {
        poller.add(entry);
      }
      changes.removeLast();
      entry.queued = -1;
    }
  }

  // Questions

  @Override
  public int size() {
    lock.lock();
    try {
      requireOpen();
      return byKey.size();
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
      return byKey.containsKey(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<K> keys() {
    lock.lock();
    try {
      requireOpen();
      return Set.copyOf(byKey.keySet());
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
        byKey.clear();
        byDescriptor.clear();
        closable.clear();
        changes.clear();
        pending.clear();
        gone.clear();
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

  private void requireNew(K key) {
    requireOpen();
    if (byKey.containsKey(key)) {
      throw new IllegalArgumentException("the key " + key + " is registered already");
    }
    withdrawGone(key);
  }

  /** An event of an entry that is gone is not to reach a new one of the same key. */
  private void withdrawGone(K key) {
    Entry<K> entry = gone.remove(key);
    if (entry != null) {
      entry.withdraw();
    }
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
