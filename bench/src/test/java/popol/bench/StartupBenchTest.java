package popol.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the flags are those for Linux")
class StartupBenchTest {

  @TempDir private Path target;

  @Test
  void theProgramsWaitAndHaveTheirRows() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out));
    try {
      StartupBench.main(new String[] {"src/main/startup", target.toString(), "1", "startup", "waits"});
    } finally {
      System.setOut(before);
    }
    List<String> lines = out.toString().lines().filter(line -> !line.startsWith("#")).toList();
    assertEquals(
        List.of("startup", "1000 waits", "1000 cpu waits", "10000 waits", "10000 cpu waits", "100000 waits",
            "100000 cpu waits"),
        lines.stream().skip(1).filter(line -> !line.startsWith("ratio")).map(line -> line.split("\t")[0]).distinct()
            .toList());
    assertEquals(
        List.of("popol", "selector", "floor"),
        lines.stream().filter(line -> line.startsWith("1000 waits\t10\t1\t")).map(line -> line.split("\t")[3])
            .toList());
    for (String what : List.of("startup", "1000 cpu waits", "100000 waits")) {
      for (String of : List.of("selector", "floor")) {
        String ratio = "ratio popol/" + of + "\t" + what + "\t[0-9.]+\tat 10 sources, 1 active";
        assertEquals(1, lines.stream().filter(line -> line.matches(ratio)).count(), ratio + " in " + out);
      }
    }
    assertTrue(waits(lines, "100000") > waits(lines, "1000"), out.toString());
  }

  private static double waits(List<String> lines, String number) {
    String row = lines.stream().filter(line -> line.startsWith(number + " waits\t10\t1\tpopol\t")).findFirst()
        .orElseThrow();
    return Double.parseDouble(row.split("\t")[4]);
  }
}
