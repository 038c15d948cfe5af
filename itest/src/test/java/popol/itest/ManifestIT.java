package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.NativeNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the jars say of themselves: the module descriptor and the bundle's manifest, which are written apart, agree. */
@Timeout(60)
class ManifestIT {

  private static final String SERVICES = "META-INF/services/";
  private static final Map<String, Version> PACKAGES = Map.of( // that popol's bundles import
      "jdk.jfr", Version.emptyVersion,
      "javax.net.ssl", Version.emptyVersion,
      "popol", new Version("1.0.0"),
      "popol.engine", new Version("0.2.0"),
      "popol.ffm", new Version("0.2.0"),
      "popol.spi", new Version("0.2.0"),
      "popol.unix", new Version("0.2.0"),
      "org.osgi.framework", new Version("1.10.0"),
      "org.osgi.service.component", new Version("1.5.0"));

  @TempDir Path storage;

  static List<Path> jars() {
    return Stream.concat(Stream.of(Jars.API, Jars.ENGINE), implementations().stream()).toList();
  }

  static List<Path> implementations() {
    return List.of(Jars.LINUX, Jars.MACOS, Jars.WINDOWS);
  }

  @ParameterizedTest
  @MethodSource("jars")
  void aJarIsTheSameAsBundleAndAsModule(Path jar) throws Exception {
    ModuleDescriptor module = module(jar);
    try (Osgi osgi = Osgi.launch(storage)) {
      Bundle bundle = osgi.install(jar);
      assertEquals(module.name(), bundle.getSymbolicName(), "one name for bundle and module");
      assertTrue(jar.getFileName().toString().startsWith(module.name() + "-"), "and for the artifact");
      assertEquals(exports(module), exports(bundle), "both export the same packages");
      assertTrue(module.packages().contains(module.name()), "the module's name is its root package");
      assertTrue(bundle.getHeaders().get(Constants.BUNDLE_LICENSE).startsWith("Apache-2.0"), "the licence is named");
      assertNotNull(bundle.getEntry("META-INF/LICENSE"), "and its text is in the jar");
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void aJarNeedsNothingButTheJdkAndPopol(Path jar) throws Exception {
    for (ModuleDescriptor.Requires requires : module(jar).requires()) {
      boolean compileTime = requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC);
      assertTrue(compileTime || List.of("java.base", "popol", "popol.engine").contains(requires.name()),
          "run time: " + requires);
    }
    try (Osgi osgi = Osgi.launch(storage)) {
      for (BundleRequirement imported : requirements(osgi.install(jar), PackageNamespace.PACKAGE_NAMESPACE)) {
        Filter filter = FrameworkUtil.createFilter(imported.getDirectives().get(Constants.FILTER_DIRECTIVE));
        assertTrue(PACKAGES.keySet().stream().anyMatch(name -> matchesPackage(filter, name)), "imported: " + filter);
        boolean own = filter.toString().contains("=popol") || filter.toString().contains("=javax.net.ssl");
        assertEquals(!own, "optional".equals(imported.getDirectives().get(Constants.RESOLUTION_DIRECTIVE)),
            "what is not popol's or of java.base need not be there: " + filter);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void aProjectDependsAtRunTimeOnPopolAlone(Path jar) throws Exception {
    Path project = jar.getParent().getParent();
    Map<String, String> managed =
        scopes(project.resolveSibling("pom.xml"), "/project/dependencyManagement/dependencies/dependency");
    Map<String, String> own = scopes(project.resolve("pom.xml"), "/project/dependencies/dependency");
    own.forEach((artifact, scope) -> {
      String effective = scope.isEmpty() ? managed.getOrDefault(artifact, "") : scope;
      assertTrue(List.of("popol", "popol.engine", "provided", "test").stream()
          .anyMatch(allowed -> allowed.equals(artifact) || allowed.equals(effective)),
          artifact + " is a dependency at run time: " + effective);
    });
    assertTrue(own.containsKey("org.osgi.annotation.bundle"), "the dependencies are found");
    assertEquals(!jar.equals(Jars.API), own.containsKey("popol"), "all but the API depend on the API");
    assertEquals(implementations().contains(jar), own.containsKey("popol.engine"), "implementations on the engine");
  }

  /** By artifact; empty where a dependency says none. */
  private static Map<String, String> scopes(Path pom, String path) throws Exception {
    XPath xpath = XPathFactory.newInstance().newXPath();
    NodeList found = (NodeList) xpath.evaluate(path, document(pom), XPathConstants.NODESET);
    Map<String, String> scopes = new HashMap<>();
    for (int i = 0; i < found.getLength(); i++) {
      scopes.put(xpath.evaluate("artifactId", found.item(i)), xpath.evaluate("scope", found.item(i)));
    }
    return scopes;
  }

  @ParameterizedTest
  @MethodSource("jars")
  void aBundleNeedsJava25(Path jar) throws Exception {
    try (Osgi osgi = Osgi.launch(storage)) {
      List<BundleRequirement> needed = requirements(
          osgi.install(jar), ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE);
      assertEquals(1, needed.size(), "one execution environment");
      Filter filter = FrameworkUtil.createFilter(needed.getFirst().getDirectives().get(Constants.FILTER_DIRECTIVE));
      assertEquals("(&(osgi.ee=JavaSE)(version=25))", filter.toString(), "Java 25 is the floor");
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void anImplementationNamesItsSystem(Path jar) throws Exception {
    Map<String, String> systems = Map.of("popol.linux", "Linux", "popol.macos", "MacOSX", "popol.windows", "Win32");
    try (Osgi osgi = Osgi.launch(storage)) {
      Bundle bundle = osgi.install(jar);
      List<BundleRequirement> needed = requirements(bundle, NativeNamespace.NATIVE_NAMESPACE);
      assertEquals(1, needed.size(), "one system");
      Filter filter = FrameworkUtil.createFilter(needed.getFirst().getDirectives().get(Constants.FILTER_DIRECTIVE));
      systems.forEach((name, system) -> assertEquals(name.equals(bundle.getSymbolicName()),
          filter.matches(Map.of(NativeNamespace.CAPABILITY_OSNAME_ATTRIBUTE, List.of(system))),
          filter + " on " + system));
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void theServicesAreTheSameOnClassPathAndModulePath(Path jar) throws Exception {
    Map<String, List<String>> provided = module(jar).provides().stream()
        .collect(Collectors.toMap(ModuleDescriptor.Provides::service, ModuleDescriptor.Provides::providers));
    assertEquals(provided, services(jar), "META-INF/services says what the module descriptor says");
    if (implementations().contains(jar)) {
      assertNotNull(provided.get("popol.Popol"), "an implementation provides popol.Popol");
    }
  }

  @Test
  void onlyTheImplementationsCallCThroughTheEngine() {
    Set<String> implementations =
        implementations().stream().map(jar -> module(jar).name()).collect(Collectors.toCollection(TreeSet::new));
    Map<String, Set<String>> targets = module(Jars.ENGINE).exports().stream()
        .collect(Collectors.toMap(ModuleDescriptor.Exports::source, ModuleDescriptor.Exports::targets));
    assertEquals(
        Map.of("popol.engine", Set.of(), "popol.spi", Set.of(), "popol.ffm", implementations, "popol.unix",
            implementations),
        targets, "what calls C is exported to the implementations, and to nobody else");
  }

  @Test
  void theApiHoldsNothingButTheApi() throws Exception {
    assertEquals(Set.of("popol"), module(Jars.API).packages(),
        "a fix of anything else does not touch the API's bundle");
  }

  @Test
  void oneDependencyBringsAll() throws Exception {
    Map<String, String> brought = scopes(Path.of("../all/pom.xml"), "/project/dependencies/dependency");
    assertEquals(names(), brought.keySet(), "popol-all brings the API, the engine and each implementation");
    brought.forEach((artifact, scope) -> assertEquals(artifact.equals("popol") ? "" : "runtime", scope,
        artifact + " is compiled with, or not"));
  }

  @Test
  void theVersionsAreThoseOfTheProject() throws Exception {
    Path bom = Path.of("../bom/pom.xml");
    Set<String> managed =
        new TreeSet<>(scopes(bom, "/project/dependencyManagement/dependencies/dependency").keySet());
    assertTrue(managed.remove("popol-all"), "the BOM knows popol-all");
    assertEquals(names(), managed, "and all that it brings");
    assertEquals(version(Path.of("../pom.xml")), version(bom), "its version is the project's, though it has no parent");
  }

  private static Set<String> names() {
    return jars().stream().map(jar -> module(jar).name()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String version(Path pom) throws Exception {
    return XPathFactory.newInstance().newXPath().evaluate("/project/version", document(pom));
  }

  private static Document document(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
  }

  private static ModuleDescriptor module(Path jar) {
    return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
  }

  /** A bundle cannot export to some bundles only, so the packages for the implementations count. */
  private static Set<String> exports(ModuleDescriptor module) {
    return module.exports().stream()
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> exports(Bundle bundle) {
    return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
        .map(capability -> (String) capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<BundleRequirement> requirements(Bundle bundle, String namespace) {
    return bundle.adapt(BundleRevision.class).getDeclaredRequirements(namespace);
  }

  private static boolean matchesPackage(Filter filter, String name) {
    Map<String, Object> capability = Map.of(
        PackageNamespace.PACKAGE_NAMESPACE, name,
        PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE, PACKAGES.get(name));
    return filter.matches(capability);
  }

  private static Map<String, List<String>> services(Path jar) throws IOException {
    Map<String, List<String>> services = new HashMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
          try (InputStream in = file.getInputStream(entry)) {
            services.put(entry.getName().substring(SERVICES.length()),
                new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")) // bnd adds a comment of its own
                    .toList());
          }
        }
      }
    }
    return services;
  }
}
