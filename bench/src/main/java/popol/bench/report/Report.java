package popol.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program behind {@code bench/report}. */
public final class Report {

  private final List<Row> rows = new ArrayList<>();
  private final List<String> machines = new ArrayList<>();
  private final Path folder;

  private Report(Path folder) {
    this.folder = folder;
  }

  /**
   * Draws what the files have rows for.
   *
   * @param arguments where the pictures go, and the files
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Report report = new Report(Path.of(arguments[0]));
    for (int i = 1; i < arguments.length; i++) {
      Path file = Path.of(arguments[i]);
      report.rows.addAll(Row.read(file));
      String machine = Row.machine(file);
      if (!machine.isEmpty() && !report.machines.contains(machine)) {
        report.machines.add(machine);
      }
    }
    report.draw();
  }

  private void draw() throws IOException {
    cost("wait-now-one", "A wait that finds one source ready", "wait-now", Row.Activity.ONE);
    cost("wait-now-all", "A wait that finds all sources ready", "wait-now", Row.Activity.ALL);
    cost("wait-block", "A wait that blocks until a source is ready", "wait-block", Row.Activity.ONE);
    lines("look", "A look that finds nothing", "sources", "nanoseconds a look", true, "look", "", Row.Activity.ONE);
    lines("virtual", "A round trip on one of many virtual threads, each of which waits", "virtual threads",
        "nanoseconds a round trip", true, "virtual", "", Row.Activity.ONE);
    lines("register", "To register a source", "sources", "nanoseconds a source", true, "register", "",
        Row.Activity.ONE);
    for (Row.Activity activity : Row.Activity.values()) {
      String of = switch (activity) {
        case ONE -> "one connection active";
        case TENTH -> "a tenth of the connections active";
        case ALL -> "all connections active";
      };
      for (String what : List.of("echo", "gossip")) {
        String name = what + "-" + activity.name().toLowerCase();
        String title = (what.equals("echo") ? "Echo server, " : "Gossip to eight, ") + of;
        connections(name, title, "messages a second", what, "", activity);
        connections(name + "-cpu", title, "CPU seconds a million messages", what + " cpu", "", activity);
        connections(name + "-latency", title + ": median, and dashed the 99.9th percentile",
            "round trip, microseconds", what + " p50", what + " p99.9", activity);
      }
    }
    List<Row> starts = rows.stream().filter(row -> row.what().startsWith("startup")).map(Report::named).toList();
    if (!starts.isEmpty()) {
      write("startup", Plot.bars("From the JVM's start to the return of the first wait", "milliseconds", starts));
    }
    for (String number : List.of("1000", "100000")) {
      List<Row> waits = rows.stream().filter(row -> row.what().matches(number + "( cpu)? waits.*")).map(Report::named)
          .toList();
      if (!waits.isEmpty()) {
        write("waits-" + number, Plot.bars("From the JVM's start to the return of the first " + number + " waits",
            "milliseconds", waits));
      }
    }
  }

  private static Row named(Row row) {
    String way = row.what().replaceAll("startup|aot|[0-9]+", "").strip();
    String name = switch (way) {
      case "" -> "class path";
      case "jar" -> "executable JAR";
      case "modules" -> "module path";
      case "waits" -> "time";
      case "cpu waits" -> "processor time";
      default -> way;
    };
    return new Row(name + (row.what().endsWith("aot") ? ", AOT cache" : ""), row.sources(), row.active(),
        row.contender(), row.value(), row.unit());
  }

  private void cost(String file, String title, String what, Row.Activity activity) throws IOException {
    lines(file, title, "sources", "nanoseconds a wait", true, what, "", activity);
  }

  private void connections(String file, String title, String y, String what, String dashed, Row.Activity activity)
      throws IOException {
    lines(file, title, "connections", y, !dashed.isEmpty(), what, dashed, activity);
  }

  private void lines(String file, String title, String x, String y, boolean logarithmic, String what, String dashed,
      Row.Activity activity) throws IOException {
    List<Row> solid = of(what, activity);
    if (!solid.isEmpty()) {
      write(file, Plot.lines(title, x, y, logarithmic, solid, of(dashed, activity)));
    }
  }

  private List<Row> of(String what, Row.Activity activity) {
    return rows.stream().filter(row -> row.what().equals(what) && activity.includes(row)).toList();
  }

  private void write(String name, Plot plot) throws IOException {
    Path file = folder.resolve(name + ".svg");
    plot.write(file, String.join(" / ", machines));
    System.out.println(file);
  }
}
