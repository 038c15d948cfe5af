package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {

  @Test
  void theEarliestIsFirstWhateverIsSetAndCancelled() {
    Random random = new Random(1);
    Timers<Integer> timers = new Timers<>();
    List<TimerEntry<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(new TimerEntry<>(i));
    }
    // Around the value at which nanoTime overflows.
    long base = Long.MAX_VALUE - 500;
    for (int round = 0; round < 20_000; round++) {
      TimerEntry<Integer> timer = all.get(random.nextInt(all.size()));
      if (random.nextInt(3) == 0) {
        timers.cancel(timer);
      } else {
        timers.set(timer, base + random.nextInt(1000));
      }
      TimerEntry<Integer> earliest = all.stream()
          .filter(t -> t.place >= 0)
          .min(Comparator.comparingLong(t -> t.deadline - base))
          .orElse(null);
      assertEquals(earliest == null, timers.isEmpty(), "empty when none is set");
      if (earliest != null) {
        assertEquals(earliest.deadline, timers.first().deadline, "the earliest is first");
      }
    }
  }

  @Test
  void settingAgainMovesATimerBothWays() {
    Timers<String> timers = new Timers<>();
    TimerEntry<String> a = new TimerEntry<>("a");
    TimerEntry<String> b = new TimerEntry<>("b");
    timers.set(a, 10);
    timers.set(b, 20);
    timers.set(a, 30);
    assertSame(b, timers.first(), "a timer set later is no longer first");
    timers.set(a, 5);
    assertSame(a, timers.first(), "a timer set earlier is first again");
    timers.cancel(a);
    timers.cancel(a);
    timers.cancel(b);
    assertTrue(timers.isEmpty(), "cancelling is idempotent and complete");
  }
}
