package popol.contract;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests, in the same way in every host. */
public final class Suite {

  /** A list, because looking for classes works differently in each host. */
  private static final List<Class<?>> TESTS = List.of(
      ValueTest.class,
      KeyTest.class,
      UnclosedTest.class,
      FailingKeyTest.class,
      RegistrationTest.class,
      RemovalTest.class,
      BatchTest.class,
      UnreadTest.class,
      OwnerTest.class,
      OwnedSourceTest.class,
      RetentionTest.class,
      WaitingTest.class,
      InterruptTest.class,
      CloseTest.class,
      VirtualThreadTest.class,
      ReadinessTest.class,
      ReadClosedTest.class,
      OnceTest.class,
      EndOfStreamTest.class,
      ConnectTest.class,
      SourceTest.class,
      SocketSourceTest.class,
      FileSourceTest.class,
      TerminalSourceTest.class,
      KernelSourceTest.class,
      ForeignChannelTest.class,
      DescriptorTest.class,
      DeadSourceTest.class,
      ClosedSourceTest.class,
      ReuseTest.class,
      WakerTest.class,
      OwnDescriptorTest.class,
      InheritanceTest.class,
      TimerTest.class,
      PeriodicTimerTest.class,
      SizeTest.class,
      PipeSourceTest.class,
      PipeSinkTest.class,
      PipeStartTest.class,
      DescriptionTest.class,
      BadInputTest.class,
      LimitTest.class,
      CostTest.class);

  /** Those for a JVM that was started without the flags that all others need. */
  private static final List<Class<?>> STOCK_TESTS = List.of(
      StockJvmTest.class,
      StockSharingTest.class,
      StockSelectorTest.class,
      StockOwnerTest.class,
      StockJvmLoadTest.class);

  /**
   * What came out of a run.
   *
   * @param passed how many tests passed
   * @param failed how many failed; a round that leaves descriptors or threads behind counts as one
   * @param skipped how many do not apply to this operating system
   */
  public record Result(int passed, int failed, int skipped) {

    /** {@return whether some tests ran and none failed} */
    public boolean isSuccess() {
      return passed > 0 && failed == 0;
    }

    Result plus(Result other) {
      return new Result(passed + other.passed, failed + other.failed, skipped + other.skipped);
    }

    /** {@return the counts in words, such as {@code 93 passed, 0 failed, 1 skipped}} */
    @Override
    public String toString() {
      return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }
  }

  private Suite() {}

  /**
   * Runs all tests once.
   *
   * @param out where to print each failure, the reason of each skipped test, and at the end one line with the counts
   * @return the counts
   */
  public static Result run(PrintStream out) {
    return run(out, 1);
  }

  /**
   * Runs all tests a number of times.
   *
   * @param out where to print, as {@link #run(PrintStream)}; of several rounds each has a line, and there is a total
   * @param times how many times
   * @return the counts of all rounds together
   */
  public static Result run(PrintStream out, int times) {
    return run(out, times, TESTS);
  }

  /**
   * Runs the tests and ends the JVM with status 0 if none failed. The arguments {@code --times N} repeat them, names of
   * test classes choose among them, {@code --stock} takes those for a JVM without flags, {@code --stdin KIND} those for
   * a kind of standard input, with which the process was started. {@code --crossing} has each
   * registry grow and shrink from poll to poll, and leaves out {@link CostTest}, which that would disturb.
   *
   * @param args the arguments
   * @throws IOException if there are not enough descriptors
   */
  public static void main(String[] args) throws IOException {
    int times = 1;
    List<Class<?>> tests = TESTS;
    List<Class<?>> chosen = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--times")) {
        times = Integer.parseInt(args[++i]);
      } else if (args[i].equals("--stock")) {
        tests = STOCK_TESTS;
      } else if (args[i].equals("--stdin")) {
        StandardInputTest.expect(args[++i]);
        tests = List.of(StandardInputTest.class);
      } else if (args[i].equals("--crossing")) {
        Host.cross();
        tests = TESTS.stream().filter(test -> test != CostTest.class).toList();
      } else {
        chosen.add(named(tests, args[i]));
      }
    }
    System.exit(run(System.out, times, chosen.isEmpty() ? tests : chosen).isSuccess() ? 0 : 1);
  }

  private static Class<?> named(List<Class<?>> tests, String name) {
    return tests.stream()
        .filter(test -> test.getSimpleName().equals(name))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("there is no test class " + name + " among " + tests));
  }

  private static Result run(PrintStream out, int times, List<Class<?>> tests) {
    Leftovers.warmUp();
    Result total = new Result(0, 0, 0);
    for (int round = 1; round <= times; round++) {
      Result result = round(out, tests);
      total = total.plus(result);
      if (times > 1) {
        out.println("round " + round + " of " + times + ", " + result);
      }
    }
    out.println(Host.name() + ": " + total);
    out.flush();
    return total;
  }

  private static Result round(PrintStream out, List<Class<?>> tests) {
    Leftovers before = Leftovers.now();
    Report report = new Report(out);
    launcher().execute(request(tests), report);
    Result result = report.result();
    String grown = before.growth();
    if (grown != null) {
      out.println("FAILED: the tests leave behind " + grown);
      result = result.plus(new Result(0, 1, 0));
    }
    return result;
  }

  /** With nothing that JUnit looks up through the thread's loader, which is another one in each host. */
  private static Launcher launcher() {
    return LauncherFactory.create(LauncherConfig.builder()
        .enableTestEngineAutoRegistration(false)
        .enableLauncherSessionListenerAutoRegistration(false)
        .enableLauncherDiscoveryListenerAutoRegistration(false)
        .enablePostDiscoveryFilterAutoRegistration(false)
        .enableTestExecutionListenerAutoRegistration(false)
        .addTestEngines(jupiter())
        .build());
  }

  /** Looked for beside JUnit itself; its package is not exported. */
  private static TestEngine jupiter() {
    for (TestEngine engine : ServiceLoader.load(TestEngine.class, TestEngine.class.getClassLoader())) {
      if (engine.getId().equals("junit-jupiter")) {
        return engine;
      }
    }
    throw new IllegalStateException("there is no junit-jupiter-engine beside junit-platform-engine");
  }

  private static LauncherDiscoveryRequest request(List<Class<?>> tests) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(tests.stream().map(DiscoverySelectors::selectClass).toList())
        .build();
  }
}
