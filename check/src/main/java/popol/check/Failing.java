package popol.check;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import popol.inject.Failures;
import popol.inject.Failures.What;

/**
 * Plays each history again and again: each time the next point of popol's code fails, until there is no next one. The
 * call that fails is made once more, as a program would, and then all is as if nothing had happened.
 */
public final class Failing {

  private static final int SHORTEST = 12; // operations
  private static final int LONGEST = 40;
  private static final int YIELDS = 1_000_000;

  private final Statistics statistics = new Statistics();
  private final Map<What, Integer> points = new EnumMap<>(What.class);
  private int histories;

  private Failing() {}

  /**
   * Plays histories. The JVM ends with status 0 if nothing is wrong.
   *
   * @param arguments how many histories, or how many seconds where an {@code s} follows; then the seed, if it is not to
   *        be a new one
   * @throws Exception if the check itself fails
   */
  public static void main(String[] arguments) throws Exception {
    boolean isTime = arguments[0].endsWith("s");
    int number = Integer.parseInt(arguments[0].replace("s", ""));
    long end = System.nanoTime() + number * 1_000_000_000L;
    long seed = arguments.length < 2 ? System.nanoTime() : Long.parseLong(arguments[1]);
    Failing failing = new Failing();
    String wrong =
        failing.play(new Generator(seed), isTime ? () -> System.nanoTime() < end : () -> failing.histories < number);
    System.out.println(failing.histories + " histories, points that failed: " + failing.points + "\n  "
        + failing.statistics + "\n  " + failing.statistics.kindsText());
    if (wrong != null) {
      System.out.println("FAILED (seed " + seed + "): " + wrong);
    }
    System.out.flush();
    System.exit(wrong == null ? 0 : 1);
  }

  /** Gives what is wrong, or null. */
  private @Nullable String play(Generator generator, BooleanSupplier goesOn) throws Exception {
    Descriptors descriptors = new Descriptors(Calls.PLAIN);
    for (; goesOn.getAsBoolean(); histories++) {
      History history = generator.next(SHORTEST, LONGEST);
      for (int i = 0; i < 2; i++) { // what is linked or initialized by the first use is not made to fail
        Throwable wrong = history.wrong(new Statistics());
        if (wrong != null) {
          return wrong + " without a failure, in " + history;
        }
      }
      if (!Failures.isPossible()) {
        return "the agent is missing";
      }
      for (What what : What.values()) {
        String wrong = play(history, what, descriptors);
        if (wrong != null) {
          return wrong;
        }
      }
    }
    return null;
  }

  /** Lets the first point fail, then the second, until there is none. */
  private @Nullable String play(History history, What what, Descriptors descriptors) {
    int n = 0;
    Throwable point;
    do {
      n++;
      int blocks = Failures.blocks();
      Failures failures = new Failures(what, n);
      Throwable wrong = history.wrong(statistics, new FailingCalls(failures));
      point = Failures.end();
      String text = wrong == null
          ? left(blocks, descriptors)
          : Arrays.stream(wrong.getStackTrace()).limit(12)
              .map(frame -> "\n    at " + frame).collect(Collectors.joining("", wrong.toString(), ""));
      if (text != null) {
        return text + "\n  " + what + ", point " + n + path(point) + history;
      }
    } while (point != null);
    points.merge(what, n - 1, Integer::sum);
    return null;
  }

  private record FailingCalls(Failures failures) implements Calls {
    @Override
    public <T extends @Nullable Object, E extends Exception> T make(Call<T, E> call) throws E {
      return failures.call(call::make);
    }
  }

  /** What a history has left that is none of the next one's; or null. */
  private static @Nullable String left(int blocks, Descriptors descriptors) {
    List<String> faults = Failures.faults();
    if (!faults.isEmpty()) {
      return faults.toString();
    }
    Map<Integer, String> leaked = descriptors.leaked();
    if (!leaked.isEmpty()) {
      return "left open are " + leaked;
    }
    // The thread that waits for virtual threads has closed its descriptors and is about to free its memory.
    for (int i = 0; i < YIELDS && Failures.blocks() > blocks; i++) {
      Thread.yield();
    }
    return Failures.blocks() > blocks ? "native memory is not freed" : null;
  }

  /** Popol's part of the stack of a point, from the point outwards. */
  private static String path(@Nullable Throwable point) {
    return point == null
        ? " (which was not reached)"
        : Arrays.stream(point.getStackTrace())
            .filter(
                frame -> frame.getClassName().startsWith("popol.") && !frame.getClassName().startsWith("popol.inject."))
            .map(frame -> "\n    at " + frame).collect(Collectors.joining("", ": " + point.getMessage(), ""));
  }
}
