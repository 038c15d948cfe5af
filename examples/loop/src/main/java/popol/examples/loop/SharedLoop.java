package popol.examples.loop;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import popol.Event;
import popol.Popol;
import popol.Sources;
import popol.examples.loop.PluginSources.Key;

/**
 * One thread and one registry for all plugins. One that throws is dropped. One that blocks keeps the thread that it
 * has, and the others go on in a new one: any thread may poll a registry, one at a time.
 */
@Component
public final class SharedLoop {

  private static final Duration LIMIT = Duration.ofSeconds(1); // for one call of a plugin

  private final Sources<Key> sources;
  private final Map<LoopPlugin, PluginSources> plugins = new ConcurrentHashMap<>();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private Thread thread; // that loops; guarded by this, as the next two
  private PluginSources called; // null while no plugin is
  private long start; // of the call; of System.nanoTime

  /**
   * Starts the loop.
   *
   * @param popol what opens the registry
   * @throws IOException if it cannot be opened
   */
  @Activate
  public SharedLoop(@Reference Popol popol) throws IOException {
    sources = popol.open();
    startThread();
    watch.scheduleWithFixedDelay(this::dropWhoBlocks, LIMIT.toMillis(), LIMIT.toMillis() / 4, TimeUnit.MILLISECONDS);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void add(LoopPlugin plugin) {
    plugins.put(plugin, new PluginSources(sources, plugin));
  }

  void remove(LoopPlugin plugin) {
    plugins.remove(plugin).end();
  }

  private synchronized void startThread() {
    thread = Thread.ofPlatform().name("shared loop").start(this::run);
  }

  private void run() {
    try {
      boolean mine = true;
      while (mine) {
        for (Event<Key> event : sources.poll()) {
          mine = call(event);
          if (!mine) {
            break; // what is left of the batch is found again by the other thread
          }
        }
      }
    } catch (ClosedSelectorException stopped) {
      // this bundle, or popol
    } catch (IOException | InterruptedException e) {
      e.printStackTrace();
    }
  }

  /** Calls a plugin; false if another thread loops by now. */
  private boolean call(Event<Key> event) {
    PluginSources plugin = event.key().owner();
    synchronized (this) {
      called = plugin;
      start = System.nanoTime();
    }
    Throwable failure = null;
    try {
      plugin.call(event);
    } catch (Throwable e) { // such as the NoClassDefFoundError of a bundle that is gone
      failure = e;
    }
    synchronized (this) {
      if (thread != Thread.currentThread()) {
        return false;
      }
      called = null;
    }
    if (failure != null) {
      drop(plugin, failure.toString());
    }
    return true;
  }

  private synchronized void dropWhoBlocks() {
    if (called != null && System.nanoTime() - start > LIMIT.toNanos()) {
      Thread blocked = thread;
      StackTraceElement[] stack = blocked.getStackTrace();
      drop(called, "blocks in " + (stack.length == 0 ? "nothing" : stack[0]));
      called = null;
      startThread();
      blocked.interrupt(); // may end the call, and so the thread
    }
  }

  private static void drop(PluginSources plugin, String why) {
    plugin.end();
    System.out.println("dropped " + plugin + ": " + why);
  }

  /** Ends the loop. A plugin that is being called may finish, for a while. */
  @Deactivate
  void stop() throws InterruptedException {
    watch.shutdownNow();
    sources.close();
    Thread last;
    synchronized (this) {
      last = thread;
    }
    last.join(LIMIT);
  }
}
