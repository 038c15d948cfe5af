package popol.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The program behind {@code bench/compare}. */
public final class Compare {

  /** What popol's targets against C and the selector are about, without what it takes long to measure. */
  private static final List<String> QUICK = List.of("wait-now", "wait-block", "look", "echo");

  private static final List<String> CONTENDERS =
      Stream.concat(Command.ALL.stream(), EchoBench.ALL.stream()).distinct().toList();

  private Compare() {}

  /**
   * Prints the rows, then the ratios.
   *
   * @param arguments the folder of the programs that were built; then options, see README.md
   * @throws IOException if a contender fails
   */
  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    requireKnown(options.subList(1, options.size()));
    boolean quick = options.contains("--quick");
    Ratios ratios = new Ratios();
    Path programs = Path.of(arguments[0]);
    List<String> all = Stream.concat(
        WaitBench.cells(quick).stream().map(Cell::what).distinct(), EchoBench.WHATS.stream()).toList();
    List<String> whats = option(options, "--what", all, quick ? QUICK : all);
    List<String> waiters = option(options, "--contenders", CONTENDERS, quick ? Command.QUICK : Command.ALL);
    List<String> servers = option(options, "--contenders", CONTENDERS, quick ? EchoBench.QUICK : EchoBench.ALL);
    Rows rows = new Rows(System.out);
    List<Cell> cells = WaitBench.cells(quick).stream().filter(cell -> whats.contains(cell.what())).toList();
    if (!cells.isEmpty()) {
      List<String> names = waiters.stream().filter(Command.ALL::contains).toList();
      try (WaitBench waits = new WaitBench(rows, ratios, programs, names, quick ? 8 : 30, quick ? 6 : 10)) {
        waits.warmUp(whats, quick ? 500 : 1300);
        for (Cell cell : cells) {
          waits.measure(cell);
        }
      }
    }
    List<String> names = servers.stream().filter(EchoBench.ALL::contains).toList();
    for (String what : EchoBench.WHATS.stream().filter(whats::contains).toList()) {
      try (EchoBench echo = new EchoBench(rows, ratios, programs, what, names, quick ? 6 : 12, quick ? 60 : 200)) {
        echo.warmUp(quick ? 800 : 1500);
        for (int size : EchoBench.SIZES) {
          echo.measure(size);
        }
        if (!quick) {
          echo.measureMemory();
        }
      }
    }
    ratios.print(rows, options.contains("--each"));
  }

  private static void requireKnown(List<String> options) {
    for (int i = 0; i < options.size(); i++) {
      if (List.of("--what", "--contenders", "--before").contains(options.get(i))) {
        i++;
      } else if (!List.of("--quick", "--each").contains(options.get(i))) {
        System.err.println("unknown option " + options.get(i) + "; the options are --quick, --each, --what,"
            + " --contenders and --before: see bench/README.md");
        System.exit(2);
      }
    }
  }

  private static List<String> option(List<String> options, String name, List<String> known, List<String> otherwise) {
    int at = options.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    List<String> given = at + 1 < options.size() ? List.of(options.get(at + 1).split(",")) : List.of("");
    if (!known.containsAll(given)) {
      System.err.println(name + " takes some of these, with commas between: " + String.join(",", known));
      System.exit(2);
    }
    return given;
  }
}
