package popol.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A check in a JVM of its own. */
final class Child {

  private Child() {}

  /** Runs a check, prints what it says, and fails unless nothing is wrong. */
  static void run(Launch.Mechanism mechanism, Class<?> check, String... arguments) throws Exception {
    Path output = Files.createTempFile("popol-check", ".out");
    try {
      Process child = Launch.start(mechanism, check.getName(), List.of(arguments)).redirectErrorStream(true)
          .redirectOutput(output.toFile()).start();
      try {
        child.waitFor();
      } finally {
        child.destroyForcibly().waitFor();
      }
      String told = Files.readString(output);
      System.out.println(mechanism + ": " + told);
      assertEquals(0, child.exitValue(), told);
    } finally {
      Files.delete(output);
    }
  }
}
