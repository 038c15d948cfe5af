package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static popol.itest.Attempt.OPEN;
import static popol.itest.Attempt.OPEN_PIPE;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the provider is found outside OSGi, and what is said where there is none, or one too many. */
@Timeout(60)
class ProvidersIT {

  private static final String MISSING = "java.lang.IllegalStateException: No popol implementation for Linux";
  private static final String OTHER = "popol.itest.other.OtherPopol"; // not to be loaded here, where popol is not

  @ParameterizedTest
  @EnumSource
  void theProvidersOfOtherSystemsStepAside(Road road) throws Exception {
    List<Path> all = List.of(Jars.API, Jars.ENGINE, Jars.MACOS, Jars.WINDOWS, Jars.LINUX);
    for (String answer : road.run(all, List.of(road.nativeAccess()), OPEN, OPEN_PIPE).values()) {
      assertEquals(Attempt.DONE, answer, "all implementations can be installed everywhere");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMissingProviderIsNamed(Road road) throws Exception {
    for (String answer : road.run(List.of(Jars.API), List.of(), OPEN, OPEN_PIPE).values()) {
      assertTrue(answer.startsWith(MISSING + ". Add popol.linux to the " + road.title), answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void providersOfOtherSystemsAloneAreNamed(Road road) throws Exception {
    String answer = road.run(List.of(Jars.API, Jars.ENGINE, Jars.MACOS, Jars.WINDOWS), List.of(), OPEN).get(OPEN);
    assertTrue(answer.startsWith(MISSING + ", only popol."), answer);
    assertTrue(answer.contains("popol.macos.MacosPopol") && answer.contains("popol.windows.WindowsPopol"), answer);
    assertTrue(answer.contains("Add popol.linux to the " + road.title), answer);
  }

  @ParameterizedTest
  @EnumSource
  void twoProvidersAreNamed(Road road, @TempDir Path directory) throws Exception {
    Path other = other(directory);
    String answer =
        road.run(List.of(Jars.API, Jars.ENGINE, Jars.LINUX, other), List.of(road.nativeAccess()), OPEN).get(OPEN);
    assertTrue(answer.startsWith("java.lang.IllegalStateException: More than one popol implementation for Linux"),
        answer);
    assertTrue(answer.contains("popol.linux.LinuxPopol") && answer.contains(OTHER), answer);
    assertTrue(answer.contains("Leave one of them on the " + road.title), answer);
  }

  /** A jar with a provider of its own, which is an automatic module too. */
  private static Path other(Path directory) throws Exception {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Automatic-Module-Name", "other");
    return Jars.write(directory.resolve("other.jar"), manifest, Map.of(
        Jars.path(OTHER), Jars.classFile(OTHER),
        "META-INF/services/popol.Popol", OTHER.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aPluginFindsTheProviderOfItsLayer() throws Exception {
    ModuleLayer.Controller controller = layer(ModuleLayer.boot(), Jars.API, Jars.ENGINE, Jars.LINUX, Jars.CONSUMER);
    allow(controller);
    assertOpen(plugin(controller.layer()).call(), "popol, its implementation and the plugin in one layer");
  }

  @Test
  void aPluginFindsTheProviderOfItsParentLayer() throws Exception {
    ModuleLayer.Controller popol = layer(ModuleLayer.boot(), Jars.API, Jars.ENGINE, Jars.LINUX);
    allow(popol);
    Callable<String> one = plugin(layer(popol.layer(), Jars.CONSUMER).layer());
    Callable<String> two = plugin(layer(popol.layer(), Jars.CONSUMER).layer());
    assertFalse(one.getClass() == two.getClass(), "each plugin has a layer of its own");
    assertOpen(one.call(), "popol is the host's, the plugin's layer a child of it");
    assertOpen(two.call(), "two plugins share popol");
  }

  /** A plugin comes and goes with its own popol. */
  static void useALayer() throws Exception {
    ModuleLayer.Controller controller = layer(ModuleLayer.boot(), Jars.API, Jars.ENGINE, Jars.LINUX, Jars.CONSUMER);
    allow(controller);
    plugin(controller.layer()).call();
  }

  @Test
  void aLayerWithoutProviderSaysSo() throws Exception {
    Callable<String> plugin = plugin(layer(ModuleLayer.boot(), Jars.API, Jars.CONSUMER).layer());
    String message = assertThrows(IllegalStateException.class, plugin::call, "there is no provider").getMessage();
    assertTrue(message.contains("Add popol.linux to the module path"), message);
  }

  private static void assertOpen(String sources, String where) {
    assertTrue(sources.matches("Sources\\[.+, open]"), where + ": " + sources);
  }

  /** A layer with these jars under a parent. Its host allows no native access yet. */
  private static ModuleLayer.Controller layer(ModuleLayer parent, Path... jars) {
    ModuleFinder finder = ModuleFinder.of(jars);
    List<String> roots = finder.findAll().stream().map(module -> module.descriptor().name()).toList();
    Configuration configuration =
        Configuration.resolveAndBind(finder, List.of(parent.configuration()), ModuleFinder.of(), Set.copyOf(roots));
    return ModuleLayer.defineModulesWithManyLoaders(
        configuration, List.of(parent), ClassLoader.getPlatformClassLoader());
  }

  @SuppressWarnings("restricted") // what the host of a layer is to do
  private static void allow(ModuleLayer.Controller controller) {
    controller.enableNativeAccess(controller.layer().findModule("popol.engine").orElseThrow());
  }

  @SuppressWarnings("unchecked")
  private static Callable<String> plugin(ModuleLayer layer) throws ReflectiveOperationException {
    Class<?> type = layer.findLoader("popol.itest").loadClass("popol.itest.consumer.Plugin");
    return (Callable<String>) type.getConstructor().newInstance();
  }
}
