package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real commands, one of them killed. */
@Timeout(60)
class CommandsIT {

  private static Child start(String... commands) throws Exception {
    return new Child(Launch.withoutExport(Commands.class, commands));
  }

  @Test
  void printsEachLineAndHowEachCommandEnded() throws Exception {
    try (Child child = start("echo one; echo two >&2; exit 3", "printf 'no end'", "exec kill -9 $$")) {
      List<String> lines = child.expectExit(1);
      assertEquals(List.of("started: echo one; echo two >&2; exit 3", "one", "two", "exit 3"), of(1, lines),
          "both streams, then the exit code");
      assertEquals(List.of("started: printf 'no end'", "no end", "exit 0"), of(2, lines), "a line without an end");
      assertEquals("killed by signal 9", of(3, lines).getLast(), "the end by a signal");
    }
  }

  @Test
  void killsOneWhileAnotherGoesOn(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("go");
    try (Child child = start("echo ready; while :; do sleep 1; done",
        "while [ ! -e " + file + " ]; do sleep 0.1; done; echo went on")) {
      child.expect("1 \\| ready");
      child.type("kill 3");
      child.expect("there is: kill N, with N from 1 to 2");
      child.type("kill 1");
      child.expect("1 \\| killed by signal 15");
      Files.createFile(file);
      child.expect("2 \\| went on");
      child.expect("2 \\| exit 0");
      child.expectExit(1);
    }
  }

  @Test
  void goesOnAtTheEndOfItsInput() throws Exception {
    try (Child child = start("sleep 0.5; echo done")) {
      child.endInput();
      child.expect("1 \\| done");
      child.expect("1 \\| exit 0");
      child.expectExit(0);
    }
  }

  @Test
  void losesNoLineOfCommandsThatPrintMuch() throws Exception {
    int count = 20_000;
    String[] commands = {"seq 1 " + count, "seq 1 " + count, "seq 1 " + count};
    List<String> expected = new ArrayList<>(List.of("started: " + commands[0]));
    IntStream.rangeClosed(1, count).mapToObj(Integer::toString).forEach(expected::add);
    expected.add("exit 0");
    try (Child child = start(commands)) {
      List<String> lines = child.expectExit(0);
      for (int number = 1; number <= commands.length; number++) {
        assertEquals(expected, of(number, lines), "all lines of command " + number + ", and then its end");
      }
    }
  }

  /** The child of the first command writes on, and as fast as it can. */
  @Test
  void servesOthersWhileAChildThatWasLeftBehindWrites() throws Exception {
    try (Child child = start("yes & exit 0", "echo ready; sleep 1; exit 3")) {
      long start = System.nanoTime();
      child.expect("2 \\| exit 3");
      System.out.printf(Locale.ROOT,
          "commands, one has left yes behind: the other one, of a second, ended after %.1f s%n",
          (System.nanoTime() - start) / 1e9);
      assertTrue(child.process().isAlive(), "it waits for the end of the output");
      assertTrue(child.seen().contains("1 | exit 0"), "it has said how the command ended whose child goes on");
    }
  }

  @Test
  void takesALineWithoutEndInLittleMemory() throws Exception {
    try (Child child = start("head -c 100000000 /dev/zero | tr '\\0' x")) {
      child.expect("1 \\| x{8192} \\[and 99991808 bytes more]");
      child.expect("1 \\| exit 0");
      child.expectExit(0);
    }
  }

  /** What was printed of one command. */
  private static List<String> of(int number, List<String> lines) {
    String prefix = number + " | ";
    return lines.stream().filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length())).toList();
  }
}
