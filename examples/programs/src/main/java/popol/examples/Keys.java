package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Names the keys of a terminal as they are pressed, until {@code q}. An arrow sends the same first byte as the Escape
 * key: a timer tells them apart, because the rest of an arrow comes at once.
 */
public final class Keys {

  /** What the program waits for. */
  private enum Key { KEYBOARD, ESCAPE }

  private static final Duration REST = Duration.ofMillis(100); // within it the rest of a sequence comes
  private static final Pattern SEQUENCE = Pattern.compile("\033(\\[[0-?]*[@-~]|O.)|[^\033]");

  private final Sources<Key> sources;
  private String begun = ""; // keys that are not named yet

  private Keys(Sources<Key> sources) {
    this.sources = sources;
  }

  /**
   * Names keys.
   *
   * @param args none
   * @throws IOException if standard input is no terminal
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (RawTerminal terminal = RawTerminal.open(); Sources<Key> sources = Sources.open()) {
      System.out.println("press keys in " + terminal.columns() + " columns, q ends");
      new Keys(sources).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    FileInputStream keyboard = new FileInputStream(FileDescriptor.in);
    byte[] bytes = new byte[256];

    sources.register(Key.KEYBOARD, Source.stdin(), Interest.READ);
    while (sources.contains(Key.KEYBOARD)) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case ESCAPE -> {
            System.out.println("Escape");
            begun = begun.substring(1);
            nameKeys(); // those that came after it
          }
          case KEYBOARD -> {
            int count = keyboard.read(bytes);
            if (count < 0) {
              sources.unregister(Key.KEYBOARD);
            } else {
              begun += new String(bytes, 0, count, StandardCharsets.UTF_8); // a terminal sends whole characters
              nameKeys();
            }
          }
        }
      }
    }
  }

  private void nameKeys() {
    Matcher keys = SEQUENCE.matcher(begun);
    int end = 0;
    while (keys.find(end) && keys.start() == end) {
      end = keys.end();
      print(keys.group());
    }
    begun = begun.substring(end);
    if (!begun.isEmpty()) {
      sources.timer(Key.ESCAPE, REST);
    } else {
      sources.unregister(Key.ESCAPE);
    }
  }

  private void print(String key) {
    System.out.println(switch (key) {
      case "\033[A", "\033OA" -> "up";
      case "\033[B", "\033OB" -> "down";
      case "\n", "\r" -> "Enter";
      case "\177", "\b" -> "Backspace";
      default -> {
        char first = key.charAt(0);
        yield first == '\033' ? "Escape and " + key.substring(1) : first < ' ' ? "Ctrl-" + (char) (first + '@') : key;
      }
    });
    if (key.equals("q")) {
      sources.unregister(Key.KEYBOARD);
    }
  }
}
