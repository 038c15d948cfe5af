package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches beside a poll array, without a kernel: what descriptors are stands in a map. */
class SlicedPollerTest {

  private static final long FIRST_ASKED = 100; // and every number above
  private static final long ENDS_WAIT = 1_000_000; // and every number above

  private final FakePollArray array = new FakePollArray(FakePollArray.NARROW);
  private final Map<Long, Integer> kernel = array.kernel;
  private final List<Long> questions = new ArrayList<>(); // descriptors, in the order in which they were asked for
  private final List<String> calls = new ArrayList<>(); // of the questions about descriptors that can end a wait
  private long failing = -1; // the descriptor that cannot be asked for
  private final TestPoller poller = new TestPoller();

  private final class TestPoller extends SlicedPoller {

    TestPoller() {
      super(array);
    }

    @Override
    protected @Nullable Question question(Watch watch) {
      return watch.descriptor() < FIRST_ASKED
          ? null
          : watch.descriptor() < ENDS_WAIT ? this::ask : new Source(watch.descriptor());
    }

    /** Ends a wait, but where the kernel has something. */
    private final class Source implements Question {

      private final long descriptor;

      Source(long descriptor) {
        this.descriptor = descriptor;
      }

      @Override
      public int readiness(Watch watch) throws IOException {
        return ask(watch);
      }

      @Override
      public boolean begin() {
        calls.add("begin");
        return kernel.getOrDefault(descriptor, 0) == 0;
      }

      @Override
      public void end() {
        calls.add("end");
      }

      @Override
      public void stop() {
        calls.add("stop");
      }
    }

    private int ask(Watch watch) throws IOException {
      questions.add(watch.descriptor());
      if (watch.descriptor() == failing) {
        throw new IOException("cannot be asked");
      }
      return kernel.getOrDefault(watch.descriptor(), 0);
    }

    /** A hang-up is nothing to anybody, as a half-closed peer's is on some systems. */
    @Override
    protected int translate(Watch watch, int found) {
      return found & ~Readiness.HANGUP;
    }
  }

  @AfterEach
  void free() {
    poller.close();
  }

  private Watch add(long descriptor, int interest) {
    Watch watch = new Watch(descriptor, interest);
    poller.add(watch);
    return watch;
  }

  private Map<Long, Integer> found(long nanos) throws IOException {
    boolean found = poller.await(nanos);
    Map<Long, Integer> collected = collected();
    assertEquals(found, !collected.isEmpty(), "a wait says whether something is found");
    return collected;
  }

  private Map<Long, Integer> collected() {
    Map<Long, Integer> found = new HashMap<>();
    poller.collect((watch, readiness) -> assertEquals(null, found.put(watch.descriptor(), readiness),
        "found once: " + watch.descriptor()));
    return found;
  }

  @Test
  void withNothingToAskAWaitIsOneWait() throws Exception {
    add(1, Readiness.READABLE);
    assertEquals(Map.of(), found(-1));
    assertEquals(-1, array.waited);
  }

  @Test
  void whatIsAskedForCutsTheWaitIntoSlices() throws Exception {
    add(1, Readiness.READABLE);
    Watch asked = add(100, Readiness.READABLE);
    assertTrue(asked.isInstalled());
    array.duringWait = () -> kernel.put(100L, Readiness.READABLE);
    assertEquals(Map.of(100L, Readiness.READABLE), found(-1), "it is asked for after the slice");
    assertEquals(0, array.waited, "and what the array has is found beside it");
    kernel.remove(100L);
    array.duringWait = () -> kernel.put(1L, Readiness.READABLE);
    assertEquals(Map.of(1L, Readiness.READABLE), found(-1));
    assertTrue(array.waited > 0, "a wait without end is a slice");
    kernel.remove(1L);
    assertEquals(Map.of(), found(5));
    assertEquals(5, array.waited, "no longer than was asked for");
    questions.clear();
    found(5);
    assertEquals(List.of(100L, 100L), questions, "asked again after the slice, so that it is not missed at the end");
  }

  @Test
  void whatEndsAWaitDoesNotCutIt() throws Exception {
    assertFalse(poller.canBlock());
    Watch source = add(ENDS_WAIT, Readiness.READABLE);
    assertTrue(poller.canBlock(), "a question can take a moment");
    assertEquals(Map.of(), found(0));
    assertEquals(List.of(), calls, "a look begins no wait");
    array.duringWait = () -> {
      assertEquals(List.of("begin"), calls);
      kernel.put(1L, Readiness.READABLE);
    };
    Watch handle = add(1, Readiness.READABLE);
    assertEquals(Map.of(1L, Readiness.READABLE), found(-1), "as the source would end it");
    assertEquals(-1, array.waited, "in one piece");
    assertEquals(List.of("begin", "end"), calls);

    kernel.put(ENDS_WAIT, Readiness.READABLE);
    calls.clear();
    assertEquals(Map.of(1L, Readiness.READABLE, ENDS_WAIT, Readiness.READABLE), found(-1));
    assertEquals(List.of("end"), calls, "what is ready waits for nothing");
    poller.remove(handle);
    poller.remove(source);
    assertFalse(poller.canBlock());
    assertEquals(List.of("end", "stop"), calls);
  }

  @Test
  void whatCannotEndAWaitJustNowIsAskedInSlices() throws Exception {
    add(ENDS_WAIT, 0);
    kernel.put(ENDS_WAIT, Readiness.READABLE);
    array.duringWait = () -> kernel.put(ENDS_WAIT, Readiness.HANGUP);
    assertEquals(Map.of(ENDS_WAIT, Readiness.HANGUP), found(-1));
    assertEquals(List.of("begin", "end"), calls);
    add(100, Readiness.READABLE);
    kernel.remove(ENDS_WAIT);
    array.duringWait = () -> kernel.put(100L, Readiness.READABLE);
    assertEquals(Map.of(100L, Readiness.READABLE), found(-1), "nor does one that never can");
  }

  @Test
  void aWaitThatFailsHasEndedForItsSources() throws Exception {
    add(ENDS_WAIT, Readiness.READABLE);
    add(100, Readiness.READABLE);
    failing = ENDS_WAIT;
    assertThrows(IOException.class, () -> poller.await(-1));
    assertEquals(List.of("end"), calls);
    TestPoller other = new TestPoller();
    calls.clear();
    other.add(new Watch(ENDS_WAIT, 0));
    other.add(new Watch(100, 0));
    other.close();
    assertEquals(List.of("stop"), calls, "a poller that is closed stops its sources");
  }

  @Test
  void bothKindsAreFoundInOneWait() throws Exception {
    add(1, Readiness.READABLE);
    add(100, Readiness.READABLE);
    kernel.put(1L, Readiness.READABLE);
    kernel.put(100L, Readiness.READABLE);
    assertEquals(Map.of(1L, Readiness.READABLE, 100L, Readiness.READABLE), found(-1));
    assertEquals(0, array.waited, "what is ready does not wait");
    assertEquals(Map.of(), collected(), "what was collected is not collected again");
  }

  @Test
  void whatNobodyWantsToHearDoesNotCutAWaitShort() throws Exception {
    Watch asked = add(100, Readiness.READABLE);
    kernel.put(100L, Readiness.READABLE);
    asked.interest(0);
    poller.modify(asked);
    assertEquals(Map.of(), found(5));
    assertEquals(5, array.waited);
    kernel.put(100L, Readiness.INVALID);
    assertEquals(Map.of(100L, Readiness.INVALID), found(5), "but what is invalid everybody hears of");
  }

  @Test
  void whatTheArrayWouldReportAgainAndAgainIsAskedForInstead() throws Exception {
    Watch silent = add(1, 0);
    Watch other = add(2, Readiness.READABLE);
    kernel.put(1L, Readiness.READABLE);
    kernel.put(2L, Readiness.READABLE);
    assertEquals(Map.of(2L, Readiness.READABLE), found(0), "data that nobody wants is not found");
    kernel.remove(2L);
    found(5);
    assertEquals(Set.of(2L), array.asked.keySet(), "nor is it in the array any more");
    assertTrue(silent.isInstalled(), "the poller still has it");

    silent.interest(Readiness.READABLE);
    poller.modify(silent);
    assertEquals(Map.of(1L, Readiness.READABLE), found(-1), "it is in the array once its interest is set");
    assertEquals(-1, array.waited, "where a wait is one wait");

    poller.remove(other);
    poller.remove(silent);
    assertFalse(silent.isInstalled());
    assertEquals(Map.of(), found(0));
    assertEquals(0, array.size());
  }

  @Test
  void itGoesBackIntoTheArrayWhenThereIsNothingLeftToLeaveOut() throws Exception {
    add(1, Readiness.WRITABLE);
    kernel.put(1L, Readiness.HANGUP);
    assertEquals(Map.of(), found(5));
    kernel.put(1L, Readiness.HANGUP | Readiness.WRITABLE);
    assertEquals(Map.of(1L, Readiness.WRITABLE), found(5), "asked for, it is translated too");
    kernel.remove(1L);
    assertEquals(Map.of(), found(5));
    assertEquals(Map.of(), found(-1));
    assertEquals(-1, array.waited, "nothing is asked for any more");
  }

  @Test
  void aQuestionThatFailsLosesNothing() throws Exception {
    add(1, Readiness.READABLE);
    add(100, Readiness.READABLE);
    add(101, Readiness.READABLE);
    for (long descriptor : new long[] {1, 100, 101}) {
      kernel.put(descriptor, Readiness.READABLE);
    }
    failing = 100;
    assertThrows(IOException.class, () -> poller.await(0));
    failing = -1;
    assertEquals(3, found(0).size(), "all are found by the next wait");
  }

  @Test
  void whatHasLeftIsForgottenWhateverTheOrder() throws Exception {
    Random random = new Random(1);
    List<Watch> in = new ArrayList<>();
    for (int round = 0; round < 2_000; round++) {
      if (in.isEmpty() || random.nextInt(3) > 0 && in.size() < 50) {
        long descriptor = random.nextBoolean() ? round % FIRST_ASKED : FIRST_ASKED + round;
        if (in.stream().noneMatch(watch -> watch.descriptor() == descriptor)) {
          in.add(add(descriptor, random.nextInt(2) * Readiness.READABLE));
          kernel.put(descriptor, random.nextInt(2) * Readiness.READABLE);
        }
      } else {
        Watch watch = in.remove(random.nextInt(in.size()));
        poller.remove(watch);
        assertEquals(-1, watch.slot());
      }
      for (Watch watch : in) {
        if (random.nextInt(10) == 0) {
          watch.interest(watch.interest() ^ Readiness.READABLE);
          poller.modify(watch);
        }
      }
      Map<Long, Integer> expected = new HashMap<>();
      for (Watch watch : in) {
        int wanted = kernel.get(watch.descriptor()) & watch.interest();
        if (wanted != 0) {
          expected.put(watch.descriptor(), wanted);
        }
      }
      assertEquals(expected, found(0), "round " + round);
    }
  }
}
