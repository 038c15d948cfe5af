package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {

  private final Timers<Object> timers = new Timers<>();

  private static TimerEntry<Object> timer(Object key) {
    return new TimerEntry<>(key, key.hashCode(), new BatchNumber());
  }

  private void set(TimerEntry<Object> timer, long deadline) {
    timers.reserve();
    timer.deadline = deadline;
    timers.set(timer);
  }

  @Test
  void theEarliestIsFirstWhateverIsSetAndCancelled() {
    Random random = new Random(1);
    List<TimerEntry<Object>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(timer(i));
    }
    // Around the value at which nanoTime overflows.
    long base = Long.MAX_VALUE - 500;
    for (int round = 0; round < 20_000; round++) {
      TimerEntry<Object> timer = all.get(random.nextInt(all.size()));
      if (random.nextInt(3) == 0) {
        timers.cancel(timer);
      } else {
        set(timer, base + random.nextInt(1000));
      }
      TimerEntry<Object> earliest = all.stream()
          .filter(one -> one.heapIndex >= 0)
          .min(Comparator.comparingLong(one -> one.deadline - base))
          .orElse(null);
      assertEquals(earliest == null, timers.isEmpty(), "empty when none is set");
      if (earliest != null) {
        assertEquals(earliest.deadline, timers.first().deadline, "the earliest is first");
      }
    }
  }

  @Test
  void settingAgainMovesATimerBothWays() {
    TimerEntry<Object> a = timer("a");
    TimerEntry<Object> b = timer("b");
    set(a, 10);
    set(b, 20);
    set(a, 30);
    assertSame(b, timers.first(), "a timer set later is no longer first");
    set(a, 5);
    assertSame(a, timers.first(), "a timer set earlier is first again");
    timers.cancel(a);
    timers.cancel(a);
    timers.cancel(b);
    assertTrue(timers.isEmpty(), "cancelling can be done again, and is complete");
  }

  @Test
  void aPeriodicTimerAdvancesToTheFirstTimeOfItsGridThatIsToCome() {
    for (long base : new long[] {0, -1_000_000, Long.MAX_VALUE - 250, Long.MIN_VALUE + 5}) {
      TimerEntry<Object> timer = timer("beat");
      timer.period = 100;
      for (long late : new long[] {0, 1, 99, 100, 101, 12_345}) {
        timer.deadline = base;
        timer.advance(base + late);
        long next = timer.deadline - base;
        assertEquals(0, next % 100, "it stays on its grid");
        assertTrue(next > late && next <= late + 100,
            "the next time is the first that is to come: " + next + ", " + late);
      }
    }
  }
}
