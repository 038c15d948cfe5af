package popol.examples.node;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** The last messages that a node has heard, by their ids: so many that none comes round again that was forgotten. */
final class Seen {

  static final int CAPACITY = 4096;

  private final SequencedSet<Long> ids = new LinkedHashSet<>();

  /** Adds an id, and says whether it is new. The oldest makes room. */
  boolean add(long id) {
    boolean isNew = ids.add(id);
    if (ids.size() > CAPACITY) {
      ids.removeFirst();
    }
    return isNew;
  }

  int size() {
    return ids.size();
  }
}
