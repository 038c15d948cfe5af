package popol.engine;

import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import popol.inspect.OpenRegistries;

/**
 * What popol keeps of an open registry: its number, who opened it, and what frees it, but not the registry itself. So a
 * registry that was never closed becomes unreachable. The JDK's cleaner then frees what it held of the system, and the
 * program is told.
 *
 * <p>The sources that such a registry owned are not closed: closing calls code that is not popol's, which could hold
 * the cleaner up.
 */
final class OpenRegistry implements AutoCloseable, OpenRegistries.Opened {

  private static final String RECORD = "popol.record.open";

  private final long number = OpenRegistries.nextNumber();
  private final String user;
  private final long opened = System.nanoTime();
  private final @Nullable Throwable place = Boolean.getBoolean(RECORD) ? new Throwable("opened here") : null;
  private final WeakReference<Held> registry;
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
    this.registry = new WeakReference<>(registry);
    this.user = user;
  }

  /**
   * From now on the registry has to be closed.
   *
   * @param free frees what it holds of the system; does not keep the registry reachable
   * @param forget lets go of this, once it is closed
   */
  synchronized void start(Runnable free, Consumer<AutoCloseable> forget) {
    OpenRegistries.add(this);
    this.free = free;
    this.forget = forget;
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
    Held reachable = registry.get();
    if (reachable == null) {
      end();
    } else {
      reachable.close();
    }
  }

  /** Called by the JDK's cleaner when nobody can reach the registry any more. */
  void unreachable() {
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
    Held reachable = registry.get();
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
