package popol.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Where measurements are printed, as tab-separated rows under a header. */
public final class Rows {

  private final PrintStream out;

  /**
   * Prints what the machine is, and the header.
   *
   * @param out where to
   */
  public Rows(PrintStream out) {
    this.out = out;
    Machine.describe().forEach(line -> out.println("# " + line));
    out.println("what\tsources\tactive\tcontender\tvalue\tunit");
    out.flush();
  }

  /**
   * Prints one measurement.
   *
   * @param what what was measured
   * @param sources how many sources were registered
   * @param active how many of them had something to report
   * @param contender who was measured
   * @param value the median of what was measured
   * @param unit the unit of the value
   */
  public void add(String what, int sources, int active, String contender, double value, String unit) {
    out.println(String.join("\t", what, Integer.toString(sources), Integer.toString(active), contender,
        number(value), unit));
    out.flush();
  }

  /**
   * Prints a ratio, after the rows.
   *
   * @param ratio who is divided by whom
   * @param what what was measured
   * @param value the ratio
   * @param where the size that it was measured at
   */
  public void ratio(String ratio, String what, double value, String where) {
    out.println(String.join("\t", "ratio " + ratio, what, String.format(Locale.ROOT, "%.2f", value), where));
    out.flush();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 || value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }
}
