package popol.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The program behind {@code bench/compare}. */
public final class Compare {

  private Compare() {}

  /**
   * Prints the rows, then the ratios.
   *
   * @param arguments the folder of the programs that were built; then options, see README.md
   * @throws IOException if a contender fails
   */
  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    boolean quick = options.contains("--quick");
    Rows rows = new Rows(System.out);
    Ratios ratios = new Ratios();
    Path programs = Path.of(arguments[0]);
    List<String> what = option(options, "--what", List.of());
    List<Cell> cells =
        WaitBench.cells(quick).stream().filter(cell -> what.isEmpty() || what.contains(cell.what())).toList();
    if (!cells.isEmpty()) {
      List<String> names = option(options, "--contenders", quick ? Command.QUICK : Command.ALL)
          .stream().filter(Command.ALL::contains).toList();
      try (WaitBench waits = new WaitBench(rows, ratios, programs, names, quick ? 8 : 30, quick ? 6 : 10)) {
        waits.warmUp(quick ? 7000 : 20000);
        for (Cell cell : cells) {
          waits.measure(cell);
        }
      }
    }
    List<String> servers = option(options, "--contenders", quick ? EchoBench.QUICK : EchoBench.ALL)
        .stream().filter(EchoBench.ALL::contains).toList();
    for (String kind : what.isEmpty() ? quick ? List.of("echo") : List.of("echo", "gossip") : what) {
      if (!servers.isEmpty() && (kind.equals("echo") || kind.equals("gossip"))) {
        try (EchoBench echo =
            new EchoBench(rows, ratios, programs, kind, servers, quick ? 6 : 12, quick ? 60 : 200)) {
          echo.warmUp(quick ? 2500 : 4500);
          for (int size : EchoBench.SIZES) {
            echo.measure(size);
          }
          echo.measureMemory();
        }
      }
    }
    ratios.print(rows, options.contains("--each"));
  }

  private static List<String> option(List<String> options, String name, List<String> otherwise) {
    int at = options.indexOf(name);
    return at < 0 ? otherwise : List.of(options.get(at + 1).split(","));
  }
}
