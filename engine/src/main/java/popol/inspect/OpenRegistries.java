package popol.inspect;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The open registries of this copy of popol. The list keeps none of them reachable. */
public final class OpenRegistries {

  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Set<Opened> ALL = ConcurrentHashMap.newKeySet();

  private OpenRegistries() {}

  /** What is known of an open registry. It does not keep the registry reachable. */
  public interface Opened {

    /** {@return the number by which people name it} */
    long number();

    /** {@return one line about it; null if it has been closed meanwhile} */
    @Nullable
    String summary();

    /** {@return the table of what it holds; null if it has been closed meanwhile} */
    @Nullable
    String table();
  }

  /** {@return a number that no other registry of this copy has} */
  public static long nextNumber() {
    return NUMBERS.incrementAndGet();
  }

  /**
   * Adds a registry.
   *
   * @param opened what is known of it
   */
  public static void add(Opened opened) {
    ALL.add(opened);
  }

  /**
   * Removes a registry that is closed.
   *
   * @param opened what was known of it
   */
  public static void remove(Opened opened) {
    ALL.remove(opened);
  }

  /** {@return whether no registry is open} */
  public static boolean isEmpty() {
    return ALL.isEmpty();
  }

  /** {@return all of them, in the order in which they were opened} */
  static List<Opened> all() {
    return ALL.stream().sorted(Comparator.comparing(Opened::number)).toList();
  }
}
