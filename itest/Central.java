import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * Checks two staged builds of a release: against what Maven Central asks for
 * (central.sonatype.org/publish/requirements), and against each other.
 */
public final class Central {

  private static final String GROUP = "io/github/popol";

  /** The artifacts, and the modules that they are; without one an artifact is a pom and nothing else. */
  private static final Map<String, String> ARTIFACTS = new LinkedHashMap<>();

  static {
    ARTIFACTS.put("popol-parent", "");
    ARTIFACTS.put("popol-bom", "");
    for (String bundle : List.of("popol", "popol.engine", "popol.linux", "popol.macos", "popol.windows")) {
      ARTIFACTS.put(bundle, bundle);
    }
    ARTIFACTS.put("popol-all", "popol.all");
  }

  private static final Map<String, String> CHECKSUMS =
      new TreeMap<>(Map.of(".md5", "MD5", ".sha1", "SHA-1", ".sha256", "SHA-256", ".sha512", "SHA-512"));
  private static final XPath XPATH = XPathFactory.newInstance().newXPath();

  /** What a pom must say itself. */
  private static final List<String> OWN = List.of("modelVersion", "artifactId", "name", "description");

  /** What a pom, or its parent, must say; whether Maven appends a child's name to what it takes from its parent. */
  private static final Map<String, Boolean> SAID = new LinkedHashMap<>();

  static {
    for (String path : List.of("licenses/license/name", "licenses/license/url", "developers/developer/name")) {
      SAID.put(path, false);
    }
    for (String path : List.of("url", "scm/connection", "scm/developerConnection", "scm/url")) {
      SAID.put(path, true);
    }
  }

  private final String version;
  private final Path staged;
  private final Path again;
  private final String artifact;
  private final List<String> wrong = new ArrayList<>();

  private Central(String version, Path staged, Path again, String artifact) {
    this.version = version;
    this.staged = staged.resolve(GROUP);
    this.again = again.resolve(GROUP);
    this.artifact = artifact;
  }

  public static void main(String[] args) throws Exception {
    String version = args[0];
    Path staged = Path.of(args[1]);
    Path again = Path.of(args[2]);
    int failed = 0;
    for (String artifact : ARTIFACTS.keySet()) {
      Central check = new Central(version, staged, again, artifact);
      int files = check.check();
      System.out.printf("%-7s %s %s, %d files%n", check.wrong.isEmpty() ? "ok" : "WRONG", artifact, version, files);
      check.wrong.forEach(what -> System.out.println("        " + what));
      failed += check.wrong.isEmpty() ? 0 : 1;
    }
    Set<String> others = names(staged.resolve(GROUP));
    others.removeAll(ARTIFACTS.keySet());
    for (String other : others) {
      System.out.println("WRONG   " + other + " is published");
    }
    System.out.println(ARTIFACTS.size() + " artifacts, " + (failed + others.size()) + " wrong");
    System.exit(failed + others.size() == 0 ? 0 : 1);
  }

  private static Set<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return new TreeSet<>();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new TreeSet<>(files.filter(file -> !file.getFileName().toString().startsWith("maven-metadata"))
          .map(file -> file.getFileName().toString()).toList());
    }
  }

  private int check() throws Exception {
    Path folder = staged.resolve(artifact).resolve(version);
    String start = artifact + "-" + version;
    String module = ARTIFACTS.get(artifact);
    List<String> ends = new ArrayList<>(List.of(".pom"));
    if (!module.isEmpty()) {
      ends.addAll(List.of(".jar", "-sources.jar", "-javadoc.jar"));
    }
    if (!artifact.equals("popol-bom")) { // which has no parent and needs nothing
      ends.addAll(List.of("-cyclonedx.json", "-cyclonedx.xml"));
    }
    Set<String> rest = names(folder);
    for (String end : ends) {
      String name = start + end;
      rest.remove(name);
      CHECKSUMS.keySet().forEach(sum -> rest.remove(name + sum));
      rest.remove(name + ".asc");
      CHECKSUMS.keySet().forEach(sum -> rest.remove(name + ".asc" + sum));
      if (!Files.exists(folder.resolve(name))) {
        wrong.add(name + " is missing");
        continue;
      }
      checkFile(folder, name);
      if (end.equals(".pom")) {
        checkPom(folder.resolve(name));
      } else if (end.equals(".jar")) {
        checkJar(folder.resolve(name), module);
      } else if (end.equals("-sources.jar")) {
        checkEntries(folder.resolve(name), "META-INF/LICENSE", "module-info.java");
      } else if (end.equals("-javadoc.jar")) {
        checkEntries(folder.resolve(name), "META-INF/LICENSE", "index.html");
      }
    }
    rest.forEach(name -> wrong.add(name + " is not expected"));
    return ends.size();
  }

  private void checkFile(Path folder, String name) throws Exception {
    Path file = folder.resolve(name);
    for (Map.Entry<String, String> sum : CHECKSUMS.entrySet()) {
      Path sums = folder.resolve(name + sum.getKey());
      if (!Files.exists(sums)) {
        wrong.add(sums.getFileName() + " is missing");
      } else if (!Files.readString(sums).strip().equals(digest(sum.getValue(), file))) {
        wrong.add(sums.getFileName() + " is not that of the file");
      }
    }
    Path signature = folder.resolve(name + ".asc");
    if (!Files.exists(signature)) {
      wrong.add(signature.getFileName() + " is missing");
    } else if (!verifies(signature, file)) {
      wrong.add(signature.getFileName() + " does not verify");
    }
    Path other = again.resolve(artifact).resolve(version).resolve(name);
    if (!Files.exists(other) || Files.mismatch(file, other) != -1) {
      wrong.add(name + " is another in the second build");
    }
  }

  private static String digest(String algorithm, Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
  }

  private static boolean verifies(Path signature, Path file) throws Exception {
    Process gpg = new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), file.toString())
        .redirectErrorStream(true).start();
    gpg.getInputStream().readAllBytes();
    return gpg.waitFor() == 0;
  }

  private void checkPom(Path file) throws Exception {
    Document pom = parse(file);
    Path parentFile = parentOf(pom);
    Document parent = parentFile == null ? null : Files.exists(parentFile) ? parse(parentFile) : null;
    if (parentFile != null && parent == null) {
      wrong.add("the parent that the pom names is not published");
    }
    for (String path : OWN) {
      if (text(pom, path).isEmpty()) {
        wrong.add("the pom has no " + path);
      }
    }
    for (Map.Entry<String, Boolean> said : SAID.entrySet()) {
      if (!text(pom, said.getKey()).isEmpty()) {
        continue;
      }
      if (parent == null || text(parent, said.getKey()).isEmpty()) {
        wrong.add("the pom has no " + said.getKey());
      } else if (said.getValue() && !staysAsItIs(parent, said.getKey())) {
        wrong.add("the pom has its parent's " + said.getKey() + " and its own name after it");
      }
    }
    if (Files.readString(file).contains("-SNAPSHOT")) {
      wrong.add("the pom names a snapshot");
    }
    for (String path : List.of("repositories", "pluginRepositories")) {
      if (!text(pom, path).isEmpty()) {
        wrong.add("the pom has " + path);
      }
    }
    checkDependencies(pom);
  }

  /** Of popol's own, which nobody else publishes. */
  private void checkDependencies(Document pom) throws Exception {
    String path = "//dependency[normalize-space(groupId)='io.github.popol']/artifactId";
    NodeList dependencies = (NodeList) XPATH.evaluate(path, pom, XPathConstants.NODESET);
    for (int i = 0; i < dependencies.getLength(); i++) {
      String name = dependencies.item(i).getTextContent().strip();
      if (!ARTIFACTS.containsKey(name)) {
        wrong.add("the pom needs " + name + ", which is not published");
      }
    }
  }

  private Path parentOf(Document pom) throws Exception {
    String name = text(pom, "parent/artifactId");
    return name.isEmpty()
        ? null
        : staged.resolve(name).resolve(text(pom, "parent/version")).resolve(
            name + "-" + text(pom, "parent/version") + ".pom");
  }

  private static Document parse(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static String text(Document pom, String path) throws Exception {
    return XPATH.evaluate("/project/" + path, pom).strip();
  }

  /** By an attribute: child.project.url.inherit.append.path, child.scm.connection.inherit.append.path and so on. */
  private static boolean staysAsItIs(Document parent, String path) throws Exception {
    String attribute = path.equals("url")
        ? "@child.project.url.inherit.append.path"
        : "scm/@child." + path.replace('/', '.') + ".inherit.append.path";
    return XPATH.evaluate("/project/" + attribute, parent).equals("false");
  }

  private void checkJar(Path jar, String module) throws IOException {
    checkEntries(jar, "META-INF/LICENSE", "module-info.class");
    Set<ModuleReference> modules = ModuleFinder.of(jar).findAll();
    ModuleDescriptor descriptor = modules.isEmpty() ? null : modules.iterator().next().descriptor();
    if (descriptor == null || descriptor.isAutomatic() || !descriptor.name().equals(module)) {
      wrong.add("the jar is not the module " + module);
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      Attributes manifest = file.getManifest().getMainAttributes();
      if (!module.equals(manifest.getValue("Bundle-SymbolicName"))) {
        wrong.add("the manifest's Bundle-SymbolicName is " + manifest.getValue("Bundle-SymbolicName"));
      }
      if (!version.equals(manifest.getValue("Bundle-Version"))) {
        wrong.add("the manifest's Bundle-Version is " + manifest.getValue("Bundle-Version"));
      }
      for (String header : List.of("Bundle-License", "Bundle-SCM")) {
        if (manifest.getValue(header) == null) {
          wrong.add("the manifest has no " + header);
        }
      }
    }
  }

  private void checkEntries(Path jar, String... names) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (String name : names) {
        if (file.getEntry(name) == null) {
          wrong.add(jar.getFileName() + " has no " + name);
        }
      }
    }
  }
}
