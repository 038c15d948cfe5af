package popol.examples.node;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Where other nodes may be: a bounded number of addresses, each with the time from which it may be dialled. An address
 * that fails waits twice as long each time, and is forgotten in the end.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class AddressBook {

  /** How many addresses there can be. */
  static final int CAPACITY = 1000;

  private static final int MAX_FAILURES = 8; // in a row

  private record Entry(boolean permanent, int failures, long due) {}

  private final Map<InetSocketAddress, Entry> entries = new LinkedHashMap<>();
  private final long pause; // after the first failure, in nanoseconds
  private final Random random;

  AddressBook(Duration pause, Random random) {
    this.pause = pause.toNanos();
    this.random = random;
  }

  /** Adds an address that is never forgotten. */
  void addPermanent(InetSocketAddress address, long now) {
    put(address, new Entry(true, 0, now));
  }

  /** Adds an address unless it is there. */
  void add(InetSocketAddress address, long now) {
    if (!entries.containsKey(address)) {
      put(address, new Entry(false, 0, now));
    }
  }

  /** Says that a node was there. */
  void reached(InetSocketAddress address, long now) {
    Entry entry = entries.get(address);
    put(address, new Entry(entry != null && entry.permanent, 0, now));
  }

  /** Says that nothing was there, or nothing that can be used now. */
  void failed(InetSocketAddress address, long now) {
    Entry entry = entries.get(address);
    if (entry == null) {
      return;
    }
    int failures = Math.min(entry.failures + 1, MAX_FAILURES);
    if (failures == MAX_FAILURES && !entry.permanent) {
      entries.remove(address);
    } else {
      put(address, new Entry(entry.permanent, failures, now + (pause << failures - 1)));
    }
  }

  /** Says that an address is the node's own: it is kept, so that it is not taken from another one again at once. */
  void own(InetSocketAddress address, long now) {
    Entry entry = entries.get(address);
    put(address, new Entry(entry != null && entry.permanent, MAX_FAILURES, now + (pause << MAX_FAILURES)));
  }

  /** The oldest makes room. */
  private void put(InetSocketAddress address, Entry entry) {
    if (entries.put(address, entry) == null && entries.size() > CAPACITY) {
      entries.keySet().stream()
          .filter(old -> !entries.get(old).permanent)
          .findFirst()
          .ifPresent(entries::remove);
    }
  }

  /** Some addresses that may be dialled now, in random order. */
  List<InetSocketAddress> due(long now, int count, Collection<InetSocketAddress> except) {
    List<InetSocketAddress> due = new ArrayList<>();
    entries.forEach((address, entry) -> {
      if (entry.due - now <= 0 && !except.contains(address)) {
        due.add(address);
      }
    });
    return sample(due, count, random);
  }

  int size() {
    return entries.size();
  }

  /** Some of the addresses, chosen and ordered by chance. */
  static List<InetSocketAddress> sample(List<InetSocketAddress> addresses, int count, Random random) {
    List<InetSocketAddress> shuffled = new ArrayList<>(addresses);
    Collections.shuffle(shuffled, random);
    return List.copyOf(shuffled.subList(0, Math.max(0, Math.min(count, shuffled.size()))));
  }
}
