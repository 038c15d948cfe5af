package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingTest {

  private final Pending<Integer> pending = new Pending<>();

  @Test
  void theOrderIsThatInWhichTheyCameWhateverIsTakenOut() {
    Random random = new Random(1);
    List<TimerEntry<Integer>> in = new ArrayList<>();
    for (int round = 0; round < 5_000; round++) {
      if (in.isEmpty() || random.nextInt(5) > 1) {
        TimerEntry<Integer> entry = new TimerEntry<>(round, round, new BatchNumber());
        pending.add(entry);
        in.add(entry);
      } else {
        TimerEntry<Integer> entry = in.remove(random.nextInt(in.size()));
        pending.remove(entry);
        assertTrue(entry.before == null && entry.after == null, "what is taken out keeps nothing of the list");
      }
      if (round % 100 == 0) {
        assertEquals(in, entries());
      }
    }
    while (!in.isEmpty()) {
      pending.remove(in.removeFirst());
    }
    assertTrue(pending.isEmpty());
    assertNull(pending.first());
  }

  private List<Entry<Integer>> entries() {
    List<Entry<Integer>> entries = new ArrayList<>();
    for (Entry<Integer> entry = pending.first(); entry != null; entry = entry.after) {
      entries.add(entry);
    }
    return entries;
  }
}
