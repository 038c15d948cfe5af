package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of popol's inside can be seen, or got at, from outside. */
@Timeout(60)
class InternalsIT {

  private static final Set<String> MODULES =
      Set.of("popol", "popol.engine", "popol.linux", "popol.macos", "popol.windows");

  /** Each signature that names something internal, because the design needs it. */
  private static final Set<String> ALLOWED = Set.of(
      // An implementation calls C with it. Who may not see the type cannot call anything on it.
      "popol.spi.PollArray.poll: popol.ffm.NativeMemory");

  /** Each member that a user can get at although the API does not have it, because the design needs it. */
  private static final Set<String> REACHED = Set.of(
      // The engine asks popol's own pipes for their descriptors, of which users have the number in the name anyway.
      "popol.spi.HasDescriptor.descriptor",
      "popol.spi.OpenedPipe.descriptor");

  private static ModuleLayer layer;

  @BeforeAll
  static void load() {
    ModuleFinder finder = ModuleFinder.of(Jars.API, Jars.ENGINE, Jars.LINUX, Jars.MACOS, Jars.WINDOWS);
    Configuration configuration =
        Configuration.resolve(finder, List.of(ModuleLayer.boot().configuration()), ModuleFinder.of(), MODULES);
    layer = ModuleLayer.defineModulesWithOneLoader(
        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader()).layer();
  }

  @Test
  void signaturesOfExportedPackagesNameNothingInternal() {
    Set<String> leaks = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    for (Class<?> type : exported()) {
      packages.add(type.getPackageName());
      leaks.addAll(Signatures.leaks(type, InternalsIT::isInternal));
    }
    assertEquals(Set.of("popol", "popol.engine", "popol.spi"), packages, "what is exported to everybody");
    assertEquals(ALLOWED, leaks, "internal types in signatures that everybody sees");
  }

  @Test
  void theApiNamesTypesOfItsOwnAndOfTheJdkAlone() {
    for (Class<?> type : exported()) {
      if (type.getPackageName().equals("popol")) {
        assertEquals(Set.of(), Signatures.leaks(type, other -> other.getName().startsWith("popol.")
            && !other.getPackageName().equals("popol")), "what a plugin would have to import beside popol");
      }
    }
  }

  @Test
  void objectsThatAUserGetsLeadToNothingInternal() throws Exception {
    ChildJvm.Result result = new ChildJvm().flags("--enable-native-access=popol.engine", "--add-modules", "popol")
        .modulePath(Jars.POPOL)
        .classPath(List.of(Jars.tests()))
        .run(Reach.class.getName());
    List<String> lines = new ArrayList<>(result.output().lines().toList());
    assertTrue(lines.getFirst().matches("\\d+ objects, 5 events, \\d+ walked"),
        "of a channel, a sink, a descriptor, a timer and a waker: " + result.output());
    assertEquals(0, result.exitCode(), result.output());
    lines.removeFirst();
    assertEquals(REACHED, Set.copyOf(lines), "members that are not of the API");
  }

  @Test
  void allThatIsLookedForIsFound() throws Exception {
    Set<String> leaks = Signatures.leaks(Leaky.class, type -> type == Hidden.class).stream()
        .map(leak -> leak.substring(InternalsIT.class.getName().length() + 1, leak.indexOf(": ")))
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("Leaky", "Leaky.new", "Leaky.bound", "Leaky.array", "Leaky.generic", "Leaky.thrown",
        "Leaky.field", "Leaky.wildcard"), leaks, "every place of a signature");
    Set<String> found = new Reachable("popol", true).from(List.of(new Leaky<>(null)));
    assertTrue(found.contains("an object of java.lang.foreign.MemorySegment"), "memory: " + found);
    assertTrue(found.contains(Leaky.class.getName() + ".secret"), "a field that can be opened: " + found);
    assertTrue(found.contains(Leaky.class.getName() + ".bound"), "a method that no API has: " + found);
    assertTrue(found.contains(Hidden.class.getName() + ".inside"), "of a superclass: " + found);
  }

  /** The classes that everybody sees, of all modules. */
  private static List<Class<?>> exported() {
    List<Class<?>> types = new ArrayList<>();
    for (ResolvedModule resolved : layer.configuration().modules()) {
      Module module = layer.findModule(resolved.name()).orElseThrow();
      for (String name : classes(resolved.reference())) {
        Class<?> type = Class.forName(module, name);
        if (module.isExported(type.getPackageName()) && isVisible(type)) {
          types.add(type);
        }
      }
    }
    return types;
  }

  private static Set<String> classes(ModuleReference module) {
    try (ModuleReader reader = module.open()) {
      return reader.list().filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .collect(Collectors.toCollection(HashSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it is public, or protected in one that is. */
  private static boolean isVisible(Class<?> type) {
    return (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  /** Whether not everybody sees it, or it leads to memory or code. */
  private static boolean isInternal(Class<?> type) {
    if (type.isPrimitive()) {
      return false;
    }
    return !isVisible(type) || !type.getModule().isExported(type.getPackageName())
        || type.getPackageName().equals("java.lang.foreign") || type.getPackageName().equals("java.lang.invoke");
  }

  /** Something internal. */
  static class Hidden {
    public Object inside() {
      return "";
    }
  }

  /** Names it wherever that is possible. */
  public static class Leaky<T> extends Hidden implements Iterable<Object> {
    protected List<Hidden> field;
    private final Object secret;

    protected Leaky(Hidden hidden) {
      secret = hidden;
    }

    public <H extends Hidden> Object bound() {
      return MemorySegment.NULL;
    }

    public Hidden[] array() {
      return null;
    }

    public Map<String, Map<Hidden, ? super T>> generic() {
      return null;
    }

    public Set<? super Hidden> wildcard() {
      return Set.of();
    }

    public void thrown(Iterator<? extends Hidden[]> iterator) {}

    @Override
    public Iterator<Object> iterator() {
      return List.<Object>of(secret == null ? "" : secret).iterator();
    }
  }
}
