package popol.spi;

/**
 * The sources that are registered, by descriptor: a hash table whose chains run through the entries themselves, so that
 * one costs no memory beside its entry. Guarded by the registry's lock.
 */
final class Descriptors<K> {

  private SourceEntry<K>[] chains = newChains(4); // a power of two; by the low bits of the descriptor
  private int size;

  /** The source of a descriptor, or null. */
  SourceEntry<K> get(long descriptor) {
    SourceEntry<K> entry = chains[chain(descriptor)];
    while (entry != null && entry.descriptor() != descriptor) {
      entry = entry.next;
    }
    return entry;
  }

  /** Puts in a source whose descriptor is not in. */
  void put(SourceEntry<K> entry) {
    if (size++ == chains.length) {
      grow();
    }
    link(entry);
  }

  /** Takes a source out that is in. */
  void remove(SourceEntry<K> entry) {
    int chain = chain(entry.descriptor());
    SourceEntry<K> before = chains[chain];
    if (before == entry) {
      chains[chain] = entry.next;
    } else {
      while (before.next != entry) {
        before = before.next;
      }
      before.next = entry.next;
    }
    entry.next = null;
    size--;
  }

  /** How many chains there are. */
  int length() {
    return chains.length;
  }

  /** The first source of a chain, or null. */
  SourceEntry<K> first(int chain) {
    return chains[chain];
  }

  void clear() {
    chains = newChains(1);
    size = 0;
  }

  private void grow() {
    SourceEntry<K>[] old = chains;
    chains = newChains(old.length * 2);
    for (SourceEntry<K> first : old) {
      SourceEntry<K> entry = first;
      while (entry != null) {
        SourceEntry<K> next = entry.next;
        link(entry);
        entry = next;
      }
    }
  }

  private void link(SourceEntry<K> entry) {
    int chain = chain(entry.descriptor());
    entry.next = chains[chain];
    chains[chain] = entry;
  }

  /** Windows counts its sockets in steps of four. */
  private int chain(long descriptor) {
    return (int) (descriptor ^ descriptor >>> 2) & chains.length - 1;
  }

  @SuppressWarnings("unchecked")
  private static <K> SourceEntry<K>[] newChains(int length) {
    return (SourceEntry<K>[]) new SourceEntry<?>[length];
  }
}
