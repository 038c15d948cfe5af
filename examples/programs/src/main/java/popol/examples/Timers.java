package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.examples.parts.Lines;

/**
 * Reminds of what is typed: {@code in 5 tea} once, {@code every 60 stretch} again and again, {@code stop tea} no more.
 * Said again, a reminder starts anew. When the input has ended, the program ends with its last timer.
 */
public final class Timers {

  /** What the program waits for. */
  private sealed interface Key permits Typed, Reminder {}

  private record Typed() implements Key {}

  /** The key of a timer says what it is for: there is no table beside the registry. */
  private record Reminder(String text) implements Key {}

  private static final Pattern SET = Pattern.compile("(in|every) ([1-9]\\d{0,8}) (.+)");

  private final Sources<Key> sources;

  private Timers(Sources<Key> sources) {
    this.sources = sources;
  }

  /**
   * Reminds until there is no timer left.
   *
   * @param args none
   * @throws IOException if standard input cannot be read
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Sources<Key> sources = Sources.open()) {
      new Timers(sources).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    byte[] buffer = new byte[1024];
    Lines lines = new Lines();

    sources.register(new Typed(), Source.stdin(), Interest.READ);
    while (!sources.isEmpty()) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Reminder(String text) -> System.out.println(text); // has left the registry, unless it is periodic
          case Typed() -> {
            int count = stdin.read(buffer);
            if (count < 0) {
              sources.unregister(event.key());
            } else {
              lines.add(buffer, count, this::obey);
            }
          }
        }
      }
    }
  }

  private void obey(String line) {
    Matcher set = SET.matcher(line);
    if (set.matches()) {
      Duration time = Duration.ofSeconds(Long.parseLong(set.group(2)));
      Reminder reminder = new Reminder(set.group(3));
      if (set.group(1).equals("in")) {
        sources.timer(reminder, time);
      } else {
        sources.timer(reminder, time, time);
      }
    } else if (!line.startsWith("stop ") || !sources.unregister(new Reminder(line.substring(5)))) {
      System.out.println("there is: in SECONDS TEXT, every SECONDS TEXT, stop TEXT");
    }
  }
}
