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
      StartupBench.main(new String[] {"src/main/startup", target.toString(), "1", "startup"});
    } finally {
      System.setOut(before);
    }
    List<String> lines = out.toString().lines().filter(line -> !line.startsWith("#")).toList();
    assertEquals(6, lines.size(), out.toString());
    assertTrue(lines.get(1).matches("startup\t1\t1\tpopol\t[0-9.]+\tms"), lines.get(1));
    assertTrue(lines.get(2).matches("startup\t1\t1\tselector\t[0-9.]+\tms"), lines.get(2));
    assertTrue(lines.get(3).matches("startup\t1\t1\tlinker\t[0-9.]+\tms"), lines.get(3));
    assertTrue(lines.get(4).matches("ratio popol/selector\tstartup\t[0-9.]+\tat 1 source, 1 active"), lines.get(4));
    assertTrue(lines.get(5).matches("ratio linker/selector\tstartup\t[0-9.]+\tat 1 source, 1 active"), lines.get(5));
  }
}
