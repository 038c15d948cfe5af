package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a stranger reads first, done to the letter: docs/start.md, docs/packaging.md, and the README's commands. The
 * local repository has of popol what the README's command puts there, and what Maven has downloaded before.
 */
@Timeout(600)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the commands are for Linux's shell")
class StartIT {

  private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Path MAVEN = Path.of(System.getProperty("popol.examples.maven"));
  private static final Path DOWNLOADED = Path.of(System.getProperty("popol.examples.repository"));
  private static final Pattern BLOCK = Pattern.compile("^```xml\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String SERVICES = "META-INF/services/popol.Popol";

  @TempDir static Path base;

  private static String setting;
  private static Page start;
  private static Page packaging;
  private static Stranger beginner;
  private static Stranger packager;
  private static boolean imageIsMade;

  @BeforeAll
  static void installAsTheReadmeSays() throws Exception {
    start = new Page(PROJECT.resolve("docs/start.md"));
    packaging = new Page(PROJECT.resolve("docs/packaging.md"));
    Path repository = base.resolve("repository");
    linkAllBut(List.of("io", "github", "popol"), DOWNLOADED, repository);
    setting = String.join("\n", "unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS CLASSPATH", "export LC_ALL=C.UTF-8",
        "export JAVA_HOME='" + JDK + "' PATH='" + JDK.resolve("bin") + ":" + MAVEN.resolve("bin") + "':\"$PATH\"",
        "export MAVEN_OPTS=-Dmaven.repo.local=" + repository, "POPOL='" + PROJECT + "'", "");
    Path copy = base.resolve("copy");
    copy(PROJECT, copy);
    Stranger.Outcome maven = Stranger.execute(setting + "./mvnw -version", copy);
    assumeTrue(maven.exit() == 0, "the wrapper's Maven cannot be had: " + maven.printed());
    Stranger.execute(setting + line("./mvnw .* install"), copy).expectSuccess();
  }

  /** Before the folder is deleted: nothing of what they lead to. */
  @AfterAll
  static void removeLinks() throws Exception {
    Stranger.execute("find repository -type l -exec rm {} +", base).expect("");
  }

  /** A folder with links to all that another has, but for what is under one path. */
  private static void linkAllBut(List<String> path, Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (!name.equals(path.getFirst())) {
          Files.createSymbolicLink(to.resolve(name), entry);
        } else if (path.size() > 1) {
          linkAllBut(path.subList(1, path.size()), entry, to.resolve(name));
        }
      }
    }
  }

  /** As it could be committed: without what was built. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (List.of("target", ".git").contains(folder.getFileName().toString())) {
          return FileVisitResult.SKIP_SUBTREE;
        }
        Files.createDirectory(to.resolve(from.relativize(folder)));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  /** The line of the README that is a command like this. */
  private static String line(String regex) throws IOException {
    List<String> lines = Pattern.compile("^    (" + regex + ")$", Pattern.MULTILINE)
        .matcher(Files.readString(PROJECT.resolve("README.md"))).results().map(result -> result.group(1)).toList();
    assertEquals(1, lines.size(), "lines of the README like " + regex);
    return lines.getFirst();
  }

  private static synchronized Stranger beginner() throws Exception {
    if (beginner == null) {
      Stranger stranger = new Stranger(base.resolve("beginner"), setting);
      stranger.follow(start.part("On the class path"));
      beginner = stranger;
    }
    return beginner;
  }

  private static synchronized Stranger packager() throws Exception {
    if (packager == null) {
      Stranger stranger = new Stranger(base.resolve("packager"), setting);
      stranger.follow(packaging.part("The program"));
      packager = stranger;
    }
    return packager;
  }

  private static synchronized Stranger imageMaker() throws Exception {
    assumeTrue(Files.isExecutable(JDK.resolve("bin/jlink")), "this JDK has no jlink");
    Stranger stranger = packager();
    if (!imageIsMade) {
      stranger.run("rm -rf image").expect(""); // of a try that failed
      stranger.follow(packaging.part("An image without a JDK"));
      imageIsMade = true;
    }
    return stranger;
  }

  @Test
  void everyPartIsFollowed() {
    assertEquals(List.of("On the class path", "On the module path", "In Kotlin", "In OSGi"), start.parts());
    assertEquals(List.of("The program", "An executable jar", "An uber-jar", "An image without a JDK",
        "An application for users", "A service of systemd", "A container"), packaging.parts());
  }

  // README.md

  @Test
  void theReadmesDependencyIsThatOfTheFirstProgram() throws Exception {
    Matcher dependency = BLOCK.matcher(Files.readString(PROJECT.resolve("README.md")));
    assertTrue(dependency.find(), "the README has a dependency");
    assertTrue(start.content("On the class path", "pom.xml").contains(dependency.group(1).indent(4)),
        "it stands in the pom that is built");
  }

  @Test
  void theReadmesFlagStartsItsExample() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String readme = Files.readString(PROJECT.resolve("README.md"));
    Matcher example = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL).matcher(readme);
    assertTrue(example.find(), "the README has an example");
    beginner().write("Echo.java", example.group(1).replace("7000", "" + port));
    try (Child child = beginner().start(line("java .*Echo.java"))) {
      child.expectNext("listening on port " + port + "; Enter ends");
      try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        peer.setSoTimeout(60_000);
        peer.getOutputStream().write('x');
        assertEquals('x', peer.getInputStream().read(), "what comes back");
      }
      child.type("");
      child.expectExit(0);
    }
  }

  // docs/start.md

  @Test
  void theProgramOnTheClassPathNoticesEnter() throws Exception {
    try (Child child = beginner().start(start.commands("On the class path").getLast())) {
      child.expectNext("tick");
      child.type("");
      child.expectNext("typed");
      child.expectNext("tick");
    }
  }

  /** What was downloaded once is there. */
  @Test
  void theProgramIsBuiltAgainWithoutANetwork() throws Exception {
    String withoutNetwork = "unshare --user --map-root-user --net ";
    assumeTrue(beginner().run(withoutNetwork + "true").exit() == 0, "unshare is not there, or not allowed");
    String build = start.commands("On the class path").getFirst();
    Stranger.Outcome outcome = beginner().run("touch src/main/java/Ticks.java\n" + withoutNetwork + build);
    assertEquals(0, outcome.exit(), outcome.printed());
  }

  @Test
  void theProgramBecomesAModule() throws Exception {
    Stranger stranger = new Stranger(base.resolve("module"), setting);
    stranger.run("cp -r " + beginner().folder() + "/. .").expect("");
    stranger.follow(start.part("On the module path"));
  }

  @Test
  void theProgramInKotlin() throws Exception {
    new Stranger(base.resolve("kotlin"), setting).follow(start.part("In Kotlin"));
    assertEquals(List.of(), ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains("kotlin") && line.contains(base.toString())).toList(), "processes left behind");
  }

  @Test
  void thePluginInTheReadyHost() throws Exception {
    Stranger stranger = new Stranger(base.resolve("plugin"), setting);
    List<Page.Step> steps = start.part("In OSGi");
    stranger.follow(steps.subList(0, steps.size() - 2));
    Page.Commands begin = (Page.Commands) steps.get(steps.size() - 2);
    Page.Printed printed = (Page.Printed) steps.getLast();
    try (Child host = stranger.start(begin.text())) {
      List<String> lines = printed.text().lines().toList();
      host.expect(Pattern.quote(lines.getFirst()));
      for (String line : lines.subList(1, lines.size())) {
        host.expectNext(line);
      }
      host.terminate();
      host.expect("hello has stopped");
    }
  }

  // docs/packaging.md

  @Test
  void theExecutableJar() throws Exception {
    packager().follow(packaging.part("An executable jar"));
    assertAllFlagsCount("target/app-1.jar");
  }

  @Test
  void theUberJar() throws Exception {
    packager().follow(packaging.part("An uber-jar"));
    assertAllFlagsCount("target/app-1-uber.jar");
  }

  /** Asked from inside, by a class that is put into a copy of the jar. */
  private static void assertAllFlagsCount(String jar) throws Exception {
    packager().write("flags/app/Flags.java", """
        package app;

        public class Flags {
          public static void main(String[] args) {
            Module here = Flags.class.getModule();
            Module base = Object.class.getModule();
            System.out.println("native access " + here.isNativeAccessEnabled());
            System.out.println("sun.nio.ch " + base.isExported("sun.nio.ch", here));
            System.out.println("java.net " + base.isOpen("java.net", here));
          }
        }
        """);
    packager().run("cp " + jar + " target/flags.jar\n"
        + "javac -d flags flags/app/Flags.java\n"
        + "jar --update --file target/flags.jar --main-class app.Flags -C flags app/Flags.class\n"
        + "java -jar target/flags.jar\n").expect("native access true\nsun.nio.ch true\njava.net true\n");
  }

  @Test
  void theUberJarWithoutTheTransformer() throws Exception {
    String pom = packaging.content("The program", "pom.xml");
    String without = pom.replaceFirst(" *<transformer implementation=\".*ServicesResourceTransformer\"/>\n", "");
    assertNotEquals(pom, without, "the transformer is taken away");
    Stranger stranger = new Stranger(base.resolve("trap"), setting);
    for (Page.Step step : packaging.part("The program")) {
      if (step instanceof Page.Content content) {
        stranger.write(content.file(), content.file().equals("pom.xml") ? without : content.text());
      }
    }
    stranger.run("mvn -q package").expectSuccess();
    stranger.run("jar --extract --file target/app-1-uber.jar " + SERVICES + "\ngrep ^popol " + SERVICES)
        .expect("popol.linux.LinuxPopol\n");
    Stranger.Outcome elsewhere = stranger.run("java -Dos.name='Mac OS X' -jar target/app-1-uber.jar");
    String message = "No popol implementation for Mac OS X, only popol.linux.LinuxPopol";
    assertTrue(Files.readString(PROJECT.resolve("docs/packaging.md")).contains("`" + message + "`"), "it is named");
    assertTrue(elsewhere.exit() != 0 && elsewhere.printed().contains(message), elsewhere.printed());
  }

  @Test
  void theImage() throws Exception {
    imageMaker();
  }

  @Test
  void theImageWithoutAnImplementation() throws Exception {
    Stranger stranger = imageMaker();
    String link = packaging.commands("An image without a JDK").getFirst();
    String without = link.replace("app,popol.linux", "app").replace("image", "poor");
    Stranger.Outcome outcome = stranger.run(without);
    assertTrue(outcome.exit() != 0 && outcome.printed().contains("No popol implementation for Linux"),
        outcome.printed());
  }

  @Test
  void theApplication() throws Exception {
    assumeTrue(Files.isExecutable(JDK.resolve("bin/jpackage")), "this JDK has no jpackage");
    imageMaker().follow(packaging.part("An application for users"));
  }

  @Test
  void theService() throws Exception {
    Path folder = imageMaker().folder();
    String unit = packaging.content("A service of systemd", "ticks.service").replace("/opt/ticks", folder + "/image");
    String command = unit.lines().filter(line -> line.startsWith("ExecStart=")).findFirst().orElseThrow().substring(10);
    Stranger.Outcome outcome = packager().run("env -i LC_ALL=C.UTF-8 " + command + " </dev/null");
    assertEquals(0, outcome.exit(), outcome.printed());
    assertEquals(List.of("tick", "tick", "tick", "typed"), outcome.printed().lines().sorted().toList());
    assumeTrue(packager().run("command -v systemd-analyze").exit() == 0, "no systemd here");
    packager().write("ticks.service", unit);
    packager().run("systemd-analyze verify " + folder + "/ticks.service").expect("");
  }

  /** As the recipe says, but that the root is empty and has what the image asks for. */
  @Test
  void theContainer() throws Exception {
    String unshare = "unshare --user --net --mount --pid --fork --kill-child ";
    String recipe = packaging.content("A container", "Containerfile");
    String entry = recipe.lines().filter(line -> line.startsWith("ENTRYPOINT")).findFirst().orElseThrow();
    String command = Pattern.compile("\"([^\"]*)\"").matcher(entry).results().map(MatchResult::group)
        .collect(Collectors.joining(" "));
    Stranger stranger = imageMaker();
    assumeTrue(stranger.run(unshare + "--mount-proc true").exit() == 0, "unshare is not there, or not allowed");
    stranger.run("""
        mkdir -p root/opt root/proc
        cp -r image root/opt/ticks
        ldd root/opt/ticks/bin/java root/opt/ticks/lib/*.so root/opt/ticks/lib/server/libjvm.so |
          grep -o '/[^ ]*\\.so[^ ]*' | grep -v /opt/ticks | sort -u | while read -r file; do
            mkdir -p "root/${file%/*}"
            cp -L "$file" "root/$file"
          done
        """).expect("");
    stranger.run("env -i " + unshare + "--root=root --mount-proc " + command).expect("tick\ntick\ntick\n");
  }
}
