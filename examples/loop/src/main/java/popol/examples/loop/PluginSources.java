package popol.examples.loop;

import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** A plugin's part of the loop's registry: its own keys, which no other plugin sees. */
public final class PluginSources {

  /** A key of the shared registry: whose it is, and the plugin's key; null for the plugin's start. */
  record Key(PluginSources owner, Object key) {}

  private final Sources<Key> sources;
  private final LoopPlugin plugin;
  private boolean over; // guarded by this

  PluginSources(Sources<Key> sources, LoopPlugin plugin) {
    this.sources = sources;
    this.plugin = plugin;
    sources.timer(new Key(this, null), Duration.ZERO); // so that the plugin starts in the loop's thread, too
  }

  /** Calls the plugin. */
  void call(Event<Key> event) throws Exception {
    Object key = event.key().key();
    if (key == null) {
      plugin.start(this);
    } else {
      plugin.handle(key, event);
    }
  }

  /** Unregisters all that the plugin has, and lets it register no more. */
  synchronized void end() {
    over = true;
    try {
      sources.keys().stream().filter(key -> key.owner() == this).forEach(sources::unregister);
    } catch (ClosedSelectorException closed) {
      // and there are no keys any more
    }
  }

  private Key key(Object key) {
    if (over) {
      throw new IllegalStateException(plugin + " takes part in the loop no more");
    }
    return new Key(this, key);
  }

  /**
   * As {@link Sources#register(Object, Source, Interest)}.
   *
   * @param key the plugin's key
   * @param source what to wait on
   * @param interest what to report of it
   */
  public synchronized void register(Object key, Source source, Interest interest) {
    sources.register(key(key), source, interest);
  }

  /**
   * As {@link Sources#interest(Object, Interest)}.
   *
   * @param key the plugin's key
   * @param interest what to report from now on
   */
  public synchronized void interest(Object key, Interest interest) {
    sources.interest(key(key), interest);
  }

  /**
   * As {@link Sources#timer(Object, Duration)}.
   *
   * @param key the plugin's key
   * @param delay the time from now on
   */
  public synchronized void timer(Object key, Duration delay) {
    sources.timer(key(key), delay);
  }

  /**
   * As {@link Sources#waker(Object)}.
   *
   * @param key the plugin's key
   * @return the waker
   */
  public synchronized Waker waker(Object key) {
    return sources.waker(key(key));
  }

  /**
   * As {@link Sources#unregister(Object)}.
   *
   * @param key the plugin's key
   */
  public synchronized void unregister(Object key) {
    sources.unregister(key(key));
  }

  @Override
  public String toString() {
    return plugin.toString();
  }
}
