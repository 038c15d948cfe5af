package popol.engine;

/** Words for what a user gave, in an error about something else. */
final class Text {

  private Text() {}

  /** A key's text; one whose {@code toString} throws must not hide the error that names it. */
  static String of(Object key) {
    try {
      return String.valueOf(key);
    } catch (RuntimeException e) {
      return key.getClass().getName() + " (its toString throws " + e.getClass().getName() + ")";
    }
  }
}
