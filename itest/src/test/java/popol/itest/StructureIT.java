package popol.itest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may use what: the arrows between packages and between classes of popol point one way. */
@Timeout(60)
class StructureIT {

  /** The arrows that close a circle of classes, each because the design needs the pair. */
  private static final List<Arrow> ALLOWED = List.of(
      // The static ways in, for programs without OSGi.
      new Arrow("popol.Sources", "popol.Popol"),
      new Arrow("popol.PipeSource", "popol.Popol"),
      new Arrow("popol.PipeSink", "popol.Popol"),
      new Arrow("popol.Popol", "popol.Providers"),
      // The service opens registries, which ask it for what their system supplies.
      new Arrow("popol.engine.AbstractPopol", "popol.engine.Registry"),
      // A waker's handle wakes the registry that made it.
      new Arrow("popol.engine.WakerEntry", "popol.engine.Registration"),
      // A batch hands out handles of itself.
      new Arrow("popol.engine.Batch", "popol.engine.BatchEvents"),
      // A wait has a hook, which ends it.
      new Arrow("popol.engine.InterruptHook", "popol.engine.NativeWait"),
      // The shared waiter ends the waits that it is given.
      new Arrow("popol.engine.VirtualWait", "popol.engine.SharedWaiter"),
      // C's memory is allocated by a C function, and a C function leaves its error number in memory.
      new Arrow("popol.ffm.NativeMemory", "popol.ffm.NativeFunction"));

  /** The methods of the JDK that need native access, by their classes. */
  private static final Map<String, Set<String>> RESTRICTED = Map.of(
      "java.lang.foreign.AddressLayout", Set.of("withTargetLayout"),
      "java.lang.foreign.Linker", Set.of("downcallHandle", "upcallStub"),
      "java.lang.foreign.MemorySegment", Set.of("reinterpret"),
      "java.lang.foreign.SymbolLookup", Set.of("libraryLookup"),
      "java.lang.ModuleLayer$Controller", Set.of("enableNativeAccess"),
      "java.lang.Runtime", Set.of("load", "loadLibrary"),
      "java.lang.System", Set.of("load", "loadLibrary"));

  private static final List<JarFile> JARS = new ArrayList<>();
  private static JavaClasses product;

  private record Arrow(String from, String to) {
    @Override
    public String toString() {
      return from + " -> " + to;
    }
  }

  @BeforeAll
  static void read() throws IOException {
    for (Path jar : List.of(Jars.API, Jars.ENGINE, Jars.LINUX, Jars.MACOS, Jars.WINDOWS)) {
      JARS.add(new JarFile(jar.toFile()));
    }
    product = new ClassFileImporter().importJars(JARS);
  }

  @AfterAll
  static void close() throws IOException {
    for (JarFile jar : JARS) {
      jar.close();
    }
  }

  @Test
  void noPackagesUseEachOther() {
    assertEquals(Set.of(), circles(arrows(JavaClass::getPackageName)), "arrows between packages that are in a circle");
  }

  @Test
  void noClassesUseEachOther() {
    Set<Arrow> arrows = arrows(type -> topLevel(type).getName());
    Set<Arrow> others = new LinkedHashSet<>(arrows);
    others.removeAll(ALLOWED);
    assertEquals(Set.of(), circles(others), "arrows between classes that are in a circle");
    for (Arrow allowed : ALLOWED) {
      others.add(allowed);
      assertTrue(arrows.contains(allowed) && !circles(others).isEmpty(), allowed + " need not be allowed");
      others.remove(allowed);
    }
  }

  @Test
  void theApiUsesTheJdkAlone() {
    classes().that().resideInAPackage("popol")
        .should().onlyDependOnClassesThat(
            resideInAnyPackage("popol", "java..", "org.jspecify.annotations", "org.osgi.annotation.."))
        .check(product);
  }

  @Test
  void whatASystemSuppliesKnowsNoEngineAndNoSystem() {
    noClasses().that().resideInAPackage("popol.spi")
        .should().dependOnClassesThat().resideInAnyPackage("popol.engine", "popol.unix", "popol.linux", "popol.macos",
            "popol.windows")
        .check(product);
  }

  @Test
  void theBindingOfCKnowsNothingOfPopol() {
    noClasses().that().resideInAPackage("popol.ffm")
        .should().dependOnClassesThat().resideInAnyPackage("popol", "popol.engine", "popol.spi", "popol.unix")
        .check(product);
  }

  @Test
  void theEngineKnowsNoSystem() {
    noClasses().that().resideInAPackage("popol.engine")
        .should().dependOnClassesThat().resideInAnyPackage("popol.unix", "popol.linux", "popol.macos", "popol.windows")
        .check(product);
  }

  @Test
  void implementationsKnowNothingOfEachOther() {
    for (String system : List.of("popol.linux", "popol.macos", "popol.windows")) {
      classes().that().resideInAPackage(system)
          .should().onlyBeAccessed().byClassesThat().resideInAPackage(system)
          .check(product);
    }
  }

  @Test
  void nativeAccessIsUsedByTheBindingOfCAlone() {
    noClasses().that().resideOutsideOfPackage("popol.ffm")
        .should().accessTargetWhere(DescribedPredicate.describe("it is a restricted method", StructureIT::isRestricted))
        .check(product);
    assertTrue(
        product.stream().flatMap(type -> type.getAccessesFromSelf().stream()).anyMatch(StructureIT::isRestricted),
        "the binding of C calls restricted methods");
  }

  private static boolean isRestricted(JavaAccess<?> access) {
    return RESTRICTED.getOrDefault(access.getTargetOwner().getName(), Set.of()).contains(access.getName());
  }

  /** Who uses whom, of popol's own. */
  private static Set<Arrow> arrows(Function<JavaClass, String> name) {
    Set<Arrow> arrows = new TreeSet<>(Comparator.comparing(Arrow::toString));
    for (JavaClass type : product) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        Arrow arrow = new Arrow(name.apply(type), name.apply(dependency.getTargetClass()));
        if (product.contain(dependency.getTargetClass().getName()) && !arrow.from.equals(arrow.to)) {
          arrows.add(arrow);
        }
      }
    }
    return arrows;
  }

  /** The arrows whose end leads back to their start. */
  private static Set<Arrow> circles(Set<Arrow> arrows) {
    Map<String, List<String>> uses = arrows.stream()
        .collect(Collectors.groupingBy(Arrow::from, Collectors.mapping(Arrow::to, Collectors.toList())));
    return arrows.stream()
        .filter(arrow -> reachable(arrow.to, uses).contains(arrow.from))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> reachable(String start, Map<String, List<String>> uses) {
    Set<String> reached = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(start));
    while (!next.isEmpty()) {
      String name = next.remove();
      if (reached.add(name)) {
        next.addAll(uses.getOrDefault(name, List.of()));
      }
    }
    return reached;
  }

  private static JavaClass topLevel(JavaClass type) {
    return type.getEnclosingClass().map(StructureIT::topLevel).orElse(type);
  }
}
