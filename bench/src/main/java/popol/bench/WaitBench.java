package popol.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Measures waits. Each contender is a process; all of them are alive, and run in turns of some milliseconds, round by
 * round in another order. What disturbs the machine for longer than a turn so disturbs all, and the middle one of the
 * rounds' ratios is robust against what is shorter.
 */
final class WaitBench implements AutoCloseable {

  private static final int[] SIZES = {1, 10, 16, 100, 500, 1000};
  private static final int MANY = 10_000;
  private static final List<Cell> WARM_UP = List.of(
      new Cell("wait-now", 1, 1), new Cell("wait-now", 100, 100), new Cell("wait-now", 16, 1),
      new Cell("wait-now", 1000, 1000), new Cell("wait-now", 100, 100), new Cell("wait-now", 1, 1),
      new Cell("wait-block", 10, 1), new Cell("register", 100, 1), new Cell("register+unregister", 100, 1),
      new Cell("toggle", 10, 1), new Cell("toggle+wait", 10, 1), new Cell("look", 10, 0), new Cell("wake", 10, 0),
      new Cell("virtual", 100, 1), new Cell("open+close", 0, 0),
      new Cell("timer-cancel", 100, 0), new Cell("timer-expire", 100, 0), new Cell("timer-period", 100, 0),
      new Cell("wakers", 100, 0), new Cell("close", 100, 0));
  private static final Set<String> SELECTORS = Set.of("selector-keys", "selector-consumer");
  private static final Set<String> POPOLS = Set.of("popol", Command.BEFORE);

  /** The best of what else there is on the JVM. */
  private static final List<String> OTHERS =
      List.of("selector-keys", "selector-consumer", "netty-nio", "netty-epoll", "jnr-enxio");

  private final Rows rows;
  private final Ratios ratios;
  private final int rounds;
  private final long turn; // nanoseconds
  private final List<Contender> contenders = new ArrayList<>();

  /** Starts the contenders of these names. */
  WaitBench(Rows rows, Ratios ratios, Path programs, List<String> names, int rounds, int turnMillis)
      throws IOException {
    this.rows = rows;
    this.ratios = ratios;
    this.rounds = rounds;
    this.turn = TimeUnit.MILLISECONDS.toNanos(turnMillis);
    try {
      for (String name : names) {
        Command command = Command.of(name, programs);
        if (command.missing() != null) {
          System.err.println("SKIPPED " + name + ": " + command.missing());
        } else {
          contenders.add(new Contender(name, command.partner(), command.program()));
        }
      }
      for (Contender contender : contenders) {
        contender.awaitStart();
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** {@return what is measured: for waits all sizes, for the rest a small and a big one if quick} */
  static List<Cell> cells(boolean quick) {
    List<Cell> cells = new ArrayList<>();
    for (int size : SIZES) {
      for (int active : new LinkedHashSet<>(List.of(1, Math.min(10, size), size))) {
        cells.add(new Cell("wait-now", size, active));
      }
    }
    for (int size : SIZES) {
      cells.add(new Cell("wait-block", size, 1));
    }
    int[] some = quick ? new int[] {10, 1000} : SIZES;
    for (String what : List.of("register", "unregister", "register+unregister", "toggle", "toggle+wait")) {
      for (int size : some) {
        // With one source alone there would be nothing to wait for while it is out.
        cells.add(new Cell(what, what.equals("register+unregister") ? Math.max(2, size) : size, 1));
      }
    }
    for (String what : List.of("look", "wake")) {
      for (int size : some) {
        cells.add(new Cell(what, size, 0));
      }
    }
    for (int size : quick ? new int[] {1, 1000} : new int[] {1, 10, 100, 1000}) {
      cells.add(new Cell("virtual", size, 1));
    }
    cells.add(new Cell("open+close", 0, 0));
    for (String what : List.of("timer-arm", "timer-cancel", "timer-expire")) {
      for (int size : new int[] {0, 100, 1000}) {
        cells.add(new Cell(what, size, 0));
      }
    }
    for (String what : List.of("timer-period", "wakers", "close")) {
      cells.add(new Cell(what, 100, 0));
    }
    cells.add(new Cell("memory", 1000, 1));
    if (!quick) {
      for (int active : new int[] {1, 100, MANY}) {
        cells.add(new Cell("wait-now", MANY, active));
      }
      for (String what : List.of("wait-block", "register", "unregister")) {
        cells.add(new Cell(what, MANY, 1));
      }
      for (String what : List.of("look", "timer-arm", "timer-cancel", "timer-expire", "timer-period", "wakers",
          "close")) {
        cells.add(new Cell(what, MANY, 0));
      }
    }
    return cells;
  }

  /** Has those in Java do each of this for so long, all at one time, so that the JIT compilers are done. */
  void warmUp(List<String> whats, int millis) throws IOException {
    for (Cell cell : WARM_UP.stream().filter(c -> whats.contains(c.what())).toList()) {
      List<Contender> able = able(cell).stream().filter(c -> Command.isJava(c.name) && fits(cell)).toList();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (Contender contender : able) {
        tasks.add(() -> {
          contender.open(cell);
          contender.awaitOpen();
          contender.run(TimeUnit.MILLISECONDS.toNanos(millis));
          Contender.shut(List.of(contender));
          return null;
        });
      }
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        for (Future<Void> future : threads.invokeAll(tasks)) {
          future.get();
        }
      } catch (ExecutionException e) {
        throw new IOException("The warm-up has failed: " + e.getCause().getMessage(), e.getCause());
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  /** Measures one cell of all contenders that know it. */
  void measure(Cell cell) throws IOException {
    if (!fits(cell)) {
      System.err.println("SKIPPED " + cell.what() + " at " + cell.sources() + " sources: a process can have no more"
          + " than " + mostDescriptors() + " descriptors here; raise the hard limit (ulimit -Hn)");
    } else if (cell.what().equals("memory")) {
      measureMemory(cell);
    } else {
      measureCosts(cell);
    }
  }

  private void measureCosts(Cell cell) throws IOException {
    List<Contender> able = able(cell);
    Map<String, double[]> costs = new LinkedHashMap<>();
    for (Contender contender : able) {
      contender.pin(cell.isPingPong() ? Processors.last() : Processors.all());
      contender.open(cell);
    }
    for (Contender contender : able) {
      contender.awaitOpen();
    }
    for (Contender contender : able) {
      contender.run(Command.isJava(contender.name) ? turn * 5 : turn); // finds its pace
      costs.put(contender.name, new double[rounds]);
      contender.restart();
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < able.size(); i++) {
        Contender contender = able.get((i + round) % able.size());
        costs.get(contender.name)[round] = contender.run(turn);
      }
    }
    String mechanism = "";
    for (Contender contender : able) {
      double cost = Ratios.median(costs.get(contender.name));
      rows.add(cell.what(), cell.sources(), cell.active(), contender.name, cost, "ns");
      if (contender.name.equals("popol")) {
        mechanism = contender.mechanism();
      }
    }
    for (Contender contender : able) {
      if (cell.what().startsWith("wait") && Command.isJava(contender.name)) {
        rows.add(cell.what() + " allocated", cell.sources(), cell.active(), contender.name, contender.allocated(), "B");
      }
    }
    Contender.shut(able);
    if (cell.what().startsWith("wait")) {
      addRatio("popol/c", cell, costs, "popol", List.of("c-" + mechanism));
      addRatio("popol/c-threads", cell, costs, "popol", List.of("c-" + mechanism + "-threads"));
      addRatio("popol-ppoll/c-poll", cell, costs, "popol-ppoll", List.of("c-poll"));
      addRatio("popol-epoll/c-epoll", cell, costs, "popol-epoll", List.of("c-epoll"));
    }
    addRatio("popol/selector", cell, costs, "popol", List.of("selector-keys", "selector-consumer"));
    addRatio("popol/best", cell, costs, "popol", OTHERS);
    addRatio("popol-stock/popol", cell, costs, Command.STOCK, List.of("popol"));
    addRatio("popol-recorded/popol", cell, costs, Command.RECORDED, List.of("popol"));
    addRatio("popol/before", cell, costs, "popol", List.of(Command.BEFORE));
  }

  /** Whether both ends of the connections, and what a JVM has open itself, fit into one process. */
  private static boolean fits(Cell cell) {
    int each = cell.what().equals("virtual") ? 4 : 1; // with the descriptors of a registry
    return each * cell.sources() + 100 <= mostDescriptors();
  }

  private static long mostDescriptors() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getMaxFileDescriptorCount();
  }

  private List<Contender> able(Cell cell) {
    return contenders.stream().filter(c -> isAble(c.name, cell.what())).toList();
  }

  /** Starts a process for each of those whose memory there are numbers of, beside those that wait. */
  private void measureMemory(Cell cell) throws IOException {
    for (Contender contender : able(cell)) {
      try (Program program = new Program(contender.name, Command.memory(contender.name))) {
        String[] bytes = program.answer().split(" ");
        rows.add("memory heap", cell.sources(), cell.active(), contender.name, Double.parseDouble(bytes[0]), "B");
        rows.add("memory native", cell.sources(), cell.active(), contender.name, Double.parseDouble(bytes[1]), "B");
      }
    }
  }

  /** All of them wait; popol, C and the selectors are measured in more than that, in which C is no target. */
  static boolean isAble(String name, String what) {
    if (name.equals(Command.STOCK)) {
      return what.contains("register");
    }
    if (name.equals(Command.RECORDED)) {
      return what.equals("wait-now") || what.equals("wait-block");
    }
    return switch (what) {
      case "wait-now", "wait-block" -> true;
      case "timer-arm", "timer-cancel", "timer-expire" -> POPOLS.contains(name);
      case "timer-period", "wakers", "close" -> name.equals("popol");
      case "memory" -> POPOLS.contains(name) || name.equals("selector-keys");
      case "virtual", "open+close" -> POPOLS.contains(name) || SELECTORS.contains(name);
      default -> POPOLS.contains(name) || SELECTORS.contains(name) || name.startsWith("c-");
    };
  }

  /** Divides by the one of the divisors that has the lowest median. */
  private void addRatio(String name, Cell cell, Map<String, double[]> costs, String dividend, List<String> divisors) {
    divisors.stream().map(costs::get).filter(c -> c != null)
        .min((a, b) -> Double.compare(Ratios.median(a), Ratios.median(b)))
        .filter(c -> costs.containsKey(dividend))
        .ifPresent(c -> ratios.add(name, cell, Ratios.of(costs.get(dividend), c)));
  }

  @Override
  public void close() {
    contenders.forEach(Contender::close);
  }
}
