package popol.itest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SliceRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may use what: the arrows between packages and between classes of popol point one way. */
@Timeout(60)
class StructureIT {

  /** The arrows that close a circle of classes, each because a user or the design needs it. */
  private static final List<Arrow> ALLOWED = List.of(
      // The static ways in, for programs without OSGi.
      new Arrow("popol.Sources", "popol.Popol"),
      new Arrow("popol.PipeSource", "popol.Popol"),
      new Arrow("popol.PipeSink", "popol.Popol"),
      new Arrow("popol.Popol", "popol.Providers"));

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

  private record Arrow(String from, String to) {}

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
    cycles("packages", JavaClass::getPackageName).check(product);
  }

  @Test
  void noClassesUseEachOther() {
    SliceRule rule = cycles("top-level classes", type -> topLevel(type).getName());
    for (Arrow allowed : ALLOWED) {
      rule = rule.ignoreDependency(in(allowed.from), in(allowed.to));
    }
    rule.check(product);
  }

  @Test
  void whatIsAllowedIsNeeded() {
    for (Arrow allowed : ALLOWED) {
      assertTrue(product.stream()
          .filter(in(allowed.from))
          .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
          .anyMatch(dependency -> in(allowed.to).test(dependency.getTargetClass())), allowed + " is not there any more");
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
    assertTrue(product.stream().flatMap(type -> type.getAccessesFromSelf().stream()).anyMatch(StructureIT::isRestricted),
        "the binding of C calls restricted methods");
  }

  private static boolean isRestricted(JavaAccess<?> access) {
    return RESTRICTED.getOrDefault(access.getTargetOwner().getName(), Set.of()).contains(access.getName());
  }

  private static SliceRule cycles(String what, Function<JavaClass, String> name) {
    return slices().assignedFrom(new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return SliceIdentifier.of(name.apply(type));
      }

      @Override
      public String getDescription() {
        return what;
      }
    }).should().beFreeOfCycles();
  }

  /** A class and those inside it. */
  private static DescribedPredicate<JavaClass> in(String name) {
    return DescribedPredicate.describe(name, type -> topLevel(type).getName().equals(name));
  }

  private static JavaClass topLevel(JavaClass type) {
    return type.getEnclosingClass().map(StructureIT::topLevel).orElse(type);
  }
}
