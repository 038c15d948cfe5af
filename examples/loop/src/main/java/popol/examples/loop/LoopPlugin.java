package popol.examples.loop;

import popol.Event;

/**
 * What a plugin registers as an OSGi service to take part in the loop. The loop calls it in its own thread, one call at
 * a time. A plugin whose call throws, or takes longer than a second, is dropped: it is called no more until it
 * registers its service again, and the loop goes on with the others.
 */
public interface LoopPlugin {

  /**
   * Registers the plugin's first sources.
   *
   * @param sources the plugin's part of the loop's registry; it can be used from any thread
   * @throws Exception if something fails
   */
  void start(PluginSources sources) throws Exception;

  /**
   * Does what one of the plugin's sources, timers or wakers is ready for.
   *
   * @param key the plugin's key
   * @param event what was found, for the time of this call
   * @throws Exception if something fails
   */
  void handle(Object key, Event<?> event) throws Exception;
}
