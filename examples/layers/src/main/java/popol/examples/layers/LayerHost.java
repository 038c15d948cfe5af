package popol.examples.layers;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.Set;

/**
 * Runs plugins, each in a module layer of its own whose parent is a layer with popol. A line on standard input unloads
 * one plugin after the other.
 */
public final class LayerHost {

  private LayerHost() {}

  /**
   * Runs the plugins until they are unloaded.
   *
   * @param args the folder of popol's modules, then the jar of each plugin
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws InterruptedException {
    ModuleLayer popol = popol(Path.of(args[0]));
    List<Plugin> plugins = new ArrayList<>();
    for (String jar : List.of(args).subList(1, args.length)) {
      plugins.add(Plugin.load(popol, Path.of(jar)));
    }
    Scanner commands = new Scanner(System.in);
    while (!plugins.isEmpty() && commands.hasNextLine()) {
      commands.nextLine();
      Plugin plugin = plugins.removeFirst();
      String name = plugin.toString();
      boolean collected = plugin.unload();
      System.out.println(name + (collected ? " is collected" : " IS STILL REACHABLE"));
    }
  }

  /**
   * A layer with the API, the implementation for this system and the engine, the one module that may call native code.
   */
  @SuppressWarnings("restricted") // this host's own native access is what allows it
  private static ModuleLayer popol(Path modules) {
    Configuration configuration = ModuleLayer.boot().configuration()
        .resolve(ModuleFinder.of(modules), ModuleFinder.of(), Set.of("popol", implementation()));
    ModuleLayer.Controller controller = ModuleLayer.defineModulesWithManyLoaders(
        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader());
    controller.enableNativeAccess(controller.layer().findModule("popol.engine").orElseThrow());
    return controller.layer();
  }

  private static String implementation() {
    String system = System.getProperty("os.name");
    return system.startsWith("Windows") ? "popol.windows" : system.startsWith("Mac") ? "popol.macos" : "popol.linux";
  }
}
