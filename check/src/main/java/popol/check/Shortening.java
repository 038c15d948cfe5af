package popol.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds a short history in which something is wrong, given a long one: leaves out ever smaller parts, as long as
 * something is still wrong. What depends on time is tried several times.
 */
final class Shortening {

  private static final int TRIES = 3;
  private static final long LIMIT = 60_000_000_000L; // nanoseconds

  private History history;
  private Throwable wrong;
  private final Calls calls;
  private final long start = System.nanoTime();

  Shortening(History history, Throwable wrong, Calls calls) {
    this.calls = calls;
    this.history = history;
    this.wrong = wrong;
  }

  /** The short history. */
  History history() {
    return history;
  }

  /** What is wrong in it. */
  Throwable wrong() {
    return wrong;
  }

  void shorten() {
    for (int part = history.operations().size() / 2; part > 0; part = isShorter(part) ? part : part / 2) {}
  }

  /** Leaves out a part of that length, wherever it can be; says whether it was possible. */
  private boolean isShorter(int part) {
    boolean shorter = false;
    for (int from = 0; from + part <= history.operations().size() && System.nanoTime() - start < LIMIT;) {
      List<Operation> rest = new ArrayList<>(history.operations());
      rest.subList(from, from + part).clear();
      if (isWrong(new History(history.isVirtual(), rest))) {
        shorter = true;
      } else {
        from += part;
      }
    }
    return shorter;
  }

  private boolean isWrong(History shorter) {
    for (int i = 0; i < TRIES; i++) {
      Throwable found = shorter.wrong(new Statistics(), calls);
      if (found != null) {
        history = shorter;
        wrong = found;
        return true;
      }
    }
    return false;
  }
}
