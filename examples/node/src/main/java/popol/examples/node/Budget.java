package popol.examples.node;

/**
 * What a peer may cost: so much at once, and so much a second. What it sends beyond that stays with the system and,
 * when its buffers are full, with the peer.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class Budget {

  private static final double SECOND = 1e9; // nanoseconds

  private final int burst;
  private final int rate;
  private double left; // less than nothing after something expensive
  private long time; // when that was left

  Budget(int burst, int rate, long now) {
    this.burst = burst;
    this.rate = rate;
    left = burst;
    time = now;
  }

  void spend(int cost) {
    left -= cost;
  }

  boolean isSpent(long now) {
    left = Math.min(burst, left + rate * ((now - time) / SECOND));
    time = now;
    return left < 1;
  }
}
