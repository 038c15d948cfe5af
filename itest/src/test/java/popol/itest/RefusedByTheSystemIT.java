package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A system without {@code /proc}, and one that refuses {@code epoll}: the next best way, without a lost event. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about Linux")
class RefusedByTheSystemIT {

  private static final String WITHOUT_PROC = "unshare --user --map-root-user --mount sh -c ";

  /** What Linux tells the descriptors of without its file system for processes. */
  private static final Set<Attempt> NEED_NO_PROC = Set.of(Attempt.OPEN, Attempt.OPEN_PIPE);

  @Test
  void withTheFlagsNothingNeedsProc() throws Exception {
    Map<Attempt, String> answers = withoutProc((Road.CLASS_PATH.export() + " " + Road.CLASS_PATH.open()).split(" "));
    for (Attempt attempt : Attempt.values()) {
      String answer = answers.get(attempt);
      if (attempt == Attempt.UNCONNECTED_SOCKET || attempt == Attempt.UNBOUND_SERVER_SOCKET) {
        assertTrue(answer.startsWith("java.lang.IllegalArgumentException"), "there is no descriptor yet: " + answer);
      } else {
        assertEquals(Attempt.DONE, answer, attempt.name());
      }
    }
  }

  @Test
  void withoutTheFlagsTheMessageNamesThem() throws Exception {
    withoutProc().forEach((attempt, answer) -> assertTrue(
        answer.equals(Attempt.DONE) || answer.contains("--add-") || answer.contains("/proc")
            || !NEED_NO_PROC.contains(attempt) && answer.contains("address"),
        attempt + ": " + answer));
  }

  @Test
  void withoutEpollAllIsHeardByPoll() throws Exception {
    for (String mechanism : List.of("2", "epoll")) {
      ChildJvm.Result result = new ChildJvm()
          .flags("-Dpopol.linux.mechanism=" + mechanism, "--enable-native-access=ALL-UNNAMED")
          .flags(Road.CLASS_PATH.export().split(" ")).classPath(path()).run(WithoutEpoll.class.getName());
      assumeTrue(!result.output().contains("no filter of seccomp"), "no filter of seccomp(2) can be set here");
      assertEquals(0, result.exitCode(), mechanism + ": " + result.output());
      assertEquals("ok", result.output().strip(), mechanism);
    }
  }

  private static Map<Attempt, String> withoutProc(String... flags) throws Exception {
    assumeTrue(new ProcessBuilder("sh", "-c", WITHOUT_PROC + "'mount -t tmpfs none /proc'").start().waitFor() == 0,
        "unshare is not there, or not allowed");
    ChildJvm jvm = new ChildJvm().flags("--enable-native-access=ALL-UNNAMED").flags(flags).classPath(path());
    Set<String> command = new LinkedHashSet<>(List.of(Attempt.class.getName()));
    Arrays.stream(Attempt.values()).map(Attempt::name).forEach(command::add);
    return Road.answers(jvm, jvm.within("sh", "-c", WITHOUT_PROC + "'mount -t tmpfs none /proc && exec \"$@\"' sh \"$@\"", "sh")
        .run(command.toArray(String[]::new)));
  }

  private static List<Path> path() {
    return Stream.concat(Jars.POPOL.stream(), Stream.of(Jars.tests())).toList();
  }
}
