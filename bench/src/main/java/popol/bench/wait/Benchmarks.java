package popol.bench.wait;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** What {@code bench/compare} measures of popol and of the JDK's selector, by JMH, in one process. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {
    "--enable-native-access=ALL-UNNAMED", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED"})
public class Benchmarks {

  private static final int STEPS = 100; // of one invocation, so that what JMH adds to each does not count

  /** Made by JMH. */
  public Benchmarks() {}

  /** One registry, and the connections that are registered. */
  @State(Scope.Thread)
  public static class Registered {

    /** Who waits. */
    @Param({"POPOL", "SELECTOR_KEYS", "SELECTOR_CONSUMER"})
    public String library;

    /** How many are registered. */
    @Param({"1", "10", "100", "500", "1000"})
    public int sources;

    private final Connections connections = new Connections();

    /** Made by JMH. */
    public Registered() {}

    /**
     * Connects and registers.
     *
     * @param params which benchmark it is for
     * @throws Exception if that fails
     */
    @Setup
    public void open(BenchmarkParams params) throws Exception {
      String what = what(params);
      // Where they come and go, one more stays, so that there is something to wait for.
      connections.open(what, library, what.startsWith("register") ? sources + 1 : sources, active(what));
    }

    int active(String what) {
      return what.equals("look") || what.equals("wake") ? 0 : 1;
    }

    /**
     * Drops everything.
     *
     * @throws Exception if the work has failed
     */
    @TearDown
    public void close() throws Exception {
      connections.close();
    }
  }

  /** Some of the connections have an unread byte. */
  public static class Ready extends Registered {

    /** How many have. */
    @Param({"1", "10", "all"})
    public String active;

    /** Made by JMH. */
    public Ready() {}

    @Override
    int active(String what) {
      return active.equals("all") ? sources : Math.min(sources, Integer.parseInt(active));
    }
  }

  /** A registry of timers. */
  @State(Scope.Thread)
  public static class Timers {

    /** How many there are beside the one that is measured. */
    @Param({"0", "100", "1000"})
    public int others;

    private final Connections connections = new Connections();

    /** Made by JMH. */
    public Timers() {}

    /**
     * Arms them.
     *
     * @param params which benchmark it is for
     * @throws Exception if that fails
     */
    @Setup
    public void open(BenchmarkParams params) throws Exception {
      connections.open(what(params), "POPOL", others, 0);
    }

    /**
     * Drops everything.
     *
     * @throws Exception if the work has failed
     */
    @TearDown
    public void close() throws Exception {
      connections.close();
    }
  }

  /** {@return the work that a method of this class is named after} */
  private static String what(BenchmarkParams params) {
    String method = params.getBenchmark().replaceAll(".*\\.", "");
    return switch (method) {
      case "registerAllAndUnregisterAll" -> "register";
      case "registerAndUnregister" -> "register+unregister";
      case "toggleAndWait" -> "toggle+wait";
      default -> method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    };
  }

  /**
   * A wait that returns at once.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long waitNow(Ready state) throws Exception {
    return ((Registered) state).connections.run(STEPS);
  }

  /**
   * A round trip to a thread that echoes.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long waitBlock(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * A look at what has nothing to report.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long look(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * All are registered, a wait, all are unregistered, a wait.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long registerAllAndUnregisterAll(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * One is unregistered, a wait, it is registered again, a wait.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long registerAndUnregister(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * Interest in writing added and taken away, then a wait.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long toggle(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * Interest in writing added, a wait, taken away, a wait.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long toggleAndWait(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * Two threads wake each other, once each.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long wake(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * A timer armed again.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long timerArm(Timers state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * A timer armed and cancelled.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long timerCancel(Timers state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * A timer that expires, and the wait that says so.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long timerExpire(Timers state) throws Exception {
    return state.connections.run(STEPS);
  }
}
