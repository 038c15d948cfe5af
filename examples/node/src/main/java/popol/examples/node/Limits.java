package popol.examples.node;

import java.time.Duration;

/**
 * What a node may use.
 *
 * @param dialUntil how many connections a node has before it stops looking for more
 * @param most how many connections there can be
 * @param queue how many bytes can wait for one peer; one that reads too slowly for that is dropped
 * @param patience how long a peer may be silent, and how long it may take to connect and to say hello
 * @param pace how often a node looks for more peers, and how long it leaves an address alone that failed
 */
record Limits(int dialUntil, int most, int queue, Duration patience, Duration pace) {

  static final Limits DEFAULT = new Limits(8, 125, 64 * 1024, Duration.ofSeconds(20), Duration.ofSeconds(1));

  Limits withMost(int connections) {
    return new Limits(dialUntil, connections, queue, patience, pace);
  }

  Limits withPatience(Duration time) {
    return new Limits(dialUntil, most, queue, time, pace);
  }

  Limits withPace(Duration time) {
    return new Limits(dialUntil, most, queue, patience, time);
  }
}
