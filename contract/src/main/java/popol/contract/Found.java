package popol.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import popol.Event;
import popol.Events;

/** Events in a form that outlives the next poll and can be compared: for each key what is true of it, in words. */
final class Found {

  private Found() {}

  static Map<String, String> in(Events<String> events) {
    Map<String, String> found = new TreeMap<>();
    for (Event<String> event : events) {
      String before = found.put(event.key(), words(event));
      if (before != null) {
        throw new AssertionError("two events of the key " + event.key() + " in one batch");
      }
    }
    return found;
  }

  static String words(Event<?> event) {
    List<String> words = new ArrayList<>();
    add(words, event.isReadable(), "readable");
    add(words, event.isWritable(), "writable");
    add(words, event.isPriority(), "priority");
    add(words, event.isReadClosed(), "read-closed");
    add(words, event.isHangup(), "hangup");
    add(words, event.isError(), "error");
    add(words, event.isInvalid(), "invalid");
    add(words, event.isWake(), "wake");
    add(words, event.isExpired(), "expired");
    return String.join(" ", words);
  }

  private static void add(List<String> words, boolean isTrue, String word) {
    if (isTrue) {
      words.add(word);
    }
  }
}
