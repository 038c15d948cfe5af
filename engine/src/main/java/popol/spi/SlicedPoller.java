package popol.spi;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A poll array, and beside it watches that are asked one by one, because the system's {@code poll} cannot wait for what
 * they are to report. Such a watch is asked before the array waits. After that its {@link Question} ends the wait, if
 * it can; if it cannot, the wait is cut into slices, and the watch is asked between them. What the array has is found
 * at once.
 *
 * <p>Two kinds of watches are asked: what {@code poll} does not take, by a {@link Question} of its own; and a watch of
 * the array with something that is not to be reported, of which the array would tell again and again. The latter goes
 * back into the array when that is over, or when its interest is set.
 *
 * <p>Whatever can fail is done in {@link #add}, {@link #modify} and {@link #await}: room for what a wait can find is
 * made when a watch is added.
 */
public abstract class SlicedPoller implements Poller {

  private static final long SLICE = 10_000_000; // nanoseconds; a typist does not notice them
  private static final int BESIDE = 1 << 30; // slots from here on are those of watches beside the array

  private final PollArray array;
  private final Visitor finder = this::take;

  // Watches beside the array, without gaps. There is room for all watches, so that each can be put here.
  private Watch[] asked = new Watch[1];
  private @Nullable Question[] questions = new Question[1]; // null for a watch that can go back into the array
  private int askedCount;
  private int questionCount; // of those that are not null

  // What the last wait found, without gaps.
  private Watch[] ready = new Watch[1];
  private int[] readiness = new int[1]; // 0 for a watch that is about to leave the array
  private int readyCount;

  /**
   * A poller that asks nothing.
   *
   * @param array the array, which is this poller's from now on
   */
  protected SlicedPoller(PollArray array) {
    this.array = array;
  }

  /** Asks for a watch that the system's {@code poll} cannot wait on. */
  public interface Question {

    /**
     * Asks what the watch is now. It can take a moment, but not for ever.
     *
     * @param watch the watch
     * @return bits of {@link Readiness}
     * @throws IOException if it cannot be asked
     */
    int readiness(Watch watch) throws IOException;

    /**
     * The array is about to wait, and the last answer was nothing that the watch wants. If this returns true, what
     * changes from that answer on ends the wait: the question calls what {@link Poller#onReady} was given. Called again
     * before each wait of the array.
     *
     * @return whether the question ends the wait; if not, it is asked between slices
     */
    default boolean begin() {
      return false;
    }

    /** The wait is over. Called whether or not it has begun. */
    default void end() {}

    /** The watch is removed, or the poller closed. No call follows. Does not block, throws and allocates nothing. */
    default void stop() {}
  }

  /**
   * How to ask for a watch that is being added.
   *
   * @param watch the watch
   * @return null if the system's {@code poll} waits on it
   */
  protected abstract @Nullable Question question(Watch watch);

  /**
   * Says in the words of all systems what the array found. May ask the system for more. What the watch's interest does
   * not want to hear is then left out here.
   *
   * @param watch a watch of the array
   * @param found bits of {@link Readiness}
   * @return bits of {@link Readiness}
   */
  protected int translate(Watch watch, int found) {
    return found;
  }

  @Override
  public void add(Watch watch) {
    reserve(array.size() + askedCount + 1);
    @Nullable Question question = question(watch);
    if (question == null) {
      array.add(watch);
    } else {
      ask(watch, question);
      questionCount++;
    }
  }

  @Override
  public void modify(Watch watch) {
    if (watch.slot() < BESIDE) {
      array.modify(watch);
    } else if (questions[watch.slot() - BESIDE] == null) {
      putBack(watch);
    }
  }

  @Override
  public void remove(Watch watch) {
    if (watch.slot() < BESIDE) {
      array.remove(watch);
    } else {
      int place = watch.slot() - BESIDE;
      @Nullable Question question = questions[place];
      stopAsking(place);
      watch.slot(-1);
      if (question != null) {
        questionCount--;
        question.stop();
      }
    }
  }

  /** A question can take a moment. */
  @Override
  public boolean canBlock() {
    return questionCount > 0;
  }

  @Override
  public boolean await(long nanos) throws IOException {
    readyCount = 0;
    long start = nanos > 0 && askedCount > 0 ? System.nanoTime() : 0;
    long left = nanos;
    try {
      boolean isWhole = askAll(left);
      while (askedCount > 0) {
        long slice = readyCount > 0 ? 0 : isWhole || left >= 0 && left < SLICE ? left : SLICE;
        if (awaitArray(slice) || slice == 0) {
          return readyCount > 0;
        }
        left = nanos < 0 ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
        isWhole = askAll(left); // after the last slice too, so that what came in it is not missed
        if (left == 0) {
          return readyCount > 0;
        }
      }
      return awaitArray(readyCount > 0 ? 0 : left);
    } finally {
      if (nanos != 0 && questionCount > 0) {
        endAll();
      }
    }
  }

  @Override
  public String mechanism() {
    return array.mechanism() + (askedCount == 0 ? "" : ", " + askedCount + " of them in other ways");
  }

  @Override
  public void collect(Visitor visitor) {
    int count = readyCount;
    readyCount = 0;
    for (int i = 0; i < count; i++) {
      Watch watch = ready[i];
      ready[i] = null;
      visitor.found(watch, readiness[i]);
    }
  }

  @Override
  public void close() {
    array.close();
    for (int i = 0; i < askedCount; i++) {
      if (questions[i] != null) {
        questions[i].stop();
      }
    }
  }

  /** First what can fail. */
  private void reserve(int count) {
    if (count > asked.length) {
      Watch[] moreAsked = Arrays.copyOf(asked, count * 2);
      @Nullable Question[] moreQuestions = Arrays.copyOf(questions, count * 2);
      Watch[] moreReady = Arrays.copyOf(ready, count * 2);
      int[] moreReadiness = Arrays.copyOf(readiness, count * 2);
      asked = moreAsked;
      questions = moreQuestions;
      ready = moreReady;
      readiness = moreReadiness;
    }
  }

  private boolean awaitArray(long nanos) throws IOException {
    if (array.await(nanos)) {
      int first = readyCount;
      array.collect(finder);
      setUnwantedAside(first);
    }
    return readyCount > 0;
  }

  private void take(Watch watch, int now) {
    ready[readyCount] = watch;
    readiness[readyCount++] = wanted(watch, translate(watch, now));
  }

  /** The array would tell again and again of what is not to be reported. */
  private void setUnwantedAside(int first) {
    int kept = first;
    for (int i = first; i < readyCount; i++) {
      if (readiness[i] == 0) {
        array.remove(ready[i]);
        ask(ready[i], null);
      } else {
        ready[kept] = ready[i];
        readiness[kept++] = readiness[i];
      }
    }
    readyCount = kept;
  }

  /** Returns whether the array can wait in one piece, for the time that is left. */
  private boolean askAll(long left) throws IOException {
    boolean isWhole = true;
    for (int i = askedCount - 1; i >= 0; i--) { // backwards: the last one moves into the place of one that leaves
      Watch watch = asked[i];
      @Nullable Question question = questions[i];
      int now = question == null ? array.await(watch, 0) : question.readiness(watch);
      int wanted = now == 0 ? 0 : wanted(watch, question == null ? translate(watch, now) : now);
      if (wanted != 0) {
        ready[readyCount] = watch;
        readiness[readyCount++] = wanted;
      } else if (question != null) {
        isWhole &= left != 0 && question.begin();
      } else if (now == 0) {
        putBack(watch);
      } else {
        isWhole = false;
      }
    }
    return isWhole;
  }

  private void endAll() {
    for (int i = 0; i < askedCount; i++) {
      if (questions[i] != null) {
        questions[i].end();
      }
    }
  }

  /** What there is to report. What there is not would cut every wait short. */
  private static int wanted(Watch watch, int now) {
    return now & Readiness.INVALID | Readiness.reported(now, watch.interest());
  }

  private void ask(Watch watch, @Nullable Question question) {
    asked[askedCount] = watch;
    questions[askedCount] = question;
    watch.slot(BESIDE + askedCount++);
  }

  private void putBack(Watch watch) {
    int place = watch.slot() - BESIDE;
    array.add(watch); // first what can fail
    stopAsking(place);
  }

  /** Moves the last one into the gap. */
  private void stopAsking(int place) {
    int last = --askedCount;
    if (place != last) {
      asked[place] = asked[last];
      questions[place] = questions[last];
      asked[place].slot(BESIDE + place);
    }
    asked[last] = null;
    questions[last] = null;
  }
}
