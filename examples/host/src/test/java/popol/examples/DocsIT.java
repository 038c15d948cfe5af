package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the pages in {@code docs}, typed as they stand there in an empty folder. */
@Timeout(180)
class DocsIT {

  private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern COMMANDS = Pattern.compile("^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PROGRAM = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern SNIPPET =
      Pattern.compile("\\{@snippet :\\n(.*?)^ *\\* }(?=\n *\\*[/\n])", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+IT)\\.(\\w+)`");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void theOsgiPageCanBeFollowed() throws Exception {
    follow("docs/osgi.md", "host.log", "", "start org.apache.felix.fileinstall", "", "", "hello from tick",
        "start hello 1.1.0", "stop hello 1.1.0", "stopped");
  }

  @Test
  void theModuleLayerPageCanBeFollowed() throws Exception {
    follow("docs/jpms.md", "host.log", "", "greeting on port", "popol.examples.greeter is collected");
  }

  /** Each serves two peers at a time, as its page says. */
  @ParameterizedTest
  @ValueSource(strings = {"Before", "After"})
  void theServersBeforeAndAfterSendBackWhatTheyGet(String name) throws Exception {
    String source = PROGRAM.matcher(Files.readString(PROJECT.resolve("docs/from-selector.md"))).results()
        .map(program -> program.group(1)).filter(program -> program.contains("class " + name + " ")).findFirst()
        .orElseThrow();
    Path program = Files.writeString(folder.resolve(name + ".java"), source);
    try (Child child = new Child(Launch.withoutExport(program.toString()))) {
      int port = Integer.parseInt(child.expect("[0-9]+").group());
      try (Socket one = connect(port); Socket two = connect(port)) {
        for (Socket peer : List.of(one, two, one)) {
          peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
          assertEquals("hello", new String(peer.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
        }
      }
      try (Socket peer = connect(port)) { // the others have left
        peer.getOutputStream().write(1);
        assertEquals(1, peer.getInputStream().read());
      }
    }
  }

  /** Inside a class that has what the snippets do not explain. */
  @Test
  void theSnippetsOfTheJavadocCompile() throws Exception {
    StringBuilder source = new StringBuilder("""
        import java.nio.ByteBuffer;
        import java.nio.channels.*;
        import java.time.Duration;
        import popol.*;
        abstract class Snippets {
          sealed interface Key {}
          record Listener() implements Key {}
          record Peer() implements Key {}
          @interface Reference {}
          ServerSocketChannel listener; ByteBuffer buffer; Sources<Object> sources; Object key;
          abstract void accept();
          abstract void read(Peer peer);
          abstract void write(Peer peer);
        """);
    int count = 0;
    for (Path file : files("api/src/main/java/popol", ".java")) {
      for (MatchResult snippet : SNIPPET.matcher(Files.readString(file)).results().toList()) {
        String code = snippet.group(1).replaceAll("(?m)^ *\\* ?", "");
        source.append(
            code.startsWith("@Reference") ? code : "void snippet" + count + "() throws Exception {" + code + "}");
        count++;
      }
    }
    assertTrue(count >= 4, "snippets: " + count);
    Path file = Files.writeString(folder.resolve("Snippets.java"), source.append("}"));
    StringWriter errors = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertTrue(compiler.getTask(errors, null, null, List.of("-d", folder.toString(), "-cp",
        System.getProperty("popol.examples.path") + "/popol.jar"), null,
        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file)).call(),
        () -> errors + "\n" + source);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  @Test
  void theIndexNamesEachProgram() throws Exception {
    String index = Files.readString(PROJECT.resolve("examples/README.md"));
    for (Path source : files("examples/programs/src/main/java/popol/examples", ".java")) {
      if (Files.readString(source).contains("public static void main(")) {
        String name = source.getFileName().toString().replace(".java", "");
        assertTrue(index.contains("popol.examples." + name), "the index says how to run " + name);
      }
    }
  }

  /** As the index says: copied, and without the line of its package. */
  @Test
  void programsRunFromTheirFile() throws Exception {
    for (String name : List.of("StdinTimeout", "EchoServer")) { // one by itself, one with parts
      Path program = PROJECT.resolve("examples/programs/src/main/java/popol/examples/" + name + ".java");
      Path copy = folder.resolve(name + ".java");
      Files.writeString(copy, Files.readString(program).replaceFirst("package .*;", ""));
      try (Child child = new Child(Launch.withoutExport(copy.toString()))) {
        child.type("who");
        child.expect(name.equals("EchoServer") ? "unknown command who, .*" : "who");
      }
    }
  }

  @Test
  void theTestsThatTheLoopsPageNamesAreThere() throws Exception {
    String page = Files.readString(PROJECT.resolve("docs/loops.md"));
    List<MatchResult> tests = TEST.matcher(page).results().toList();
    assertTrue(tests.size() > 10, "tests that the page names: " + tests.size());
    for (MatchResult test : tests) {
      String source = Files.readString(Path.of("src/test/java/popol/examples/" + test.group(1) + ".java"));
      assertTrue(source.contains("void " + test.group(2) + "("), test.group() + " is there");
    }
  }

  @Test
  void theLinksOfAllPagesLead() throws Exception {
    for (String folder : List.of("", "docs", "examples", "examples/service")) {
      for (Path page : files(folder, ".md")) {
        LINK.matcher(Files.readString(page)).results().map(link -> link.group(1)).filter(to -> !to.contains("://"))
            .forEach(to -> assertTrue(Files.exists(page.resolveSibling(to)), page + " links to " + to));
      }
    }
  }

  private static List<Path> files(String folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(PROJECT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  /** Awaits in a log, after each group of commands, a line that starts as expected; nothing where that is empty. */
  private void follow(String page, String log, String... expected) throws Exception {
    List<String> groups = COMMANDS.matcher(Files.readString(PROJECT.resolve(page))).results()
        .map(group -> group.group(1)).toList();
    assertEquals(expected.length, groups.size(), "groups of commands on " + page);
    try (Child shell = new Child(List.of("sh", "-eu"))) {
      shell.type("cd '" + folder + "'");
      shell.type("PATH='" + System.getProperty("java.home") + "/bin':$PATH");
      shell.type("POPOL='" + PROJECT + "'");
      for (int i = 0; i < expected.length; i++) {
        shell.type(groups.get(i));
        shell.type("echo group " + i);
        shell.expectNext("group " + i);
        awaitLine(folder.resolve(log), expected[i]);
      }
      shell.type("wait; echo all is over");
      shell.expectNext("all is over");
      shell.endInput();
      shell.expectExit(0);
    }
  }

  private static void awaitLine(Path log, String expected) throws Exception {
    long start = System.nanoTime();
    while (!expected.isEmpty() && read(log).lines().noneMatch(line -> line.startsWith(expected))) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        fail("the log does not say " + expected + "\n" + read(log));
      }
      Thread.sleep(10);
    }
  }

  /** A command in the background makes its log when it gets to it. */
  private static String read(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
