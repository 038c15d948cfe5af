package popol.engine;

import org.jspecify.annotations.Nullable;

/**
 * A hash table whose chains run through its elements, so that one costs no memory beside the element, removing cannot
 * fail, and nothing of the user's is called but by a search. Room is reserved before an element is added. Guarded by
 * the registry's lock.
 */
abstract class Chains<E> {

  private static final int FIRST_LENGTH = 4;

  private Object[] heads = new Object[FIRST_LENGTH]; // a power of two of chains
  private int size;

  abstract int hash(E element);

  abstract @Nullable E next(E element);

  abstract void next(E element, @Nullable E next);

  final int size() {
    return size;
  }

  /** How many chains there are. */
  final int length() {
    return heads.length;
  }

  /** The first element of a chain, or null. */
  @SuppressWarnings("unchecked") // only elements are put in
  final @Nullable E first(int chain) {
    return (E) heads[chain];
  }

  /** The first element of the chain that a hash belongs to, or null. */
  final @Nullable E firstOf(int hash) {
    return first(chain(hash));
  }

  /** Makes room for one more. */
  final void reserve() {
    if (size >= heads.length) {
      grow();
    }
  }

  final void add(E element) {
    size++;
    link(element);
  }

  /** Takes an element out that is in. */
  @SuppressWarnings("NullAway") // the element is in its chain
  final void remove(E element) {
    int chain = chain(hash(element));
    E before = first(chain);
    if (before == element) {
      heads[chain] = next(element);
    } else {
      while (next(before) != element) {
        before = next(before);
      }
      next(before, next(element));
    }
    next(element, null);
    size--;
  }

  private void grow() {
    Object[] old = heads;
    heads = new Object[old.length * 2];
    for (Object head : old) {
      @SuppressWarnings("unchecked") E element = (E) head;
      while (element != null) {
        E next = next(element);
        link(element);
        element = next;
      }
    }
  }

  private void link(E element) {
    int chain = chain(hash(element));
    next(element, first(chain));
    heads[chain] = element;
  }

  /** Mixes the high bits in: keys can differ in these alone, and Windows counts its sockets in steps of four. */
  private int chain(int hash) {
    return (hash ^ hash >>> 2 ^ hash >>> 16) & heads.length - 1;
  }
}
