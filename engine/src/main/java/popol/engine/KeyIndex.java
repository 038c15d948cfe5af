package popol.engine;

import org.jspecify.annotations.Nullable;

/** The entries by key. Guarded by the registry's lock. */
final class KeyIndex<K> extends Chains<Entry<K>> {

  /** The entry under a key, or null. Calls the key's {@code equals}, which may throw. */
  @Nullable
  Entry<K> find(K key, int hash) {
    Entry<K> entry = firstOf(hash);
    while (entry != null && (entry.hash != hash || entry.key != key && !key.equals(entry.key))) {
      entry = entry.nextOfHash;
    }
    return entry;
  }

  @Override
  int hash(Entry<K> entry) {
    return entry.hash;
  }

  @Override
  @Nullable
  Entry<K> next(Entry<K> entry) {
    return entry.nextOfHash;
  }

  @Override
  void next(Entry<K> entry, @Nullable Entry<K> next) {
    entry.nextOfHash = next;
  }
}
