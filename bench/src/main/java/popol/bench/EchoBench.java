package popol.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Measures servers end to end: all of them are up, and one load generator runs against each for a moment, round by
 * round in another order.
 */
final class EchoBench implements AutoCloseable {

  /** Every contender, by the names that are in the rows. */
  static final List<String> ALL = List.of("popol", "selector", "netty-nio", "netty-epoll", "virtual-threads");

  /** Those that popol is to be ahead of. */
  static final List<String> QUICK = List.of("popol", "selector");

  static final List<String> WHATS = List.of("echo", "gossip");

  static final int[] SIZES = {1, 10, 100, 500, 1000};
  private static final int FANOUT = 8; // of the gossip
  private static final int MEMORY_SIZE = 1000;
  private static final int MEMORY_ROUNDS = 3;

  private final Rows rows;
  private final Ratios ratios;
  private final String what;
  private final int rounds;
  private final int turn; // milliseconds
  private final Program load;
  private final List<Contender> contenders = new ArrayList<>();

  /** What one contender did in each round. */
  private record Series(double[] rates, double[] costs) {}

  /** A server, and its number in the load generator. */
  private final class Contender {

    final String name;
    final int number;
    final Program server;
    final String port;
    double idleHeap; // before there were many connections: what is kept of them later counts as theirs

    Contender(String name, int number) throws IOException {
      this.name = name;
      this.number = number;
      this.server = new Program(name, Command.server(name, what.equals("echo") ? 0 : FANOUT));
      try {
        Processors.pin(server.answer(), Processors.last());
        this.port = server.ask("start");
      } catch (IOException e) {
        server.close();
        throw e;
      }
    }

    String ask(String command) throws IOException {
      return load.ask(number + " " + command);
    }

    void open(int size) throws IOException {
      ask("open " + port + " " + size + " " + server.pid());
      server.ask("await " + size); // what the kernel has accepted, the server has not yet
    }

    void shut() throws IOException {
      ask("close");
      server.ask("await 0");
    }

    /** {@return messages, nanoseconds, nanoseconds of the server's processor time} */
    double[] run(Cell cell, int millis) throws IOException {
      int fanout = what.equals("echo") ? 0 : Math.min(FANOUT, cell.sources());
      return numbers(ask("run " + cell.active() + " " + millis + " " + fanout));
    }

    /** {@return bytes on the heap, and bytes resident} */
    double[] memory() throws IOException {
      return numbers(server.ask("memory"));
    }
  }

  /** Starts the servers of these names, for {@code echo} or {@code gossip}. */
  EchoBench(Rows rows, Ratios ratios, Path programs, String what, List<String> names, int rounds, int turnMillis)
      throws IOException {
    this.rows = rows;
    this.ratios = ratios;
    this.what = what;
    this.rounds = rounds;
    this.turn = turnMillis;
    this.load = new Program("The load generator", List.of(programs.resolve("load").toString()));
    try {
      Processors.pin(Long.toString(load.pid()), Processors.last()); // its only thread
      for (String name : names) {
        contenders.add(new Contender(name, contenders.size()));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Runs each server for so long at each of some sizes, so that its JIT compiler is done. */
  void warmUp(int millis) throws IOException {
    List<Cell> cells = List.of(
        new Cell(what, 1, 1), new Cell(what, 100, 1), new Cell(what, 100, 10), new Cell(what, 100, 100));
    for (Cell cell : cells) {
      for (Contender contender : contenders) {
        contender.open(cell.sources());
        contender.run(cell, millis);
        contender.ask("rest");
        contender.shut();
      }
    }
    for (Contender contender : contenders) {
      contender.idleHeap = contender.memory()[0];
    }
  }

  /** Measures so many connections, with one of them, a tenth and all active. */
  void measure(int size) throws IOException {
    for (Contender contender : contenders) {
      contender.open(size);
    }
    for (int active : new LinkedHashSet<>(List.of(1, Math.max(1, size / 10), size))) {
      measure(new Cell(what, size, active));
    }
    for (Contender contender : contenders) {
      contender.shut();
    }
  }

  private void measure(Cell cell) throws IOException {
    Map<String, Series> measured = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      measured.put(contender.name, new Series(new double[rounds], new double[rounds]));
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        Contender contender = contenders.get((i + round) % contenders.size());
        double[] run = contender.run(cell, turn);
        measured.get(contender.name).rates[round] = run[0] / run[1] * 1e9;
        measured.get(contender.name).costs[round] = run[2] / run[0] / 1e3; // seconds a million messages
      }
    }
    for (Contender contender : contenders) {
      Series series = measured.get(contender.name);
      double[] percentiles = numbers(contender.ask("rest"));
      add(cell, "", contender, Ratios.median(series.rates), "messages/s");
      add(cell, " cpu", contender, Ratios.median(series.costs), "s/million");
      add(cell, " p50", contender, percentiles[0] / 1e3, "us");
      add(cell, " p99.9", contender, percentiles[1] / 1e3, "us");
    }
    Series popol = measured.get("popol");
    Series selector = measured.get("selector");
    if (popol != null && selector != null) {
      addRatio(cell, " messages/s", popol.rates, selector.rates);
      addRatio(cell, " time", selector.rates, popol.rates); // a message's, which is a cost as others are
      addRatio(cell, " cpu", popol.costs, selector.costs);
    }
  }

  /** Measures what a connection costs, after everything else: by then little else grows. */
  void measureMemory() throws IOException {
    Cell cell = new Cell(what, MEMORY_SIZE, MEMORY_SIZE);
    for (Contender contender : contenders) {
      double[] heap = new double[MEMORY_ROUNDS];
      double[] outside = new double[MEMORY_ROUNDS];
      for (int round = 0; round < MEMORY_ROUNDS; round++) {
        double[] before = contender.memory();
        contender.open(MEMORY_SIZE);
        contender.run(cell, turn);
        double[] after = contender.memory();
        contender.shut();
        heap[round] = (after[0] - contender.idleHeap) / MEMORY_SIZE;
        outside[round] = (after[1] - before[1]) / MEMORY_SIZE;
      }
      add(cell, " heap", contender, Ratios.median(heap), "B/connection");
      add(cell, " native", contender, Ratios.median(outside), "B/connection");
    }
  }

  private void addRatio(Cell cell, String suffix, double[] dividends, double[] divisors) {
    ratios.add("popol/selector", new Cell(what + suffix, cell.sources(), cell.active()),
        Ratios.of(dividends, divisors));
  }

  private void add(Cell cell, String suffix, Contender contender, double value, String unit) {
    rows.add(what + suffix, cell.sources(), cell.active(), contender.name, value, unit);
  }

  private static double[] numbers(String answer) {
    String[] words = answer.split(" ");
    double[] numbers = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = Double.parseDouble(words[i]);
    }
    return numbers;
  }

  @Override
  public void close() {
    load.close();
    contenders.forEach(c -> c.server.close());
  }
}
