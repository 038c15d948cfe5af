package popol.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import popol.Sources;

/** A registry as a table for people. */
final class Description {

  private static final String ROW = "%-24s %-8s %10s  %-24s %-12s %-6s %s%n";

  private Description() {}

  /** Called with the registry's lock held. */
  static String of(Sources<?> registry, Entries<?> entries, @Nullable Thread polling) {
    StringBuilder text = new StringBuilder(registry.toString());
    if (!registry.isOpen()) {
      return text.append(String.format("%n")).toString();
    }
    text.append(String.format(": %d entries, %s%n", entries.size(),
        polling == null ? "nobody polls" : "polled by " + polling));
    text.append(String.format(ROW, "key", "kind", "descriptor", "interest", "state", "owned", "expires"));
    long now = System.nanoTime();
    for (int i = 0; i < entries.all().length(); i++) {
      for (Entry<?> entry = entries.all().first(i); entry != null; entry = entry.nextOfHash) {
        if (entry.state != State.LEAVING) {
          text.append(row(entry, now));
        }
      }
    }
    return text.toString();
  }

  private static String row(Entry<?> entry, long now) {
    String key = Text.of(entry.key);
    String state = entry.state == State.PENDING ? "pending" : "";
    if (entry instanceof SourceEntry<?> source) {
      String heard = source.isSilent() ? "silent" : state;
      return String.format(ROW, key, entry.kind(), source.descriptor(), source.interest(),
          source.state == State.PENDING || !source.isOpen() ? "invalid" : heard, source.source.isOwned() ? "owned" : "",
          "");
    }
    String expires = "";
    if (entry instanceof TimerEntry<?> timer && timer.heapIndex >= 0) {
      expires = "in " + Duration.ofNanos(Math.max(0, timer.deadline - now))
          + (timer.isPeriodic() ? ", every " + Duration.ofNanos(timer.period) : "");
    }
    return String.format(ROW, key, entry.kind(), "", "", state, "", expires);
  }
}
