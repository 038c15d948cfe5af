package popol.engine;

import java.lang.ref.WeakReference;
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
  private final WeakReference<Registry<?>> registry;
  private @Nullable AbstractPopol popol; // guarded by this; null before the start and after the end, like wait
  private @Nullable NativeWait wait;

  /**
   * What is kept of a registry that is being made.
   *
   * @param user the bundle that has got the service; empty outside of OSGi
   */
  OpenRegistry(Registry<?> registry, String user) {
    this.registry = new WeakReference<>(registry);
    this.user = user;
  }

  /** From now on the registry has to be closed. */
  synchronized void start(AbstractPopol popol, NativeWait wait) {
    OpenRegistries.add(this);
    this.popol = popol;
    this.wait = wait;
  }

  /** Frees what the registry holds of the system, once. Returns whether it had not been freed. */
  boolean end() {
    AbstractPopol from;
    NativeWait freed;
    synchronized (this) {
      from = popol;
      freed = wait;
      popol = null;
      wait = null;
    }
    if (from == null || freed == null) {
      return false;
    }
    try {
      freed.close();
    } finally {
      OpenRegistries.remove(this);
      from.forget(this);
    }
    return true;
  }

  /** Closes the registry, also one that nobody else can reach any more. */
  @Override
  public void close() {
    Registry<?> reachable = registry.get();
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
    Registry<?> reachable = registry.get();
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
