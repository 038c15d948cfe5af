package popol.engine;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import popol.ffm.GarbageCollection;
import popol.inspect.OpenRegistries;

/**
 * What popol keeps of an open registry: its number, who opened it, and what frees it, but not the registry itself. So a
 * registry that was never closed becomes unreachable. After each garbage collection the JDK's cleaner looks for such
 * ones, frees what they held of the system, and has the program told. A registry costs nothing for that, but for a
 * weak reference.
 *
 * <p>The sources that such a registry owned are not closed: closing calls code that is not popol's, which could hold
 * the cleaner up.
 */
final class OpenRegistry extends WeakReference<OpenRegistry.Held> implements AutoCloseable, OpenRegistries.Opened {

  private static final String RECORD = "popol.record.open";

  private static final boolean RECORDED = Boolean.getBoolean(RECORD);

  private static final ReferenceQueue<Held> UNREACHABLE = new ReferenceQueue<>();
  private static final AtomicBoolean LOOKING = new AtomicBoolean(); // after one of the next collections

  private final long number = OpenRegistries.nextNumber();
  private final String user;
  private final long opened = System.nanoTime();
  private final @Nullable Throwable place = RECORDED ? new Throwable("opened here") : null;
  private @Nullable Runnable free; // guarded by this; null before the start and after the end, like forget
  private @Nullable Consumer<AutoCloseable> forget;

  /** The registry itself. */
  interface Held {

    /** What it holds; null if it is closed. */
    @Nullable
    Description description();

    /** As {@link popol.Sources#close}. */
    void close();
  }

  /**
   * What is kept of a registry that is being made.
   *
   * @param user the bundle that has got the service; empty outside of OSGi
   */
  OpenRegistry(Held registry, String user) {
    super(registry, UNREACHABLE);
    this.user = user;
  }

  /**
   * From now on the registry has to be closed.
   *
   * @param free frees what it holds of the system; does not keep the registry reachable
   * @param forget lets go of this, once it is closed
   */
  synchronized void start(Runnable free, Consumer<AutoCloseable> forget) {
    look(); // first what can fail
    OpenRegistries.add(this);
    this.free = free;
    this.forget = forget;
  }

  /** Has one of the next garbage collections followed by a look. */
  private static void look() {
    if (!LOOKING.get() && LOOKING.compareAndSet(false, true)) {
      boolean succeeded = false;
      try {
        GarbageCollection.after(OpenRegistry::collected);
        succeeded = true;
      } finally {
        if (!succeeded) {
          LOOKING.set(false);
        }
      }
    }
  }

  /** Called by the JDK's cleaner. What the collector tells later is found after the next collection. */
  private static void collected() {
    for (Reference<?> found = UNREACHABLE.poll(); found != null; found = UNREACHABLE.poll()) {
      ((OpenRegistry) found).unreachable();
    }
    LOOKING.set(false);
    if (!OpenRegistries.isEmpty()) {
      look();
    }
  }

  /** Frees what the registry holds of the system, once. Returns whether it had not been freed. */
  boolean end() {
    Runnable freeing;
    Consumer<AutoCloseable> forgetting;
    synchronized (this) {
      freeing = free;
      forgetting = forget;
      free = null;
      forget = null;
    }
    if (freeing == null || forgetting == null) {
      return false;
    }
    try {
      freeing.run();
    } finally {
      OpenRegistries.remove(this);
      forgetting.accept(this);
    }
    return true;
  }

  /** Closes the registry, also one that nobody else can reach any more. */
  @Override
  public void close() {
    Held reachable = get();
    if (reachable == null) {
      end();
    } else {
      reachable.close();
    }
  }

  private void unreachable() {
    try {
      if (end()) {
        // The log is anybody's code, which must not hold the cleaner up.
        Thread.ofVirtual().name("popol-unclosed").start(this::tell);
      }
    } catch (Throwable e) {
      // nobody is there to hear of it, and the cleaner has other work
    }
  }

  private void tell() {
    Recorder.unclosed(number, user, place);
    System.getLogger("popol").log(System.Logger.Level.WARNING, "popol has freed " + this
        + ", which was never closed and which nobody can reach any more: close it, or open it in a"
        + " try-with-resources statement. "
        + (place == null ? "With -D" + RECORD + "=true this message says where it was opened" : "It was opened here:"),
        place);
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public @Nullable String summary() {
    Description description = description();
    return description == null ? null : description.summary();
  }

  @Override
  public @Nullable String table() {
    Description description = description();
    return description == null ? null : description.text();
  }

  private @Nullable Description description() {
    Held reachable = get();
    return reachable == null ? null : reachable.description();
  }

  /** When it was opened, by System.nanoTime. */
  long opened() {
    return opened;
  }

  @Override
  public String toString() {
    return "registry " + number + (user.isEmpty() ? "" : " of " + user);
  }
}
