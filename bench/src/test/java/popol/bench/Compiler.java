package popol.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Compiles the programs in C as {@code bench/build} does. */
final class Compiler {

  private Compiler() {}

  static void compile(Path folder, String... programs) throws IOException, InterruptedException {
    for (String tool : List.of("cc", "taskset")) {
      boolean there = Stream.of(System.getenv("PATH").split(":")).anyMatch(p -> Files.isExecutable(Path.of(p, tool)));
      assumeTrue(there, "SKIPPED: bench/compare needs " + tool + ", which is not on the PATH");
    }
    for (String program : programs) {
      Process cc = new ProcessBuilder("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread",
          "-o", folder.resolve(program).toString(), "src/main/c/" + program + ".c").inheritIO().start();
      assertEquals(0, cc.waitFor());
    }
  }
}
