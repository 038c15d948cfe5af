package popol.contract;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * A registry that grows before its second poll, shrinks before the third, and so on, by silent sources that its user
 * does not see. An implementation that waits in one way on few and in another on many so turns to the other in
 * mid-test.
 */
final class Crossing<K> implements Sources<K> {

  private static final int MANY = 12; // to grow by
  private static final int MOST = 100; // times to grow or shrink
  private static final long AUDIT = 1_000_000; // nanoseconds after which one is due, for less than a hundred sources

  private static List<SelectableChannel> silent = List.of(); // open for as long as the JVM runs

  private final Sources<K> registry;
  private final AtomicBoolean polling = new AtomicBoolean();
  private int polls; // so far; the thread's that polls
  private volatile boolean grown;

  Crossing(Sources<K> registry) {
    this.registry = registry;
  }

  /** Opens what the registries grow by. */
  static void prepare() throws IOException {
    List<SelectableChannel> channels = new ArrayList<>();
    while (channels.size() < MANY) {
      Pipe pipe = Pipe.open();
      channels.add(pipe.source());
      channels.add(pipe.sink());
    }
    silent = List.copyOf(channels);
  }

  /** Never given to the user, so that its type does not matter. */
  @SuppressWarnings("unchecked")
  private K key(SelectableChannel channel) {
    return (K) channel;
  }

  private void cross() {
    if (polls++ == 0 || polls > MOST) {
      return;
    }
    for (SelectableChannel channel : silent) {
      if (grown) {
        registry.unregister(key(channel));
      } else {
        registry.register(key(channel), channel, Interest.NONE);
      }
    }
    grown = !grown;
    LockSupport.parkNanos(AUDIT); // so that a test that looks once sees what an audit finds
  }

  @Override
  public Events<K> poll() throws IOException, InterruptedException {
    if (!polling.compareAndSet(false, true)) {
      return registry.poll(); // refused
    }
    try {
      cross();
      return registry.poll();
    } finally {
      polling.set(false);
    }
  }

  @Override
  public Events<K> poll(Duration timeout) throws IOException, InterruptedException {
    if (!polling.compareAndSet(false, true)) {
      return registry.poll(timeout);
    }
    try {
      cross();
      return registry.poll(timeout);
    } finally {
      polling.set(false);
    }
  }

  @Override
  public int size() {
    return registry.size() - (grown ? silent.size() : 0);
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Set<K> keys() {
    Set<K> keys = new HashSet<>(registry.keys());
    silent.forEach(keys::remove);
    return Set.copyOf(keys);
  }

  @Override
  public void register(K key, Source source, Interest interest) {
    registry.register(key, source, interest);
  }

  @Override
  public boolean unregister(K key) {
    return registry.unregister(key);
  }

  @Override
  public boolean enable(K key, Interest interest) {
    return registry.enable(key, interest);
  }

  @Override
  public boolean disable(K key, Interest interest) {
    return registry.disable(key, interest);
  }

  @Override
  public boolean interest(K key, Interest interest) {
    return registry.interest(key, interest);
  }

  @Override
  public Optional<Interest> interest(K key) {
    return registry.interest(key);
  }

  @Override
  public Optional<Source> source(K key) {
    return registry.source(key);
  }

  @Override
  public void timer(K key, Duration delay, Duration period) {
    registry.timer(key, delay, period);
  }

  @Override
  public String describe() {
    return registry.describe();
  }

  @Override
  public Waker waker(K key) {
    return registry.waker(key);
  }

  @Override
  public void timer(K key, Duration delay) {
    registry.timer(key, delay);
  }

  @Override
  public boolean contains(K key) {
    return registry.contains(key);
  }

  @Override
  public boolean isOpen() {
    return registry.isOpen();
  }

  @Override
  public void close() {
    registry.close();
  }

  @Override
  public String toString() {
    return registry.toString();
  }
}
