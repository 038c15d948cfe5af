package popol.bench.wait;

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
    @Param({"POPOL", "SELECTOR_KEYS", "SELECTOR_CONSUMER"}) public String library;

    /** What is done, as in the rows of {@code bench/compare}. */
    @Param({"wait-block", "look", "register", "register+unregister", "toggle", "toggle+wait",
      "wake"}) public String what;

    /** How many are registered. */
    @Param({"1", "10", "100", "500", "1000"}) public int sources;

    private final Connections connections = new Connections();

    /** Made by JMH. */
    public Registered() {}

    /**
     * Connects and registers.
     *
     * @throws Exception if that fails
     */
    @Setup
    public void open() throws Exception {
      // Where they come and go, one more stays, so that there is something to wait for.
      connections.open(what, library, what.startsWith("register") ? sources + 1 : sources,
          what.equals("look") || what.equals("wake") ? 0 : 1);
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

  /** One registry, and the connections that are registered, of which some have an unread byte. */
  @State(Scope.Thread)
  public static class Ready {

    /** Who waits. */
    @Param({"POPOL", "SELECTOR_KEYS", "SELECTOR_CONSUMER"}) public String library;

    /** How many are registered. */
    @Param({"1", "10", "100", "500", "1000"}) public int sources;

    /** How many are ready. */
    @Param({"1", "10", "all"}) public String active;

    private final Connections connections = new Connections();

    /** Made by JMH. */
    public Ready() {}

    /**
     * Connects, registers and sends.
     *
     * @throws Exception if that fails
     */
    @Setup
    public void open() throws Exception {
      connections.open("wait-now", library, sources,
          active.equals("all") ? sources : Math.min(sources, Integer.parseInt(active)));
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

  /** A registry of timers. */
  @State(Scope.Thread)
  public static class Timers {

    /** What is done, as in the rows of {@code bench/compare}. */
    @Param({"timer-arm", "timer-cancel", "timer-expire"}) public String what;

    /** How many there are beside the one that is measured. */
    @Param({"0", "100", "1000"}) public int others;

    private final Connections connections = new Connections();

    /** Made by JMH. */
    public Timers() {}

    /**
     * Arms them.
     *
     * @throws Exception if that fails
     */
    @Setup
    public void open() throws Exception {
      connections.open(what, "POPOL", others, 0);
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
    return state.connections.run(STEPS);
  }

  /**
   * What else is done with a registry.
   *
   * @param state what is registered
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long registry(Registered state) throws Exception {
    return state.connections.run(STEPS);
  }

  /**
   * What is done with timers.
   *
   * @param state the timers
   * @return nanoseconds, for JMH to swallow
   * @throws Exception if that fails
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long timers(Timers state) throws Exception {
    return state.connections.run(STEPS);
  }
}
