package popol.check;

import org.jspecify.annotations.Nullable;

/** Plays random histories in this JVM, and prints the first one in which something is wrong, shortened. */
public final class Histories {

  private final Statistics statistics = new Statistics();

  private Histories() {}

  /**
   * Plays histories. The JVM ends with status 0 if nothing is wrong.
   *
   * @param arguments how many operations, at least; then the seed, if it is not to be a new one
   */
  public static void main(String[] arguments) {
    long count = arguments.length == 0 ? 100_000 : Long.parseLong(arguments[0].replace("_", ""));
    long seed = arguments.length < 2 ? System.nanoTime() : Long.parseLong(arguments[1]);
    Histories histories = new Histories();
    Shortening wrong = histories.play(new Generator(seed), count);
    System.out.println(histories.statistics + "\n  " + histories.statistics.kindsText());
    if (wrong != null) {
      System.out.println("FAILED (seed " + seed + "): " + wrong.wrong().getMessage());
      wrong.wrong().printStackTrace(System.out);
      System.out.println(wrong.history());
    }
    System.out.flush();
    System.exit(wrong == null ? 0 : 1); // a history that hangs has left a thread
  }

  /** Gives what is wrong, or null. */
  private @Nullable Shortening play(Generator generator, long count) {
    while (statistics.operations < count) {
      History history = generator.next();
      Throwable wrong = history.wrong(statistics);
      if (wrong != null) {
        System.out.println("Something is wrong, the history is being shortened: " + wrong);
        Shortening shortening = new Shortening(history, wrong);
        shortening.shorten();
        return shortening;
      }
    }
    return null;
  }
}
