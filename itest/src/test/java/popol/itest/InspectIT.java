package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import popol.itest.probe.Probe.Wait;

/** The doctor as a program, and the commands of the shell. */
@Timeout(120)
class InspectIT {

  private static final List<String> TRIALS =
      List.of("a socket", "a pipe", "a child", "standard input", "a wake", "a timer");

  @TempDir Path directory;

  /** Copies jars into a folder, each under its own name. */
  private Path folder(String name, List<Path> jars) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    for (Path jar : jars) {
      Files.copy(jar, folder.resolve(jar.getFileName()));
    }
    return folder;
  }

  private static void assertWell(ChildJvm.Result result) {
    for (String trial : TRIALS) {
      assertTrue(result.output().lines().anyMatch(line -> line.matches(trial + " +OK")), trial + ": "
          + result.output());
    }
    assertTrue(result.output().contains("Everything works here."), result.output());
    assertEquals(0, result.exitCode(), "the exit status says so");
    assertFalse(result.output().contains("WARNING"), "the JVM has nothing to say: " + result.output());
  }

  @Test
  void oneJarIsStartedAndFindsTheOthersBesideIt() throws Exception {
    Path folder = folder("lib", Jars.POPOL);
    ChildJvm.Result result = new ChildJvm().run("-jar", folder.resolve(Jars.ENGINE.getFileName()).toString());
    assertWell(result);
    for (String part : List.of("popol 0.", "popol.engine 0.", "popol.linux 0.", "Linux", "ppoll, epoll", "class path",
        "--enable-native-access=ALL-UNNAMED: there", "--add-exports java.base/sun.nio.ch=ALL-UNNAMED: not there",
        System.getProperty("java.home"), "descriptors")) {
      assertTrue(result.output().contains(part), part + " is in " + result.output());
    }
  }

  @Test
  void inAMavenRepositoryItFindsThoseOfItsVersion() throws Exception {
    for (Path jar : List.of(Jars.API, Jars.ENGINE, Jars.LINUX)) {
      String name = jar.getFileName().toString().replaceFirst("-\\d.*", "");
      Path folder = Files.createDirectories(directory.resolve(name).resolve("1.2"));
      Files.copy(jar, folder.resolve(name + "-1.2.jar"));
    }
    assertWell(new ChildJvm().run("-jar", directory.resolve("popol.engine/1.2/popol.engine-1.2.jar").toString()));
  }

  @Test
  void aloneItSaysWhatIsMissing() throws Exception {
    Path folder = folder("alone", List.of(Jars.ENGINE));
    ChildJvm.Result alone = new ChildJvm().run("-jar", folder.resolve(Jars.ENGINE.getFileName()).toString());
    assertEquals(2, alone.exitCode(), alone.output());
    assertTrue(alone.output().contains("put popol, popol.engine and the one for this system"), alone.output());
    folder = folder("no-linux", List.of(Jars.API, Jars.ENGINE, Jars.MACOS));
    ChildJvm.Result other = new ChildJvm().run("-jar", folder.resolve(Jars.ENGINE.getFileName()).toString());
    assertEquals(2, other.exitCode(), other.output());
    assertTrue(other.output().contains("popol.linux"), "it names the jar: " + other.output());
  }

  @Test
  void itTriesTheFlagsOfAProgram() throws Exception {
    ChildJvm.Result result = new ChildJvm()
        .flags("--enable-native-access=popol.engine", "--add-exports", "java.base/sun.nio.ch=popol.engine",
            "-Dpopol.linux.mechanism=epoll", "--add-modules", "popol")
        .modulePath(Jars.POPOL)
        .run("-m", "popol.engine/popol.inspect.Main");
    assertWell(result);
    for (String part : List.of("module path", "--add-exports java.base/sun.nio.ch=popol.engine: there",
        "--add-opens java.base/java.net=popol.engine: not there", "popol.linux.mechanism=epoll")) {
      assertTrue(result.output().contains(part), part + " is in " + result.output());
    }
    result = new ChildJvm().flags("--illegal-native-access=deny").classPath(Jars.POPOL).run("popol.inspect.Main");
    assertEquals(1, result.exitCode(), result.output());
    assertTrue(result.output().contains("MISSING, popol needs it") && result.output().contains("6 of 6 do not work"),
        result.output());
  }

  @Test
  void whatDoesNotWorkHasAReason() throws Exception {
    Path folder = folder("closed", Jars.POPOL);
    ChildJvm.Result result = new ChildJvm().within("sh", "-c", "exec \"$@\" <&-", "sh")
        .run("-jar", folder.resolve(Jars.ENGINE.getFileName()).toString());
    assertTrue(result.output().contains("FAILED: it is closed: start the JVM with one"), result.output());
    assertTrue(result.output().contains("1 of 6 do"), result.output());
    assertEquals(1, result.exitCode(), result.output());
  }

  /** Calls a command as a shell does, which finds it by the service's properties. */
  private static String command(Osgi osgi, String name, Object... arguments) throws Exception {
    ServiceReference<?>[] found = osgi.context()
        .getAllServiceReferences(null, "(&(osgi.command.scope=popol)(osgi.command.function=" + name + "))");
    assertEquals(1, found.length, "one service has the command " + name);
    Object commands = osgi.context().getService(found[0]);
    try {
      Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {long.class};
      return (String) commands.getClass().getMethod(name, types).invoke(commands, arguments);
    } finally {
      osgi.context().ungetService(found[0]);
    }
  }

  @Test
  @Tag("framework")
  void theShellSeesEveryRegistryAndItsBundle() throws Exception {
    try (Osgi osgi = Osgi.launchPopol(directory.resolve("storage"));
        Consumer one = Consumer.start(osgi, "one")) {
      assertEquals("no registry is open", command(osgi, "list"));
      Wait wait = one.probe().startWait(Thread.ofPlatform().name("my-loop"));
      Eventually.waiting(wait);
      String list = command(osgi, "list");
      Matcher matcher = Pattern.compile("Sources\\[.*] registry (\\d+) of (\\S+) (\\S+), opened .* s ago: 1 entry,"
          + " polled by .*my-loop.*, which waits by ppoll for .* s").matcher(list);
      assertTrue(matcher.matches(), list);
      assertEquals(one.bundle().getSymbolicName(), matcher.group(2), "whose it is");
      assertEquals(one.bundle().getVersion().toString(), matcher.group(3), "whose it is");
      String table = command(osgi, "show", Long.parseLong(matcher.group(1)));
      assertTrue(table.lines().count() == 3 && table.contains("PipeSource"), table);
      assertTrue(command(osgi, "show", 999_999L).contains("popol:list"), "one that is not there");
      one.bundle().stop();
      assertEquals("no registry is open", command(osgi, "list"), "it went with its bundle");
    }
  }

  @Test
  @Tag("framework")
  void theShellHasADoctor() throws Exception {
    try (Osgi osgi = Osgi.launchEngine(directory.resolve("storage"))) {
      String ill = command(osgi, "doctor");
      assertTrue(ill.startsWith("There is no service popol.Popol"), ill);
      assertTrue(ill.contains("popol.engine " + engine(osgi).getVersion()), "what is there: " + ill);
      osgi.start(Jars.LINUX);
      osgi.install(Jars.MACOS);
      String text = command(osgi, "doctor");
      assertTrue(text.contains("Everything works here."), text);
      assertTrue(text.contains(osgi.name()) && text.contains("popol.macos " + engine(osgi).getVersion()
          + " (not resolved)"), "the framework, and each bundle: " + text);
      assertEquals("no registry is open", command(osgi, "list"), "it has given all back");
    }
  }

  private static Bundle engine(Osgi osgi) {
    for (Bundle bundle : osgi.context().getBundles()) {
      if ("popol.engine".equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("no popol.engine");
  }
}
