package popol.contract;

import java.io.File;
import java.util.List;

/** Programs that tests start as children; each system has others. */
final class Children {

  private Children() {}

  private static boolean isWindows() {
    return File.separatorChar == '\\';
  }

  /** A shell that runs a script. Errors go where its output goes. */
  static ProcessBuilder shell(String script, String windowsScript) {
    List<String> command = isWindows() ? List.of("cmd", "/c", windowsScript) : List.of("sh", "-c", script);
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Writes what it reads, while it reads. On Windows lines without an x are left out. */
  static ProcessBuilder copier() {
    return isWindows() ? new ProcessBuilder("find", "\"x\"") : new ProcessBuilder("cat");
  }

  /** Sorts the lines that it reads, and writes nothing before their end. Wine has none, so there it is a copier. */
  static ProcessBuilder sorter() {
    return isWindows() ? copier() : new ProcessBuilder("sort");
  }

  /** Waits for the end of its input, or for a line. */
  static ProcessBuilder idler() {
    return shell("read line", "set /p line=");
  }

  static ProcessBuilder missing() {
    return new ProcessBuilder("popol-has-no-such-program");
  }
}
