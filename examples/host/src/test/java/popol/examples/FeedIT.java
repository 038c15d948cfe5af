package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real commands that are fed. */
@Timeout(60)
class FeedIT {

  private static final int MUCH = 4 * 1024 * 1024; // bytes, many times what pipes hold

  private static Child start(String... command) throws Exception {
    return new Child(Launch.withoutExport(Feed.class, command));
  }

  @Test
  void copiesAllThereAndBack(@TempDir Path directory) throws Exception {
    byte[] bytes = new byte[MUCH];
    new Random(9).nextBytes(bytes);
    Path input = Files.write(directory.resolve("input"), bytes);
    Path output = directory.resolve("output");
    Process process = new ProcessBuilder(Launch.withoutExport(Feed.class, "cat")).redirectInput(input.toFile())
        .redirectOutput(output.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertTrue(process.waitFor(40, TimeUnit.SECONDS), "it ends at the end of its input");
      assertEquals(0, process.exitValue(), "it ends well");
    } finally {
      process.destroyForcibly();
    }
    assertArrayEquals(bytes, Files.readAllBytes(output), "each byte of the input");
  }

  @Test
  void passesEachLineOnAndItsAnswerBack() throws Exception {
    try (Child child = start("cat")) {
      child.type("one");
      child.expectNext("one");
      child.type("two");
      child.expectNext("two");
      child.endInput();
      assertEquals(List.of(), child.expectExit(0), "no more is printed");
    }
  }

  @Test
  void endsTheInputOfACommandThatReadsItAllFirst() throws Exception {
    try (Child child = start("sort")) {
      child.type("b\nc\na");
      child.endInput();
      assertEquals(List.of("a", "b", "c"), child.expectExit(0), "the lines in their order");
    }
  }

  @Test
  void endsWithACommandThatReadsNoMore() throws Exception {
    try (Child child = start("sh", "-c", "read line; echo got $line; exit 3")) {
      child.type("one");
      assertEquals(List.of("got one"), child.expectExit(3), "its output and its status, while the input goes on");
    }
  }

  @Test
  void goesOnWithACommandThatClosesItsInput() throws Exception {
    try (Child child = start("sh", "-c", "exec <&-; echo closed; sleep 1; echo done")) {
      child.expectNext("closed");
      for (int i = 0; i < 10; i++) {
        child.type("nobody reads this");
      }
      child.expectNext("done");
      child.expectExit(0);
    }
  }

  @Test
  void runsWithoutStandardInput() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
    command.addAll(Launch.withoutExport(Feed.class, "cat"));
    try (Child child = new Child(command)) {
      assertEquals(List.of(), child.expectExit(0), "the command reads an end");
    }
  }

  @Test
  void saysThatThereIsNoSuchCommand() throws Exception {
    try (Child child = start("popol-has-no-such-command")) {
      child.expect(".*Cannot run program \"popol-has-no-such-command\".*");
      child.expectExit(1);
    }
  }
}
