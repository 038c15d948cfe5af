package popol.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract suite, unchanged, in each host. The system property {@code popol.itest.times} says how often in a row.
 */
class ContractIT {

  private static final int TIMES = Integer.getInteger("popol.itest.times");
  private static final Duration LIMIT = Duration.ofMinutes(5).multipliedBy(TIMES);
  private static final String SUITE = "popol.contract.Suite";
  private static final String MECHANISM = "-Dpopol.linux.mechanism=";
  private static final Pattern SUMMARY =
      Pattern.compile("^\\S+: (\\d+) passed, (\\d+) failed, (\\d+) skipped$", Pattern.MULTILINE);

  @Test
  void everyHostPassesTheSameTests(@TempDir Path storage) throws Exception {
    List<ChildJvm.Result> results = List.of(onClassPath(), onModulePath(),
        inside(Jars.FELIX, storage.resolve("felix")), inside(Jars.EQUINOX, storage.resolve("equinox")));
    assertAll(results.stream()
        .map(result -> () -> assertEquals(0, result.exitCode(), "every test passes: " + outcome(result))));
    List<Integer> counts = results.stream().map(ContractIT::count).toList();
    assertTrue(counts.getFirst() > 0, "the suite has tests");
    assertEquals(1, counts.stream().distinct().count(), "as many tests in one host as in another: " + counts);
  }

  @Test
  void eachMechanismPassesTheSameTestsAsAllTogether() throws Exception {
    for (String mechanism : List.of("ppoll", "epoll")) {
      ChildJvm.Result result = onClassPath(List.of(MECHANISM + mechanism));
      assertEquals(0, result.exitCode(), "every test passes by " + mechanism + ": " + outcome(result));
    }
  }

  @Test
  void registriesThatTurnFromOneMechanismToTheOtherPassTheSameTests() throws Exception {
    ChildJvm.Result result = onClassPath(List.of(MECHANISM + "10"), "--crossing");
    assertEquals(0, result.exitCode(), "every test passes: " + outcome(result));
  }

  private static ChildJvm.Result onClassPath() throws Exception {
    return onClassPath(List.of());
  }

  private static ChildJvm.Result onClassPath(List<String> flags, String... arguments) throws Exception {
    return report(new ChildJvm().flags(flags(Road.CLASS_PATH)).flags("--enable-native-access=ALL-UNNAMED").flags(flags)
        .classPath(suite())
        .limit(LIMIT)
        .run(Stream.concat(Stream.of(SUITE, "--times", "" + TIMES), Stream.of(arguments)).toArray(String[]::new)));
  }

  private static ChildJvm.Result onModulePath() throws Exception {
    return report(new ChildJvm().flags(flags(Road.MODULE_PATH))
        .flags("--enable-native-access=popol.engine,popol.contract")
        .modulePath(suite())
        .limit(LIMIT).run("-m", "popol.contract/" + SUITE, "--times", "" + TIMES));
  }

  private static ChildJvm.Result inside(Path framework, Path storage) throws Exception {
    return report(new ChildJvm().flags(flags(Road.CLASS_PATH))
        .flags("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
        .flags(Jars.properties())
        .classPath(withJUnit(List.of(Jars.tests(), Jars.classes(), framework)))
        .limit(LIMIT).run(OsgiContract.class.getName(), storage.toString(), "" + TIMES));
  }

  /** What lets popol at the descriptors of all that the JDK has. */
  private static List<String> flags(Road road) {
    return List.of((road.export() + " " + road.open()).split(" "));
  }

  private static List<Path> suite() {
    return withJUnit(Stream.concat(Jars.POPOL.stream(), Stream.of(Jars.CONTRACT)).toList());
  }

  private static List<Path> withJUnit(List<Path> jars) {
    return Stream.concat(jars.stream(), Jars.junit().stream()).toList();
  }

  private static ChildJvm.Result report(ChildJvm.Result result) {
    System.out.println(result.output().strip());
    return result;
  }

  /** How many tests a host had: those that passed, failed and were skipped. */
  private static int count(ChildJvm.Result result) {
    MatchResult summary = summary(result);
    return IntStream.rangeClosed(1, 3).map(group -> Integer.parseInt(summary.group(group))).sum();
  }

  /** The counts, and which tests failed. */
  private static String outcome(ChildJvm.Result result) {
    return Stream.concat(Stream.of(summary(result).group()),
        result.output().lines().filter(line -> line.startsWith("FAILED: "))).collect(Collectors.joining("\n"));
  }

  private static MatchResult summary(ChildJvm.Result result) {
    return SUMMARY.matcher(result.output()).results().findFirst()
        .orElseThrow(() -> new AssertionError("the suite did not come to its end"));
  }
}
