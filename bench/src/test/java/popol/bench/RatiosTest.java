package popol.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatiosTest {

  @Test
  void aRatioIsTheMiddleOneOfTheRounds() {
    assertEquals(2, Ratios.of(new double[] {2, 4, 900}, new double[] {1, 2, 9}));
    assertEquals(2.5, Ratios.median(new double[] {4, 1, 2, 3}));
  }

  @Test
  void theWorstOfRatesIsTheLowest() {
    Ratios ratios = new Ratios();
    ratios.add("a/b", new Cell("echo messages/s", 1, 1), 1.2);
    ratios.add("a/b", new Cell("echo messages/s", 10, 10), 0.9);
    ratios.add("a/b", new Cell("echo time", 1, 1), 1 / 1.2);
    ratios.add("a/b", new Cell("echo time", 10, 10), 1 / 0.9);
    assertEquals(List.of(
        "ratio a/b\techo messages/s\t0.90\tworst at 10 sources, 10 active",
        "ratio a/b\techo time\t1.11\tworst at 10 sources, 10 active"), printed(ratios));
  }

  @Test
  void theWorstSizeIsNamedForEachRange() {
    Ratios ratios = new Ratios();
    ratios.add("a/b", new Cell("wait-now", 1, 1), 1.254);
    ratios.add("a/b", new Cell("wait-now", 10, 10), 1.1);
    ratios.add("a/b", new Cell("wait-now", 100, 10), 1.05);
    assertEquals(List.of(
        "ratio a/b\twait-now\t1.25\tworst at 1 source, 1 active",
        "ratio a/b\twait-now, 1 source\t1.25\tworst at 1 source, 1 active",
        "ratio a/b\twait-now, from 10 sources up\t1.10\tworst at 10 sources, 10 active",
        "ratio a/b\twait-now, from 16 sources up\t1.05\tworst at 100 sources, 10 active"),
        printed(ratios));
  }

  private static List<String> printed(Ratios ratios) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ratios.print(new Rows(new PrintStream(out)), false);
    return out.toString().lines().filter(line -> line.startsWith("ratio ")).toList();
  }
}
