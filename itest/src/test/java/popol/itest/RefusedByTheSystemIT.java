package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A system without {@code /proc}, and one that refuses a call: the next best way, or the words for what is missing. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about Linux")
class RefusedByTheSystemIT {

  private static final String NAMESPACE = "unshare --user --map-root-user --mount";

  @Test
  void withTheFlagsNothingNeedsProc() throws Exception {
    Map<Attempt, String> answers = withoutProc((Road.CLASS_PATH.export() + " " + Road.CLASS_PATH.open()).split(" "));
    for (Attempt attempt : Attempt.values()) {
      String answer = answers.get(attempt);
      if (!needsAddress(attempt)) {
        assertEquals(Attempt.DONE, answer, attempt.name());
      }
    }
  }

  @Test
  void withoutTheFlagsTheMessageNamesThem() throws Exception {
    withoutProc().forEach((attempt, answer) -> {
      if (attempt == Attempt.OPEN || attempt == Attempt.OPEN_PIPE) {
        assertEquals(Attempt.DONE, answer, attempt.name());
      } else if (!needsAddress(attempt)) {
        assertTrue(answer.startsWith("java.lang.IllegalStateException") && answer.contains(Road.CLASS_PATH.export()),
            attempt + ": " + answer);
      }
    });
  }

  @Test
  void onAReadOnlyRootWithoutProcNothingIsMissing() throws Exception {
    String[] readOnly = Stream.concat(Stream.of(NAMESPACE.split(" ")),
        Stream.of("sh", "-c", "mount -o remount,bind,ro / && ! touch /popol 2> /dev/null && exec \"$@\"", "sh"))
        .toArray(String[]::new);
    assumeTrue(
        new ProcessBuilder(Stream.concat(Stream.of(readOnly), Stream.of("true")).toList()).start().waitFor() == 0,
        "the root cannot be made read-only here");
    ChildJvm jvm = new ChildJvm().within(readOnly).classPath(path())
        .flags("--enable-native-access=ALL-UNNAMED").flags(Road.CLASS_PATH.export().split(" "));
    Map<Attempt, String> answers = Road.answers(jvm, jvm.run(WithoutProc.class.getName(), Attempt.OPEN.name(),
        Attempt.OPEN_PIPE.name(), Attempt.PIPE_SOURCE.name(), Attempt.UNCONNECTED_CHANNEL.name()));
    answers.forEach((attempt, answer) -> assertEquals(Attempt.DONE, answer, attempt.name()));
    assertEquals(4, answers.size());
  }

  @Test
  void withoutEpollAllIsHeardByPoll() throws Exception {
    for (String mechanism : List.of("2", "epoll")) {
      assertEquals("ok", without("epoll_create1", "-Dpopol.linux.mechanism=" + mechanism), mechanism);
    }
  }

  @Test
  void aCallOfNewKernelsIsNotNeeded() throws Exception {
    assertEquals("ok", without("epoll_pwait2"));
  }

  /** A filter refuses by EPERM as often as by ENOSYS: both have the same words. */
  @Test
  void aCallThatCannotBeDoneWithoutIsNamed() throws Exception {
    String said = without("eventfd2"); // so the kernel calls it
    assertTrue(said.startsWith("eventfd failed: ") && said.contains("seccomp"), said);
    said = without("pipe2");
    assertTrue(said.startsWith("pipe2 failed: ") && said.contains("seccomp"), said);
  }

  /** What the program says to which a call is refused. */
  private static String without(String call, String... flags) throws Exception {
    ChildJvm.Result result = new ChildJvm().flags(flags).flags("--enable-native-access=ALL-UNNAMED")
        .flags(Road.CLASS_PATH.export().split(" ")).classPath(path()).run(WithoutCall.class.getName(), call);
    assumeTrue(!result.output().contains("no filter of seccomp"), "no filter of seccomp(2) can be set here");
    assertEquals(0, result.exitCode(), call + ": " + result.output());
    return result.output().strip();
  }

  /** There is no descriptor before there is an address. */
  private static boolean needsAddress(Attempt attempt) {
    return attempt == Attempt.UNCONNECTED_SOCKET || attempt == Attempt.UNBOUND_SERVER_SOCKET;
  }

  private static Map<Attempt, String> withoutProc(String... flags) throws Exception {
    assumeTrue(new ProcessBuilder("sh", "-c", NAMESPACE + " mount -t tmpfs none /proc").start().waitFor() == 0,
        "unshare is not there, or not allowed");
    ChildJvm jvm = new ChildJvm().within(NAMESPACE.split(" ")).flags("--enable-native-access=ALL-UNNAMED").flags(flags)
        .classPath(path());
    return Road.answers(jvm, jvm.run(Stream.concat(Stream.of(WithoutProc.class.getName()),
        Arrays.stream(Attempt.values()).map(Attempt::name)).toArray(String[]::new)));
  }

  private static List<Path> path() {
    return Stream.concat(Jars.POPOL.stream(), Stream.of(Jars.tests())).toList();
  }
}
