package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final long START = Long.MAX_VALUE - 5; // a time may overflow
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void givesSomeAtOnceAndSomeEachSecond() {
    Budget budget = new Budget(100, 10, START);
    budget.spend(99);
    assertFalse(budget.isSpent(START), "one is left");
    budget.spend(1);
    assertTrue(budget.isSpent(START), "all is spent");
    assertFalse(budget.isSpent(START + SECOND / 10), "one more after a tenth of a second");
    budget.spend(32);
    assertTrue(budget.isSpent(START + 3 * SECOND), "what was too much is made up for");
    assertFalse(budget.isSpent(START + 1000 * SECOND), "after a long time there is a burst");
    budget.spend(100);
    assertTrue(budget.isSpent(START + 1000 * SECOND), "and no more");
  }
}
