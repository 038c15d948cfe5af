package popol.itest;

import popol.Sources;

/** A program that opens a registry twice, and says what came of it, a line each. */
final class OpenTwice {

  private OpenTwice() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try (Sources<String> sources = Sources.open()) {
        System.out.println("opened " + sources);
      } catch (Throwable e) {
        System.out.println(e);
      }
    }
  }
}
