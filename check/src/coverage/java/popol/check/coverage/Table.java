package popol.check.coverage;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.IPackageCoverage;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.tools.ExecFileLoader;

/**
 * Prints what was executed, by package, and the lines that were not, or only on some of their branches. The arguments
 * are the directory of the records that JVMs have written, and the directories of the classes.
 */
public final class Table {

  private Table() {}

  /**
   * Prints the table and the lines.
   *
   * @param arguments as said above
   * @throws IOException if a file cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    ExecFileLoader records = new ExecFileLoader();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]), "*.exec")) {
      for (Path file : files) {
        records.load(file.toFile());
      }
    }
    CoverageBuilder coverage = new CoverageBuilder();
    Analyzer analyzer = new Analyzer(records.getExecutionDataStore(), coverage);
    for (String directory : List.of(arguments).subList(1, arguments.length)) {
      analyzer.analyzeAll(new File(directory));
    }
    if (!coverage.getNoMatchClasses().isEmpty()) {
      throw new IllegalStateException("other classes were executed: " + coverage.getNoMatchClasses());
    }
    print(coverage.getBundle("popol").getPackages());
    coverage.getSourceFiles().stream().sorted(Comparator.comparing(Table::name)).forEach(Table::printMissed);
  }

  private static void print(Collection<IPackageCoverage> packages) {
    System.out.println("| package | lines | covered | | branches | covered | |");
    System.out.println("|---|---|---|---|---|---|---|");
    packages.stream().sorted(Comparator.comparing(IPackageCoverage::getName))
        .forEach(each -> System.out.println("| `" + each.getName().replace('/', '.') + "` | "
            + text(each.getLineCounter()) + " | " + text(each.getBranchCounter()) + " |"));
  }

  private static String text(ICounter counter) {
    return String.format(Locale.ROOT, "%,d | %,d | %.1f %%", counter.getTotalCount(), counter.getCoveredCount(),
        100 * counter.getCoveredRatio());
  }

  private static String name(ISourceFileCoverage file) {
    return file.getPackageName() + "/" + file.getName();
  }

  /** The lines of a file, with a star behind those that were executed in part. */
  private static void printMissed(ISourceFileCoverage file) {
    Map<Integer, String> lines = new TreeMap<>();
    for (int line = file.getFirstLine(); line <= file.getLastLine(); line++) {
      int status = file.getLine(line).getStatus();
      if (status == ICounter.NOT_COVERED) {
        lines.put(line, "" + line);
      } else if (status == ICounter.PARTLY_COVERED) {
        lines.put(line, line + "*");
      }
    }
    if (!lines.isEmpty()) {
      System.out.println(name(file) + ": " + String.join(" ", lines.values()));
    }
  }
}
