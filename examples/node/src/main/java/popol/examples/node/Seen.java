package popol.examples.node;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The messages that a node has heard lately, by their ids. Each is remembered for a time, once or twice as long as the
 * life of a message, however many there are. There are no more than the budgets of all peers let in.
 */
final class Seen {

  private final long life; // nanoseconds
  private Set<Long> ids = new HashSet<>();
  private Set<Long> older = new HashSet<>();
  private long turned; // when ids became older

  Seen(Duration life, long now) {
    this.life = life.toNanos();
    turned = now;
  }

  /** Adds an id, and says whether it is new. */
  boolean add(long id, long now) {
    if (now - turned >= life) {
      older = ids;
      ids = new HashSet<>();
      turned = now;
    }
    return !older.contains(id) && ids.add(id);
  }

  int size() {
    return ids.size() + older.size();
  }
}
