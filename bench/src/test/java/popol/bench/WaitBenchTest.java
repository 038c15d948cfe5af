package popol.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Every contender but those in Rust, for some milliseconds; the bench itself checks the count of events. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the contenders are compared on Linux alone")
class WaitBenchTest {

  private static final List<Cell> CELLS = List.of(
      new Cell("wait-now", 1, 1), new Cell("wait-now", 20, 10), new Cell("wait-now", 20, 20),
      new Cell("wait-block", 1, 1), new Cell("wait-block", 20, 1),
      new Cell("register", 20, 1), new Cell("unregister", 20, 1), new Cell("register+unregister", 2, 1),
      new Cell("toggle", 1, 1), new Cell("toggle+wait", 1, 1), new Cell("toggle+wait", 20, 1),
      new Cell("look", 20, 0), new Cell("wake", 20, 0),
      new Cell("timer-arm", 0, 0), new Cell("timer-cancel", 20, 0), new Cell("timer-expire", 20, 0),
      new Cell("timer-period", 20, 0), new Cell("wakers", 20, 0), new Cell("close", 20, 0), new Cell("virtual", 20, 1),
      new Cell("memory", 1000, 1));

  @TempDir private static Path programs;

  @BeforeAll
  static void compile() throws Exception {
    Compiler.compile(programs, "partner", "contender");
  }

  @Test
  void everyContenderFindsTheRightEventsAndHasItsRows() throws IOException {
    List<String> names = Command.ALL.stream()
        .filter(name -> !name.startsWith("rust") && !name.equals(Command.BEFORE)).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Rows rows = new Rows(new PrintStream(out));
    Ratios ratios = new Ratios();
    try (WaitBench bench = new WaitBench(rows, ratios, programs, names, 2, 1)) {
      for (Cell cell : CELLS) {
        bench.measure(cell);
      }
    }
    ratios.print(rows, true);

    List<String> lines = out.toString().lines().filter(line -> !line.startsWith("#")).toList();
    assertEquals("what\tsources\tactive\tcontender\tvalue\tunit", lines.getFirst());
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(line.matches(line.startsWith("ratio ")
          ? "ratio [a-z-]+/[a-z-]+\t[^\t]+\t[0-9]+\\.[0-9]{2}\t(worst )?at [^\t]+"
          : "[a-z+-]+( allocated| heap| native)?\t[0-9]+\t[0-9]+\t[a-z-]+\t[0-9]+(\\.[0-9]+)?\t(ns|B)"), line);
    }
    for (Cell cell : CELLS) {
      for (String name : names) {
        String what = cell.what().equals("memory") ? "memory heap" : cell.what();
        String start = String.join("\t", what, "" + cell.sources(), "" + cell.active(), name, "");
        assertEquals(WaitBench.isAble(name, cell.what()) ? 1 : 0,
            lines.stream().filter(l -> l.startsWith(start)).count(), start);
      }
    }
    for (String ratio : List.of("popol/c\twait-now", "popol/c\twait-block", "popol/selector\twait-now",
        "popol/selector\twait-block", "popol/selector\twake")) {
      assertEquals(1, lines.stream().filter(l -> l.startsWith("ratio " + ratio + "\t") && l.contains("worst")).count());
    }
  }

  @Test
  void anEventTooManyFailsTheBench() throws IOException {
    Cell cell = new Cell("wait-now", 1, 1);
    String answers = "while read -r command rest; do case $command in "
        + "run) echo 1.0 10 11 0;; thread) echo $$;; *) echo ok;; esac; done";
    try (Contender liar = new Contender("liar", List.of("sh", "-c", "echo 1; " + answers),
        List.of("sh", "-c", "echo ok; " + answers))) {
      liar.awaitStart();
      liar.open(cell);
      liar.awaitOpen();
      String message = assertThrows(IllegalStateException.class, () -> liar.run(1)).getMessage();
      assertTrue(message.contains("liar has found 11 events in 10 operations"), message);
    }
  }

  @Test
  void aContenderThatFailsSaysWhy() throws IOException {
    try (Contender contender = new Contender("c-poll", List.of("sh", "-c", "echo 1; echo 1; read -r line; echo ok"),
        List.of("sh", "-c", "echo ok; echo 1; read -r line; echo error no room"))) {
      contender.awaitStart();
      contender.open(new Cell("wait-now", 1, 1));
      assertEquals("c-poll: error no room", assertThrows(IOException.class, contender::awaitOpen).getMessage());
    }
  }
}
