package popol.spi;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A poll array, and beside it watches that are asked one by one, because the system's {@code poll} cannot wait for what
 * they are to report. While there is such a watch a wait is cut into slices, and the watch is asked between them; what
 * the array has is found at once. There is no thread that could outlive the registry, or take bytes that belong to the
 * user.
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
     * Asks what the watch is now. Does not block.
     *
     * @param watch the watch
     * @return bits of {@link Readiness}
     * @throws IOException if it cannot be asked
     */
    int readiness(Watch watch) throws IOException;
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
      stopAsking(watch.slot() - BESIDE);
      watch.slot(-1);
    }
  }

  @Override
  public boolean await(long nanos) throws IOException {
    readyCount = 0;
    long start = nanos > 0 && askedCount > 0 ? System.nanoTime() : 0;
    long left = nanos;
    askAll();
    while (askedCount > 0) {
      long slice = readyCount > 0 ? 0 : left < 0 ? SLICE : Math.min(left, SLICE);
      if (awaitArray(slice) || slice == 0) {
        return readyCount > 0;
      }
      left = nanos < 0 ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
      askAll(); // after the last slice too, so that what came in it is not missed
      if (left == 0) {
        return readyCount > 0;
      }
    }
    return awaitArray(readyCount > 0 ? 0 : left);
  }

  @Override
  public String mechanism() {
    return array.mechanism() + (askedCount == 0 ? "" : ", which does not wait for " + askedCount + " of them");
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

  private void askAll() throws IOException {
    for (int i = askedCount - 1; i >= 0; i--) { // backwards: the last one moves into the place of one that leaves
      Watch watch = asked[i];
      @Nullable Question question = questions[i];
      int now = question == null ? array.await(watch, 0) : question.readiness(watch);
      if (now != 0) {
        int wanted = wanted(watch, question == null ? translate(watch, now) : now);
        if (wanted != 0) {
          ready[readyCount] = watch;
          readiness[readyCount++] = wanted;
        }
      } else if (question == null) {
        putBack(watch);
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
