package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the JDK's flight recorder hears of popol, in each host, and what is loaded for it where there is no recording.
 */
@Timeout(120)
class RecorderIT {

  private static final Path SETTINGS = Path.of("..", "docs", "popol.jfc");
  private static final List<String> DONE = List.of("events 1", "wake 1", "invalid 1", "timeout 0", "interrupt 0");
  private static final Set<String> ALL = Set.of("popol.Wait", "popol.Wake", "popol.Register", "popol.Unregister",
      "popol.Invalid", "popol.Audit", "popol.LookUp", "popol.Unclosed");

  @TempDir Path directory;

  private static ChildJvm jvm(Road road, String... flags) {
    ChildJvm jvm = new ChildJvm().flags(road.nativeAccess()).flags(flags);
    if (road == Road.MODULE_PATH) {
      return jvm.modulePath(Jars.POPOL).flags("--add-modules", "popol").classPath(List.of(Jars.tests()));
    }
    return jvm.classPath(Stream.concat(Jars.POPOL.stream(), Stream.of(Jars.tests())).toList());
  }

  /** The events of a file, by name. */
  private static Map<String, List<RecordedEvent>> read(Path file) throws Exception {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("popol."))
        .collect(Collectors.groupingBy(event -> event.getEventType().getName(), TreeMap::new, Collectors.toList()));
  }

  private static Set<String> values(List<RecordedEvent> events, String field) {
    return events.stream().map(event -> Objects.toString(event.getValue(field)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void eachEventIsRecorded(Road road) throws Exception {
    Path file = directory.resolve("all.jfr");
    ChildJvm.Result result =
        jvm(road, "-XX:StartFlightRecording:settings=" + SETTINGS + ",filename=" + file, "-Dpopol.record.open=true")
            .run(Recorded.class.getName());
    assertEquals(0, result.exitCode(), result.output());
    assertEquals(DONE, result.output().lines().filter(DONE::contains).toList(), "it works: " + result.output());
    Map<String, List<RecordedEvent>> events = read(file);
    assertEquals(ALL, events.keySet(), "one of each at least");
    assertEquals(Set.of("events", "timeout", "interrupt"), values(events.get("popol.Wait"), "end"), "why waits ended");
    assertTrue(values(events.get("popol.Wait"), "timeout").contains("1000000"), "how long they could take");
    assertEquals(Set.of("waker"), values(events.get("popol.Wake"), "key"), "who was woken");
    assertEquals(6, events.get("popol.Register").size(), "each source");
    assertEquals(Set.of("READ"), values(events.get("popol.Register"), "interest"), "what is waited for");
    assertEquals(Set.of("pipe 0"), values(events.get("popol.Unregister"), "key"), "what was taken out");
    assertEquals(Set.of("pipe 1"), values(events.get("popol.Invalid"), "key"), "what was closed, also where unread");
    assertEquals(6, events.get("popol.LookUp").size(), "without the flags each is looked for");
    assertEquals(values(events.get("popol.Register"), "descriptor"), values(events.get("popol.LookUp"), "descriptor"),
        "what was found is what is watched");
    assertTrue(values(events.get("popol.Unclosed"), "place").iterator().next().contains("Recorded.leave"),
        "where it was opened");
    assertTrue(result.output().contains("never closed") && result.output().contains("Recorded.leave"),
        "the log says so too: " + result.output());
  }

  @ParameterizedTest
  @EnumSource
  void byItselfARecordingHearsWhatIsWrongAndNothingElse(Road road) throws Exception {
    Path file = directory.resolve("default.jfr");
    ChildJvm.Result result =
        jvm(road, "-XX:StartFlightRecording:filename=" + file).run(Recorded.class.getName());
    assertEquals(Set.of("popol.Invalid", "popol.Unclosed"), read(file).keySet(), result.output());
    assertTrue(result.output().contains("-Dpopol.record.open=true"), "how to be told where: " + result.output());
  }

  @ParameterizedTest
  @EnumSource
  void anEventIsSwitchedOnByItsName(Road road) throws Exception {
    Path file = directory.resolve("one.jfr");
    ChildJvm.Result result = jvm(road, "-XX:StartFlightRecording:filename=" + file + ",+popol.Wake#enabled=true")
        .run(Recorded.class.getName());
    assertEquals(Set.of("popol.Invalid", "popol.Unclosed", "popol.Wake"), read(file).keySet(), result.output());
  }

  @ParameterizedTest
  @EnumSource
  void withoutARecordingNothingIsLoadedForIt(Road road) throws Exception {
    ChildJvm.Result result = jvm(road, "-Xlog:class+load").run(Recorded.class.getName());
    List<String> loaded = result.output().lines().filter(line -> line.contains("[class,load]"))
        .filter(line -> line.contains(" jdk.jfr.") || line.contains("popol.engine.Record")).toList();
    assertEquals(Set.of("jdk.jfr.FlightRecorder", "popol.engine.Recorder"),
        loaded.stream().map(line -> line.replaceAll(".*] (\\S+) .*", "$1"))
            .collect(Collectors.toSet()),
        "loaded: " + loaded);
    assertEquals(DONE, result.output().lines().filter(DONE::contains).toList(), "it works: " + result.output());
  }

  @ParameterizedTest
  @EnumSource
  void itWorksInAJdkWithoutTheRecorder(Road road) throws Exception {
    ChildJvm.Result result =
        jvm(road, "--limit-modules", "java.base,java.logging" + (road == Road.MODULE_PATH ? ",popol.linux" : ""))
            .run(Recorded.class.getName());
    assertEquals(DONE, result.output().lines().filter(DONE::contains).toList(), "it works: " + result.output());
    assertEquals(0, result.exitCode(), result.output());
  }

  /** A bundle's class loader does not see the recorder's internals, of which event classes need some. */
  @Test
  @Tag("framework")
  void bundlesAreRecorded() throws Exception {
    Path file = directory.resolve("osgi.jfr");
    try (Recording recording = new Recording()) {
      for (String name : ALL) {
        recording.enable(name).withThreshold(Duration.ZERO);
      }
      recording.start();
      try (Osgi osgi = Osgi.launchPopol(directory.resolve("storage"));
          Consumer consumer = Consumer.start(osgi, "plugin")) {
        assertEquals("hello", consumer.probe().echo("hello"));
        UnderWay all = UnderWay.start(consumer.probe());
        all.talk().exchange("hello");
        consumer.bundle().stop();
        all.assertEnded("the stop of a plugin");
      }
      recording.stop();
      recording.dump(file);
    }
    Map<String, List<RecordedEvent>> events = read(file);
    assertTrue(events.keySet().containsAll(Set.of("popol.Wait", "popol.Register", "popol.LookUp")),
        "heard of: " + events.keySet());
    assertTrue(values(events.get("popol.Wait"), "end").containsAll(Set.of("events", "close")),
        "why waits ended: " + values(events.get("popol.Wait"), "end"));
    assertFalse(values(events.get("popol.Register"), "registry").isEmpty(), "by registry");
  }
}
