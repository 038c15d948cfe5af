package popol.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ratios that were measured, each at many sizes, of which the worst is printed. */
final class Ratios {

  private record Measured(Cell cell, double ratio) {}

  /** A range of sizes that has a line of its own, where it leaves out some of them. */
  private record Range(String name, int least, int most) {
    boolean includes(Cell cell) {
      return cell.sources() >= least && cell.sources() <= most;
    }
  }

  private static final List<Range> RANGES = List.of(
      new Range("", 0, Integer.MAX_VALUE),
      new Range(", 1 source", 1, 1),
      new Range(", from 10 sources up", 10, Integer.MAX_VALUE),
      new Range(", from 16 sources up", 16, Integer.MAX_VALUE));

  private final Map<String, Map<String, List<Measured>>> measured = new LinkedHashMap<>(); // by name, by what

  /** {@return the middle one of the quotients of two series that were measured in turns} */
  static double of(double[] dividends, double[] divisors) {
    double[] ratios = new double[dividends.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = dividends[i] / divisors[i];
    }
    return median(ratios);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  void add(String name, Cell cell, double ratio) {
    measured.computeIfAbsent(name, n -> new LinkedHashMap<>())
        .computeIfAbsent(cell.what(), w -> new ArrayList<>())
        .add(new Measured(cell, ratio));
  }

  /** Prints the worst of each, and each if that is wanted. */
  void print(Rows rows, boolean each) {
    measured.forEach((name, byWhat) -> byWhat.forEach((what, list) -> {
      for (Range range : RANGES) {
        List<Measured> within = list.stream().filter(m -> range.includes(m.cell)).toList();
        boolean says = range.name.isEmpty() || within.size() < list.size() && what.startsWith("wait");
        Comparator<Measured> better = Comparator.comparingDouble(m -> isRate(what) ? m.ratio : -m.ratio);
        within.stream().filter(m -> says).min(better)
            .ifPresent(worst -> rows.ratio(name, what + range.name, worst.ratio, "worst at " + size(worst.cell)));
      }
      if (each) {
        list.forEach(m -> rows.ratio(name, what, m.ratio, "at " + size(m.cell)));
      }
    }));
  }

  /** {@return whether more of it is better, unlike a cost} */
  private static boolean isRate(String what) {
    return what.endsWith("/s");
  }

  private static String size(Cell cell) {
    return cell.sources() + (cell.sources() == 1 ? " source, " : " sources, ") + cell.active() + " active";
  }
}
