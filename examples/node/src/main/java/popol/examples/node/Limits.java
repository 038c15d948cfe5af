package popol.examples.node;

import java.time.Duration;

/**
 * What a node may use.
 *
 * @param dialUntil how many connections a node has before it stops looking for more
 * @param most how many connections there can be
 * @param queue how many bytes can wait for one peer; when they do, messages for all wait
 * @param patience how long a peer may be silent, how long it may take to connect and to say hello, and, by half, how
 *     long to read half a queue
 * @param pace how often a node looks for more peers, and how long it leaves an address alone that failed
 * @param burst how many frames, or addresses, a peer may send at once
 * @param rate how many it may send a second
 * @param memory how long a node knows a message again at least
 */
record Limits(int dialUntil, int most, int queue, Duration patience, Duration pace, int burst, int rate,
    Duration memory) {

  static final Limits DEFAULT =
      new Limits(8, 125, 64 * 1024, Duration.ofSeconds(20), Duration.ofSeconds(1), 500, 100, Duration.ofSeconds(10));

  Limits withMost(int connections) {
    return new Limits(dialUntil, connections, queue, patience, pace, burst, rate, memory);
  }

  Limits withPatience(Duration time) {
    return new Limits(dialUntil, most, queue, time, pace, burst, rate, memory);
  }

  Limits withPace(Duration time) {
    return new Limits(dialUntil, most, queue, patience, time, burst, rate, memory);
  }

  Limits withRate(int frames) {
    return new Limits(dialUntil, most, queue, patience, pace, burst, frames, memory);
  }
}
