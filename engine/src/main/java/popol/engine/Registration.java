package popol.engine;

import java.nio.channels.ClosedSelectorException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import popol.Interest;
import popol.Source;
import popol.Waker;

/**
 * What puts entries into a registry, changes them and takes them out. Each method first does all that can fail, then
 * ends the wait of another thread, and then changes the state; so a call that throws has changed nothing.
 */
final class Registration<K> {

  /** What to do with an interest. */
  enum Change { ADD, TAKE, SET }

  private final AbstractPopol popol;
  private final long registry; // its number
  private final ReentrantLock lock; // the registry's, which guards all that follows
  private final Entries<K> entries;
  private final NativeWait wait;
  private final WaitLoop<K> loop;

  Registration(
      AbstractPopol popol, long registry, ReentrantLock lock, Entries<K> entries, NativeWait wait, WaitLoop<K> loop) {
    this.popol = popol;
    this.registry = registry;
    this.lock = lock;
    this.entries = entries;
    this.wait = wait;
    this.loop = loop;
  }

  void register(K key, Source source, Interest interest) {
    int hash = hash(key);
    Objects.requireNonNull(source, "source is null");
    requireInterest(interest);
    requireFree(key, hash); // the first error, before a descriptor is looked for
    long descriptor = descriptor(source);
    SourceEntry<K> entry = new SourceEntry<>(key, hash, entries.batch.number, source, descriptor, interest);
    lock.lock();
    try {
      loop.requireOpen();
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
    if (Recorder.isOn()) {
      RecordedEvents.register(registry, key, source, descriptor, interest);
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
      if (isClosed()) {
        throw (ClosedSelectorException) new ClosedSelectorException().initCause(e);
      }
      throw e;
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return loop.isClosed();
    } finally {
      lock.unlock();
    }
  }

  private void requireFree(K key, int hash) {
    lock.lock();
    try {
      loop.requireOpen();
      entries.requireFree(key, hash);
    } finally {
      lock.unlock();
    }
  }

  boolean unregister(K key) {
    int hash = hash(key);
    boolean registered;
    lock.lock();
    try {
      loop.requireOpen();
      Entry<K> entry = entries.findWithEvent(key, hash);
      if (entry == null) {
        return false;
      }
      registered = entry.state != State.LEAVING;
      wait.end();
      entries.remove(entry);
    } finally {
      lock.unlock();
    }
    if (Recorder.isOn()) {
      RecordedEvents.unregister(registry, key);
    }
    return registered;
  }

  boolean change(K key, Interest interest, Change how) {
    int hash = hash(key);
    requireInterest(interest);
    lock.lock();
    try {
      loop.requireOpen();
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

  Waker waker(K key) {
    int hash = hash(key);
    WakerEntry<K> waker = new WakerEntry<>(key, hash, entries.batch.number, this);
    Waker handle = waker.handle();
    lock.lock();
    try {
      loop.requireOpen();
      Entry<K> former = entries.requireFree(key, hash);
      entries.reserve();
      entries.add(waker, former);
      return handle;
    } finally {
      lock.unlock();
    }
  }

  void timer(K key, long delay, long period) {
    int hash = hash(key);
    lock.lock();
    try {
      loop.requireOpen();
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
    if (Recorder.isOn()) {
      RecordedEvents.wake(registry, waker.key);
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

  // Arguments

  static int hash(Object key) {
    return Objects.requireNonNull(key, "key is null").hashCode();
  }

  private static void requireInterest(Interest interest) {
    Objects.requireNonNull(interest, "interest is null; Interest.NONE is the empty one");
  }
}
