package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Does what a page says, in a folder whose name has a blank and an umlaut. */
final class Stranger {

  /** What commands printed on both streams, and how the last of them ended. */
  record Outcome(String printed, int exit) {

    void expect(String expected) {
      expectSuccess();
      assertEquals(expected, printed, "all that is printed");
    }

    void expectSuccess() {
      assumeTrue(exit == 0 || !NO_NETWORK.matcher(printed).find(), "something cannot be downloaded: " + printed);
      assertEquals(0, exit, "exit code\n" + printed);
    }
  }

  private static final Pattern NO_NETWORK = Pattern.compile("Could not transfer|Unknown host|Failed to fetch");
  private static final long LIMIT = 240; // seconds for a group of commands; the first ones download

  private final Path base;
  private final String setting;

  /** The setting is what a shell is told before the commands. */
  Stranger(Path base, String setting) throws Exception {
    this.base = Files.createDirectories(base);
    this.setting = setting;
    // By a shell, and with a link: a JVM in the locale of C cannot write the name.
    execute("mkdir 'für popol'\nln -s 'für popol' folder\n", base).expect("");
  }

  /** The folder, by a name that is plain. */
  Path folder() {
    return base.resolve("folder");
  }

  void follow(List<Page.Step> steps) throws Exception {
    assertTrue(!steps.isEmpty(), "there is something to do");
    for (int i = 0; i < steps.size(); i++) {
      switch (steps.get(i)) {
        case Page.Content content -> write(content.file(), content.text());
        case Page.Commands commands -> {
          Outcome outcome = run(commands.text());
          if (i + 1 < steps.size() && steps.get(i + 1) instanceof Page.Printed printed) {
            outcome.expect(printed.text());
          } else {
            outcome.expectSuccess();
          }
        }
        case Page.Printed printed -> {
          // compared when the commands were run
        }
      }
    }
  }

  void write(String file, String text) throws IOException {
    Path path = folder().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** Runs commands, whose standard input is open and says nothing. */
  Outcome run(String commands) throws Exception {
    return execute(setting + "cd 'für popol'\n" + commands, base);
  }

  /** Starts the one command of a program that does not end by itself. */
  Child start(String command) throws IOException {
    Path script = Files.writeString(base.resolve("start.sh"), setting + "cd 'für popol'\nexec " + command);
    return new Child(List.of("sh", "-eu", "-c", "cd \"$1\"; . \"$2\"", "sh", base.toString(), script.toString()));
  }

  /** Runs commands of a shell in a folder. */
  static Outcome execute(String commands, Path folder) throws Exception {
    Path script = Files.writeString(folder.resolve("commands.sh"), commands);
    Path output = folder.resolve("commands.log");
    Process process = new ProcessBuilder("sh", "-eu", script.toString()).directory(folder.toFile())
        .redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      if (!process.waitFor(LIMIT, TimeUnit.SECONDS)) {
        fail("this does not end:\n" + commands + Files.readString(output));
      }
      return new Outcome(Files.readString(output), process.exitValue());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
