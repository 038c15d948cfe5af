package popol.inject;

import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import popol.Popol;
import popol.inject.Points.Errno;
import popol.inject.Points.Kind;
import popol.inject.Points.Plan;

/**
 * Makes every point of every call of popol fail in turn, and holds the registry against the contract after each. Needs
 * the agent. Arguments: {@code --sites} prints which places in the code never failed; any other is part of the names of
 * the scenarios to run.
 */
public final class Injection {

  private static final List<Plan> PLANS = List.of(
      new Plan(Kind.ALLOCATION, null, false),
      new Plan(Kind.ALLOCATION, null, true),
      new Plan(Kind.CALL, Errno.ENOMEM, false),
      new Plan(Kind.CALL, Errno.ENOMEM, true),
      new Plan(Kind.CALL, Errno.EINTR, false),
      new Plan(Kind.CALL, Errno.EINTR, true),
      new Plan(Kind.CALL, Errno.EMFILE, false),
      new Plan(Kind.CALL_WITHOUT_MEMORY, Errno.EMFILE, false),
      new Plan(Kind.CALL_WITHOUT_MEMORY, Errno.ENOMEM, false),
      new Plan(Kind.KEY, null, false),
      new Plan(Kind.KEY, null, true));

  private static final int ENOUGH = 500; // violations after which there is no sense in going on
  private static final int ALL = 200; // points of one call that are all tried; more of them are those of a loop
  private static final int SAMPLE = 10; // of those one in ten is tried
  private static final int MOST = 20_000; // points of one call; more is a call that does not end
  private static final long PATIENCE = 60_000_000_000L; // nanoseconds for one run

  private final Map<String, List<String>> violations = new LinkedHashMap<>(); // by what is wrong and where
  private volatile String running; // for the watchdog
  private volatile long since;
  private final Map<Kind, Integer> points = new EnumMap<>(Kind.class);
  private int runs;

  private Injection() {}

  /**
   * Runs the scenarios.
   *
   * @param arguments as said above
   * @throws Exception if the harness itself fails
   */
  public static void main(String[] arguments) throws Exception {
    List<String> names = new ArrayList<>(List.of(arguments));
    boolean sites = names.remove("--sites");
    int status = new Injection().run(names, sites);
    System.out.flush();
    Runtime.getRuntime().halt(status); // a waiter that is stuck does not keep the process
  }

  private int run(List<String> names, boolean sites) throws Exception {
    if (Points.sites().isEmpty()) {
      Popol.provider();
      if (Points.sites().isEmpty()) {
        System.err.println("the agent is missing");
        return 2;
      }
    }
    List<Scenario> first = chosen(names, Sharing.withoutThread());
    List<Scenario> others = new ArrayList<>();
    for (List<Scenario> group : List.of(Registering.all(), Polling.all(), Ending.all(), Sharing.withThread())) {
      others.addAll(chosen(names, group));
    }
    watch();
    for (int i = 0; i < 2; i++) { // what is linked or initialized by the first use is not made to fail
      first.forEach(this::quietly);
      Waiter keeper = Sharing.keepThread();
      others.forEach(this::quietly);
      keeper.end();
    }
    Sharing.awaitThreadsEnd();
    Thread.sleep(200); // the JDK closes what children leave on a thread of its own
    long start = System.nanoTime();
    runAll(first);
    Sharing.keepThread();
    runAll(others);
    System.out.printf("%s: %d scenarios, points made to fail: %s, %d of %d places in the code, %d runs, %.1f s%n",
        Popol.provider().mechanism(), first.size() + others.size(), points, Points.tried(), Points.sites().size(), runs,
        (System.nanoTime() - start) / 1e9);
    if (sites) {
      Points.untried().forEach(site -> System.out.println("never failed: " + site));
    }
    report();
    System.out.println(violations.isEmpty()
        ? "nothing lost, nothing twice, nothing deaf, nothing leaked"
        : violations.size() + " kinds of violations");
    return violations.isEmpty() ? 0 : 1;
  }

  private static List<Scenario> chosen(List<String> names, List<Scenario> all) {
    return all.stream().filter(one -> names.isEmpty() || names.stream().anyMatch(one.name()::contains)).toList();
  }

  private void runAll(List<Scenario> scenarios) throws Exception {
    for (Scenario scenario : scenarios) {
      if (violations.values().stream().mapToInt(List::size).sum() > ENOUGH) {
        System.out.println("the rest is not run");
        return;
      }
      run(scenario);
    }
  }

  /** Without failures, for the first time; what goes wrong here goes wrong again. */
  private void quietly(Scenario scenario) {
    running = scenario.name() + ", first run";
    since = System.nanoTime();
    try {
      Stage stage = new Stage();
      try {
        Scenario.Call call = scenario.script().set(stage);
        call(stage, call);
        stage.then.called(null);
      } finally {
        stage.close();
      }
    } catch (Throwable expected) {
      // told when it is run in earnest
    }
    Points.faults();
  }

  private void run(Scenario scenario) throws Exception {
    int tried = 0;
    int wrong = violations.size();
    for (Plan plan : PLANS) {
      int n = 1;
      int failed = 0;
      while (n <= MOST && failsAt(scenario, plan, n)) {
        n += n < ALL ? 1 : n / SAMPLE;
        failed++;
      }
      tried += failed;
      points.merge(plan.kind(), failed, Integer::sum);
      if (n > MOST) {
        violation(scenario, plan, n, null, new Violation("the call has no end"));
      }
    }
    System.out.printf("%-60s %5d points  %s%n", scenario.name(), tried, violations.size() == wrong ? "ok" : "WRONG");
  }

  /** Runs it once, and says whether there was an n-th point. */
  private boolean failsAt(Scenario scenario, Plan plan, int n) throws Exception {
    running = scenario.name() + ", " + plan + ", point " + n;
    since = System.nanoTime();
    runs++;
    Set<Integer> open = Posix.open();
    int blocks = Points.blocks();
    Throwable point = null;
    try {
      Stage stage = new Stage();
      try {
        Scenario.Call call = scenario.script().set(stage);
        if (!stage.counts) {
          stage.forget();
        }
        Throwable thrown = armed(stage, call, plan, n);
        point = Points.disarm();
        judge(stage, thrown, point);
        stage.check(thrown);
      } finally {
        stage.close();
      }
      Thread.interrupted();
      leftovers(open, blocks);
    } catch (Throwable wrong) {
      point = point == null ? Points.disarm() : point;
      Thread.interrupted();
      violation(scenario, plan, n, point, wrong);
    }
    for (String fault : Points.faults()) {
      violation(scenario, plan, n, point, new Violation(fault));
    }
    return point != null;
  }

  private static Throwable armed(Stage stage, Scenario.Call call, Plan plan, int n) throws Exception {
    return call(stage, () -> {
      Points.arm(stage.victim == null ? Thread.currentThread() : stage.victim, plan, n);
      try {
        call.make();
      } finally {
        Points.stop();
      }
    });
  }

  /** Makes a call, on the thread that the stage asks for, and returns what it threw. */
  private static Throwable call(Stage stage, Scenario.Call call) throws Exception {
    FutureTask<Throwable> task = new FutureTask<>(() -> {
      try {
        call.make();
        return null;
      } catch (Throwable t) {
        return t;
      }
    });
    if (stage.virtual) {
      Thread.ofVirtual().start(task);
    } else {
      task.run();
    }
    return task.get();
  }

  /** What a call may throw: what was injected, what the system's failure becomes, and what it always throws. */
  private static void judge(Stage stage, Throwable thrown, Throwable point) {
    if (thrown instanceof Violation violation) {
      throw violation;
    }
    boolean always = stage.expected == null ? thrown == null : stage.expected.isInstance(thrown);
    if (always) {
      return;
    }
    if (point == null) {
      throw new Violation("without a failure the call ends with " + thrown, thrown);
    }
    if (thrown == null || !Points.explains(thrown)) {
      throw new Violation("the failure becomes " + thrown, thrown);
    }
    if (thrown instanceof ClosedSelectorException) {
      throw new Violation("the registry is closed", thrown);
    }
  }

  /** What is open or allocated now, and was not before. */
  private static void leftovers(Set<Integer> before, int blocks) throws InterruptedException {
    Set<Integer> now = Posix.open();
    for (int i = 0; i < 100 && !(now.equals(before) && Points.blocks() <= blocks); i++) {
      Thread.sleep(2); // threads that end close theirs, the JDK's too: the ends of a child's pipes
      now = Posix.open();
    }
    List<String> more = now.stream().filter(one -> !before.contains(one)).map(Posix::kind)
        .map(one -> one.replaceAll("\\d+", "N")).sorted().toList();
    if (!more.isEmpty()) {
      throw new Violation("descriptors are left open: " + more);
    }
    before.removeAll(now);
    if (!before.isEmpty()) {
      throw new Violation("descriptors are closed that are not popol's: " + before);
    }
    if (Points.blocks() > blocks) {
      throw new Violation((Points.blocks() - blocks) + " native blocks are not freed");
    }
  }

  private synchronized void violation(Scenario scenario, Plan plan, int n, Throwable point, Throwable wrong) {
    String what = wrong instanceof Violation ? wrong.getMessage() : "the registry throws " + wrong + at(wrong);
    String where = point == null ? "no failure" : point.getMessage() + path(point);
    violations
        .computeIfAbsent(what.replaceAll("\\d+", "N") + "\n  " + plan.kind() + " " + where, _ -> new ArrayList<>())
        .add(scenario.name() + ": " + plan + ", point " + n
            + (wrong.getCause() != null ? "; " + wrong.getCause() + at(wrong.getCause()) : ""));
  }

  private synchronized void report() {
    violations.forEach((what, where) -> {
      System.out.println();
      System.out.println("VIOLATION (" + where.size() + " times) " + what);
      where.stream().limit(3).forEach(one -> System.out.println("    " + one));
    });
  }

  /** Popol's part of a stack, from the point outwards. */
  private static String path(Throwable point) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : point.getStackTrace()) {
      String name = frame.getClassName();
      if (name.startsWith("popol.") && !name.startsWith("popol.inject.")) {
        text.append("\n      at ").append(name.substring(name.indexOf('.') + 1)).append('.')
            .append(frame.getMethodName())
            .append(':').append(frame.getLineNumber());
      }
    }
    return text.toString();
  }

  private static String at(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  /** Ends a run that hangs, and says where. */
  private void watch() {
    Thread main = Thread.currentThread();
    since = System.nanoTime();
    Thread.ofPlatform().daemon().start(() -> {
      while (System.nanoTime() - since < PATIENCE) {
        try {
          Thread.sleep(500);
        } catch (InterruptedException e) {
          return;
        }
      }
      report();
      System.out.println("HANGS: " + running);
      Throwable point = Points.disarm();
      if (point != null) {
        System.out.println(point.getMessage() + path(point));
      }
      for (StackTraceElement frame : main.getStackTrace()) {
        System.out.println("    at " + frame);
      }
      System.out.flush();
      Runtime.getRuntime().halt(3);
    });
  }
}
