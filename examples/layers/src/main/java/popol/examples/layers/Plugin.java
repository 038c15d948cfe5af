package popol.examples.layers;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** A plugin that runs in a layer of its own: a module that provides a {@code Runnable}, which ends when interrupted. */
final class Plugin {

  private static final int ATTEMPTS = 100; // to collect it
  private static final long PAUSE = 50; // milliseconds between two

  private final String name;
  private final WeakReference<ClassLoader> loader;
  private Thread thread; // null once unloaded

  private Plugin(String name, ModuleLayer layer) {
    this.name = name;
    this.loader = new WeakReference<>(layer.findLoader(name));
    Runnable plugin = ServiceLoader.load(layer, Runnable.class).findFirst().orElseThrow();
    thread = Thread.ofPlatform().name(name).start(plugin);
  }

  /** Loads a plugin and starts it. */
  static Plugin load(ModuleLayer popol, Path jar) {
    ModuleFinder finder = ModuleFinder.of(jar);
    Set<String> names = finder.findAll().stream()
        .map(ModuleReference::descriptor).map(module -> module.name()).collect(Collectors.toSet());
    Configuration configuration = popol.configuration().resolve(finder, ModuleFinder.of(), names);
    ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(
        configuration, List.of(popol), ClassLoader.getPlatformClassLoader()).layer();
    return new Plugin(names.iterator().next(), layer);
  }

  /** Ends the plugin and lets go of it; says whether all its classes were collected then. */
  boolean unload() throws InterruptedException {
    thread.interrupt();
    thread.join();
    thread = null;
    for (int i = 0; i < ATTEMPTS && !loader.refersTo(null); i++) {
      System.gc();
      Thread.sleep(PAUSE);
    }
    return loader.refersTo(null);
  }

  @Override
  public String toString() {
    return name;
  }
}
