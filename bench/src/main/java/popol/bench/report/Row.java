package popol.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One measurement, as {@link popol.bench.Rows} prints it. */
record Row(String what, int sources, int active, String contender, double value, String unit) {

  private static final String HEADER = "what\tsources\tactive\tcontender\tvalue\tunit";

  /** {@return the measurements of a file, without its ratios} */
  static List<Row> read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split("\t");
      if (fields.length == 6 && !line.equals(HEADER) && !line.startsWith("#")) {
        rows.add(new Row(fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), fields[3],
            Double.parseDouble(fields[4]), fields[5]));
      }
    }
    return rows;
  }

  /** {@return what a file says it was measured on} */
  static String machine(Path file) throws IOException {
    return String.join("; ", Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("# "))
        .map(line -> line.replaceFirst("# (JDK)?.*?: ", "$1 ").strip())
        .toList());
  }

  /** How many of the sources were active. */
  enum Activity {
    ONE, TENTH, ALL;

    /** {@return whether a row is of this activity; one of few sources can be of several} */
    boolean includes(Row row) {
      return switch (this) {
        case ONE -> row.active <= 1; // none where nothing is to be found
        case TENTH -> row.active == Math.max(1, row.sources / 10);
        case ALL -> row.active == row.sources;
      };
    }
  }
}
