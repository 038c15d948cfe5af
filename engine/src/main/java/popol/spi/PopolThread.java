package popol.spi;

/** A platform thread of popol's own. It does not keep a JVM alive, and has nothing of who happens to start it. */
public final class PopolThread {

  private PopolThread() {}

  /**
   * Starts a thread without a context class loader and without inherited thread locals, either of which could keep a
   * plugin from being unloaded.
   *
   * @param name its name, for people
   * @param action what it does
   * @return the thread
   * @throws OutOfMemoryError if the system has no room for another thread
   */
  public static Thread start(String name, Runnable action) {
    Thread thread = Thread.ofPlatform().daemon().name(name).inheritInheritableThreadLocals(false).unstarted(action);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }
}
