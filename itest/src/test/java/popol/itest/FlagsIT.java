package popol.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static popol.itest.Attempt.CONNECTED_CHANNEL;
import static popol.itest.Attempt.CONNECTED_VIEW;
import static popol.itest.Attempt.DATAGRAM_CHANNEL;
import static popol.itest.Attempt.DATAGRAM_SOCKET;
import static popol.itest.Attempt.FILE;
import static popol.itest.Attempt.OPEN;
import static popol.itest.Attempt.OPEN_PIPE;
import static popol.itest.Attempt.PIPE_SINK;
import static popol.itest.Attempt.PIPE_SOURCE;
import static popol.itest.Attempt.SERVER_CHANNEL;
import static popol.itest.Attempt.SERVER_SOCKET;
import static popol.itest.Attempt.SOCKET;
import static popol.itest.Attempt.TERMINAL;
import static popol.itest.Attempt.UNBOUND_DATAGRAM_CHANNEL;
import static popol.itest.Attempt.UNBOUND_DATAGRAM_SOCKET;
import static popol.itest.Attempt.UNBOUND_SERVER_CHANNEL;
import static popol.itest.Attempt.UNBOUND_SERVER_SOCKET;
import static popol.itest.Attempt.UNCONNECTED_CHANNEL;
import static popol.itest.Attempt.UNCONNECTED_SOCKET;
import static popol.itest.Attempt.UNCONNECTED_VIEW;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The flags of the JVM: what works without, what the error says where one is missing, and that it says the truth. */
@Timeout(60)
class FlagsIT {

  private static final String DENY = "--illegal-native-access=deny";
  private static final Pattern FLAG = Pattern.compile("--[a-z-]+[ =][\\w./-]+(=[\\w.-]*\\w)?");

  /** What has no address to be found by, and no secret but its descriptor. */
  private static final Attempt[] NEED_EXPORT = {
    PIPE_SOURCE, PIPE_SINK, FILE, TERMINAL, UNCONNECTED_CHANNEL, UNCONNECTED_VIEW, UNBOUND_SERVER_CHANNEL,
    UNBOUND_DATAGRAM_CHANNEL
  };

  /** A socket that was made without a channel, and has no address either. */
  private static final Attempt[] NEED_OPEN = {UNBOUND_DATAGRAM_SOCKET};

  /** Sockets that have no descriptor before they have an address. */
  private static final Attempt[] NEED_ADDRESS = {UNCONNECTED_SOCKET, UNBOUND_SERVER_SOCKET};

  /** Sockets that are found by their addresses. */
  private static final Attempt[] NEED_NONE = {
    CONNECTED_CHANNEL, CONNECTED_VIEW, SERVER_CHANNEL, DATAGRAM_CHANNEL, SOCKET, SERVER_SOCKET, DATAGRAM_SOCKET
  };

  @ParameterizedTest
  @EnumSource
  void aDeniedNativeCallNamesItsFlag(Road road) throws Exception {
    // Twice: the second time must not fail for a class that the first one left uninitialized.
    Map<Attempt, String> denied = road.run(Jars.POPOL, List.of(DENY), OPEN, OPEN_PIPE);
    for (String answer : denied.values()) {
      assertTrue(answer.startsWith("java.lang.IllegalStateException: popol may not call native code"), answer);
      assertEquals(List.of(road.nativeAccess()), flags(answer), answer);
    }
    List<String> flags = arguments(denied.get(OPEN));
    flags.add(DENY);
    assertDone(road.run(Jars.POPOL, flags, OPEN, OPEN_PIPE), OPEN, OPEN_PIPE);
  }

  /** What JDKs after 24 warn of and later ones will deny; a warning would be among the answers. */
  @ParameterizedTest
  @EnumSource
  void nothingIsNeededThatNewerReleasesDeny(Road road) throws Exception {
    List<String> flags = new ArrayList<>(List.of(DENY, "--sun-misc-unsafe-memory-access=deny", road.nativeAccess()));
    if (Runtime.version().feature() >= 26) {
      flags.add("--illegal-final-field-mutation=deny");
    }
    flags.addAll(List.of((road.export() + " " + road.open()).split(" ")));
    List<Attempt> attempts = new ArrayList<>(List.of(Attempt.values()));
    attempts.removeAll(List.of(NEED_ADDRESS));
    Attempt[] all = attempts.toArray(Attempt[]::new);
    assertDone(road.run(Jars.POPOL, flags, all), all);
  }

  @ParameterizedTest
  @EnumSource
  void aSourceThatNeedsTheExportNamesIt(Road road) throws Exception {
    Map<Attempt, String> denied = road.run(Jars.POPOL, List.of(road.nativeAccess()), NEED_EXPORT);
    assertAll(denied.values().stream().map(answer -> () -> {
      assertTrue(answer.startsWith("java.lang.IllegalStateException: popol cannot get at the descriptor of "), answer);
      assertEquals(List.of(road.export()), flags(answer), answer);
    }));
    List<String> flags = arguments(denied.get(PIPE_SOURCE));
    flags.add(road.nativeAccess());
    assertDone(road.run(Jars.POPOL, flags, NEED_EXPORT), NEED_EXPORT);
  }

  @ParameterizedTest
  @EnumSource
  void aSocketWithoutChannelNamesBothFlags(Road road) throws Exception {
    String denied = road.run(Jars.POPOL, List.of(road.nativeAccess()), NEED_OPEN).get(UNBOUND_DATAGRAM_SOCKET);
    assertTrue(denied.startsWith("java.lang.IllegalStateException: popol cannot get at the descriptor of "), denied);
    assertTrue(denied.contains("bind or connect it first"), denied);
    assertEquals(List.of(road.export(), road.open()), flags(denied), denied);
    List<String> flags = arguments(denied);
    flags.add(road.nativeAccess());
    assertDone(road.run(Jars.POPOL, flags, NEED_OPEN), NEED_OPEN);
  }

  @ParameterizedTest
  @EnumSource
  void aSocketThatNoFlagCanHelpSaysSo(Road road) throws Exception {
    for (List<String> flags : List.of(List.<String>of(), arguments(road.export() + ", " + road.open()))) {
      List<String> all = new ArrayList<>(flags);
      all.add(road.nativeAccess());
      for (String answer : road.run(Jars.POPOL, all, NEED_ADDRESS).values()) {
        assertTrue(answer.contains(" is neither bound nor connected: register it when it is"), answer);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSocketWithAnAddressNeedsNoFlag(Road road) throws Exception {
    assertDone(road.run(Jars.POPOL, List.of(road.nativeAccess()), NEED_NONE), NEED_NONE);
  }

  @ParameterizedTest
  @EnumSource
  void aSocketWithAnAddressIsFoundWithTheFlagsToo(Road road) throws Exception {
    List<String> flags = arguments(road.export() + ", " + road.open());
    flags.add(road.nativeAccess());
    assertDone(road.run(Jars.POPOL, flags, NEED_NONE), NEED_NONE);
  }

  @Test
  void anExecutableJarCarriesTheFlags(@TempDir Path directory) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Attempt.class.getName());
    main.put(Attributes.Name.CLASS_PATH, Stream.concat(Jars.POPOL.stream(), Stream.of(Jars.tests()))
        .map(jar -> jar.toUri().toString())
        .collect(Collectors.joining(" ")));
    main.putValue("Enable-Native-Access", "ALL-UNNAMED");
    main.putValue("Add-Exports", "java.base/sun.nio.ch");
    main.putValue("Add-Opens", "java.base/java.net");
    Path jar = Jars.write(directory.resolve("app.jar"), manifest, Map.of());
    ChildJvm jvm = new ChildJvm().flags(DENY, "-jar");
    ChildJvm.Result result = jvm.run(
        jar.toString(), OPEN.name(), PIPE_SOURCE.name(), TERMINAL.name(), UNBOUND_DATAGRAM_SOCKET.name());
    assertDone(Road.answers(jvm, result), OPEN, PIPE_SOURCE, TERMINAL, UNBOUND_DATAGRAM_SOCKET);
  }

  private static void assertDone(Map<Attempt, String> answers, Attempt... expected) {
    assertEquals(List.of(expected), List.copyOf(answers.keySet()), "every attempt gives an answer");
    assertAll(answers.entrySet().stream()
        .map(answer -> () -> assertEquals(Attempt.DONE, answer.getValue(), answer.getKey().name())));
  }

  /** The flags in a message, as they stand there. */
  private static List<String> flags(String message) {
    return FLAG.matcher(message).results().map(MatchResult::group).toList();
  }

  /** The flags in a message, as arguments of the java command. */
  private static List<String> arguments(String message) {
    List<String> arguments = new ArrayList<>();
    for (String flag : flags(message)) {
      arguments.addAll(List.of(flag.split(" ")));
    }
    return arguments;
  }
}
