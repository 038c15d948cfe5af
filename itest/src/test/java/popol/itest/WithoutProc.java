package popol.itest;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes attempts where {@code /proc} is empty. It is started in a mount namespace of its own, and hides {@code /proc}
 * itself: the JVM cannot start without.
 */
final class WithoutProc {

  private WithoutProc() {}

  static void main(String[] attempts) throws Exception {
    int result = new ProcessBuilder("mount", "-t", "tmpfs", "none", "/proc").inheritIO().start().waitFor();
    if (result != 0 || Files.exists(Path.of("/proc/self"))) {
      throw new IllegalStateException("/proc cannot be hidden");
    }
    Attempt.main(attempts);
  }
}
