package popol.spi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A poll array, and beside it watches of what the system's {@code poll} cannot wait on, which are asked one by one. While
 * there is such a watch the wait is cut into slices, between which it is asked; the others are found as soon as ever.
 * There is no thread that could outlive the registry, or take bytes that belong to the user.
 */
public abstract class MixedPoller implements Poller {

  private static final int APART = Integer.MAX_VALUE; // slot of those beside the array
  private static final long SLICE = 10_000_000; // nanoseconds; a typist does not notice them

  /** What {@link #translate} returns for a watch that is to be asked from now on, until its interest is set again. */
  protected static final int SET_APART = -1;

  private final PollArray array;
  private final Visitor translator = this::translated;
  private final List<Watch> leaving = new ArrayList<>(); // the array, once it has been read
  private Visitor visitor; // who wants to hear what the array found
  private final List<Watch> apart = new ArrayList<>();
  private int[] answers = new int[1]; // what each of those apart has to report
  private int asked; // how many of them have been
  private int answered; // how many have something

  /**
   * A poller with nothing apart.
   *
   * @param array the array, which is this poller's from now on
   */
  protected MixedPoller(PollArray array) {
    this.array = array;
  }

  /**
   * Whether a watch that is being added goes beside the array.
   *
   * @param watch the watch
   * @return whether the system's {@code poll} cannot wait on it
   */
  protected abstract boolean isApart(Watch watch);

  /**
   * Asks for a watch beside the array. Does not block.
   *
   * @param watch the watch
   * @return bits of {@link Readiness}
   * @throws IOException if it cannot be asked
   */
  protected abstract int ask(Watch watch) throws IOException;

  /**
   * Says in the words of all systems what the array found. Does not change what anybody waits for, but can set the watch
   * apart, where the array would report again and again what is not to be reported.
   *
   * @param watch one that is in the array
   * @param found bits of {@link Readiness}
   * @return bits of {@link Readiness}; 0 if there is nothing to report; {@link #SET_APART}
   */
  protected int translate(Watch watch, int found) {
    return found;
  }

  private void putApart(Watch watch) {
    apart.add(watch);
    watch.slot(APART);
  }

  @Override
  public void add(Watch watch) {
    if (isApart(watch)) {
      putApart(watch);
    } else {
      array.add(watch);
    }
  }

  @Override
  public void modify(Watch watch) {
    if (watch.slot() != APART) {
      array.modify(watch);
    } else if (!isApart(watch)) {
      apart.remove(watch);
      array.add(watch);
    }
  }

  @Override
  public void remove(Watch watch) {
    if (watch.slot() == APART) {
      apart.remove(watch);
      watch.slot(-1);
    } else {
      array.remove(watch);
    }
  }

  @Override
  public int await(long nanos) throws IOException {
    asked = 0;
    answered = 0;
    if (apart.isEmpty()) {
      return array.await(nanos);
    }
    askApart();
    int found = array.await(answered > 0 ? 0 : nanos < 0 ? SLICE : Math.min(nanos, SLICE));
    if (found == 0 && answered == 0 && nanos != 0) {
      askApart(); // so that what came in the last slice of a wait is not missed
    }
    return found + answered;
  }

  private void askApart() throws IOException {
    if (answers.length < apart.size()) {
      answers = new int[apart.size() * 2];
    }
    asked = apart.size();
    for (int i = 0; i < asked; i++) {
      Watch watch = apart.get(i);
      answers[i] = reported(ask(watch), watch.interest());
      answered += answers[i] != 0 ? 1 : 0;
    }
  }

  /** What there is to report: without it a watch that nobody wants to hear of would cut every wait short. */
  private static int reported(int readiness, int interest) {
    return readiness & Readiness.INVALID | Readiness.reported(readiness, interest);
  }

  @Override
  public void collect(int found, Visitor visitor) {
    this.visitor = visitor;
    array.collect(found - answered, translator);
    for (int i = 0; i < leaving.size(); i++) {
      array.remove(leaving.get(i));
      putApart(leaving.get(i));
    }
    leaving.clear();
    for (int i = 0; answered > 0 && i < asked; i++) {
      if (answers[i] != 0) {
        answered--;
        visitor.found(apart.get(i), answers[i]);
      }
    }
  }

  private void translated(Watch watch, int found) {
    int readiness = translate(watch, found);
    if (readiness == SET_APART) {
      leaving.add(watch);
    } else if (readiness != 0) {
      visitor.found(watch, readiness);
    }
  }

  @Override
  public void close() {
    array.close();
  }
}
