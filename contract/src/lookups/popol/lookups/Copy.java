package popol.lookups;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A copy of popol, in a module layer and class loaders of its own. Its modules are named, so the flags that show this
 * program the true descriptors do not help it.
 */
final class Copy {

  private final Class<?> registrar;

  Copy(Path[] jars, URL classes) throws ReflectiveOperationException {
    Configuration configuration = ModuleLayer.boot().configuration()
        .resolve(ModuleFinder.of(jars), ModuleFinder.of(), Set.of("popol.linux"));
    ModuleLayer.Controller controller = ModuleLayer.defineModulesWithManyLoaders(configuration,
        List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader());
    allowNativeAccess(controller);
    ClassLoader loader = new URLClassLoader(new URL[] {classes}, controller.layer().findLoader("popol"));
    registrar = Class.forName("popol.lookups.Registrar", true, loader);
  }

  @SuppressWarnings("restricted")
  private static void allowNativeAccess(ModuleLayer.Controller controller) {
    controller.enableNativeAccess(controller.layer().findModule("popol.engine").orElseThrow());
  }

  /** Opens a registry of this copy; see {@link Registrar}. */
  Trial open() throws ReflectiveOperationException {
    Object opened = registrar.getDeclaredConstructor().newInstance();
    @SuppressWarnings("unchecked") // its class is another loader's, and the JDK's types are shared
    var trial = (java.util.function.BiFunction<Object, Integer, String>) opened;
    return trial::apply;
  }

  /** Registers an owner, whose true descriptor is known. */
  interface Trial {

    /** Returns "right", "closed", "wrong ...", or the reason why it was refused. */
    String of(Object owner, int descriptor);
  }
}
