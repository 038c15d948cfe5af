package popol.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;

/** How long the exchanges of a well-behaved peer took, which makes one every few milliseconds. */
final class RoundTrips {

  /** A question and its answer. */
  interface Exchange {
    void run() throws Exception;
  }

  private final List<Long> times = new ArrayList<>(); // nanoseconds

  private RoundTrips() {}

  static RoundTrips during(Duration time, Duration pace, Exchange exchange) throws Exception {
    RoundTrips trips = new RoundTrips();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      trips.time(exchange, pace);
    }
    Collections.sort(trips.times);
    return trips;
  }

  /** Exchanges until something is done. */
  static RoundTrips during(Future<?> task, Duration pace, Exchange exchange) throws Exception {
    RoundTrips trips = new RoundTrips();
    while (!task.isDone() || trips.times.isEmpty()) {
      trips.time(exchange, pace);
    }
    task.get(); // fails if it failed
    Collections.sort(trips.times);
    return trips;
  }

  private void time(Exchange exchange, Duration pace) throws Exception {
    long start = System.nanoTime();
    exchange.run();
    times.add(System.nanoTime() - start);
    Thread.sleep(pace);
  }

  /** How many milliseconds so many of a hundred took at most. */
  double percentile(int hundredth) {
    return times.get(Math.min(times.size() - 1, times.size() * hundredth / 100)) / 1e6;
  }

  /** Whether they are too few to say much. */
  boolean isFew() {
    return times.size() < 20;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "p50 %.2f p99 %.1f ms of %d", percentile(50), percentile(99), times.size());
  }
}
