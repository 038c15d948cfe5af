package popol.examples;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A line that is being typed, key by key: characters, backspace, Ctrl-U, Enter, Ctrl-D. Arrows and the like are left
 * out.
 */
final class LineEditor {

  private static final int CTRL_D = 4;
  private static final int CTRL_U = 21;
  private static final int ESCAPE = 27;
  private static final int DELETE = 127; // what the backspace key sends

  /** What is to be done after a key. */
  enum Typed { MORE, LINE, END }

  private enum State { TEXT, ESCAPED, SEQUENCE }

  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream character = new ByteArrayOutputStream(); // its bytes so far, if it needs several
  private int missing; // bytes of it
  private State state = State.TEXT;

  /** Takes in one byte of what was typed. */
  Typed type(int key) {
    switch (state) {
      case ESCAPED -> state = key == '[' || key == 'O' ? State.SEQUENCE : State.TEXT;
      case SEQUENCE -> state = key >= '@' && key <= '~' ? State.TEXT : State.SEQUENCE;
      case TEXT -> {
        return typeText(key);
      }
    }
    return Typed.MORE;
  }

  private Typed typeText(int key) {
    switch (key) {
      case '\n', '\r' -> {
        return Typed.LINE;
      }
      case CTRL_D -> {
        return text.isEmpty() ? Typed.END : Typed.MORE;
      }
      case CTRL_U -> text.setLength(0);
      case '\b', DELETE -> {
        if (!text.isEmpty()) {
          text.setLength(text.offsetByCodePoints(text.length(), -1));
        }
      }
      case ESCAPE -> state = State.ESCAPED;
      default -> {
        if (key >= ' ') {
          typeCharacter(key);
        }
      }
    }
    return Typed.MORE;
  }

  /** In UTF-8 the first byte of a character says how many follow. */
  private void typeCharacter(int key) {
    if (missing == 0) {
      missing = key < 0xc0 ? 0 : key < 0xe0 ? 1 : key < 0xf0 ? 2 : 3;
      character.reset();
    } else {
      missing--;
    }
    character.write(key);
    if (missing == 0) {
      text.append(character.toString(StandardCharsets.UTF_8));
    }
  }

  String text() {
    return text.toString();
  }

  /** Gives the line, and begins a new one. */
  String take() {
    String line = text.toString();
    text.setLength(0);
    return line;
  }
}
