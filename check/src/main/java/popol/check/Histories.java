package popol.check;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plays random histories in this JVM, and prints the first one in which something is wrong, shortened. */
public final class Histories {

  /** The argument for a system that refuses what popol asks for. */
  static final String AGAIN = "again";

  private final Statistics statistics = new Statistics();
  private final Calls calls;

  private Histories(Calls calls) {
    this.calls = calls;
  }

  /**
   * Plays histories. The JVM ends with status 0 if nothing is wrong.
   *
   * @param arguments how many operations, at least; then the seed, if it is not to be a new one; then whether a call
   *     that
   *        the system refuses is made again
   * @throws Exception if the check itself fails
   */
  public static void main(String[] arguments) throws Exception {
    long count = arguments.length == 0 ? 100_000 : Long.parseLong(arguments[0].replace("_", ""));
    long seed = arguments.length < 2 ? System.nanoTime() : Long.parseLong(arguments[1]);
    Calls calls = arguments.length < 3 ? Calls.PLAIN : new Again();
    Descriptors descriptors = new Descriptors(calls);
    Histories histories = new Histories(calls);
    Shortening wrong = histories.play(new Generator(seed), count);
    System.out.println(histories.statistics + "\n  " + histories.statistics.kindsText());
    if (wrong != null) {
      System.out.println("FAILED (seed " + seed + "): " + wrong.wrong().getMessage());
      wrong.wrong().printStackTrace(System.out);
      System.out.println(wrong.history());
    }
    Map<Integer, String> leaked = wrong == null ? descriptors.leaked() : Map.of();
    if (!leaked.isEmpty()) {
      System.out.println("FAILED (seed " + seed + "): left open are " + leaked);
    }
    System.out.flush();
    System.exit(wrong == null && leaked.isEmpty() ? 0 : 1); // a history that hangs has left a thread
  }

  /** Gives what is wrong, or null. */
  private @Nullable Shortening play(Generator generator, long count) {
    while (statistics.operations.get() < count) {
      History history = generator.next();
      Throwable wrong = history.wrong(statistics, calls);
      if (wrong != null) {
        System.out.println("Something is wrong, the history is being shortened: " + wrong);
        Shortening shortening = new Shortening(history, wrong, calls);
        shortening.shorten();
        return shortening;
      }
    }
    return null;
  }
}
