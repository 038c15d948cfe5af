package popol.engine;

import org.jspecify.annotations.Nullable;

/**
 * The entries that the next poll reports without asking the kernel, in the order in which they became so. The list runs
 * through the entries, so putting one in and taking it out cost the same however many there are, and cannot fail.
 * Guarded by the registry's lock.
 */
final class Pending<K> {

  private @Nullable Entry<K> first;
  private @Nullable Entry<K> last;

  boolean isEmpty() {
    return first == null;
  }

  @Nullable
  Entry<K> first() {
    return first;
  }

  void add(Entry<K> entry) {
    entry.before = last;
    if (last == null) {
      first = entry;
    } else {
      last.after = entry;
    }
    last = entry;
  }

  void remove(Entry<K> entry) {
    if (entry.before == null) {
      first = entry.after;
    } else {
      entry.before.after = entry.after;
    }
    if (entry.after == null) {
      last = entry.before;
    } else {
      entry.after.before = entry.before;
    }
    entry.before = null;
    entry.after = null;
  }
}
