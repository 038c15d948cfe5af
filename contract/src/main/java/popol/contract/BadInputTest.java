package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.net.Socket;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import popol.Interest;
import popol.Source;

/** Errors: each says what is wrong, and leaves the registry as it was. */
class BadInputTest extends ContractTest {

  private static final Duration NEGATIVE = Duration.ofNanos(-1);

  @AfterEach
  void stillWorks() throws Exception {
    Pipe pipe = readyPipe();
    sources.register("after", pipe.source(), Interest.READ);
    assertNow(Map.of("after", "readable"), "errors: the registry works on after an error");
  }

  @Test
  @DisplayName("errors: a null key")
  void nullKey() throws Exception {
    Pipe.SourceChannel source = pipe().source();
    isNull("key", () -> sources.register(null, source, Interest.READ));
    isNull("key", () -> sources.register(null, Source.of(source), Interest.READ));
    isNull("key", () -> sources.unregister(null));
    isNull("key", () -> sources.enable(null, Interest.READ));
    isNull("key", () -> sources.disable(null, Interest.READ));
    isNull("key", () -> sources.interest(null, Interest.READ));
    isNull("key", () -> sources.interest(null));
    isNull("key", () -> sources.waker(null));
    isNull("key", () -> sources.timer(null, Duration.ZERO));
    isNull("key", () -> sources.timer(null, Duration.ZERO, Duration.ofHours(1)));
    isNull("key", () -> sources.source(null));
    isNull("key", () -> sources.contains(null));
    assertTrue(sources.isEmpty(), "errors: nothing was registered");
  }

  @Test
  @DisplayName("errors: a null source, channel, interest, delay, timeout")
  void nullArguments() throws Exception {
    Pipe.SourceChannel source = pipe().source();
    sources.register("key", pipe().source(), Interest.READ);
    isNull("source", () -> sources.register("other", (Source) null, Interest.READ));
    isNull("channel", () -> sources.register("other", (SelectableChannel) null, Interest.READ));
    isNull("interest", () -> sources.register("other", source, null));
    isNull("interest", () -> sources.enable("key", null));
    isNull("interest", () -> sources.disable("key", null));
    isNull("interest", () -> sources.interest("key", null));
    isNull("delay", () -> sources.timer("other", null));
    isNull("delay", () -> sources.timer("other", null, Duration.ofHours(1)));
    isNull("period", () -> sources.timer("other", Duration.ZERO, null));
    isNull("timeout", () -> sources.poll(null));
    assertEquals(1, sources.size(), "errors: nothing was registered");
  }

  @Test
  @DisplayName("rule 7, 19: a negative timeout or delay is refused, and the message shows it")
  void negative() {
    for (Duration time : new Duration[] {NEGATIVE, Duration.ofSeconds(Long.MIN_VALUE), Duration.ofDays(-1)}) {
      refused(time.toString(), () -> sources.poll(time));
      refused(time.toString(), () -> sources.timer("timer", time));
      refused("delay is negative: " + time, () -> sources.timer("timer", time, Duration.ofHours(1)));
      refused("period is negative: " + time, () -> sources.timer("timer", Duration.ofHours(1), time));
    }
    refused("period is zero", () -> sources.timer("timer", Duration.ofHours(1), Duration.ZERO));
    assertTrue(sources.isEmpty(), "errors: nothing was registered");
  }

  @Test
  @PosixOnly
  @DisplayName("errors: a number that cannot be a descriptor is refused, and the message shows it")
  void absurdDescriptor() {
    for (long number : new long[] {-1, Long.MIN_VALUE, Integer.MAX_VALUE + 1L, 1L << 32, Long.MAX_VALUE}) {
      refused(Long.toString(number), () -> sources.register("key", Source.of(number), Interest.READ));
    }
    assertTrue(sources.isEmpty(), "errors: nothing was registered");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 15: the largest number that could be a descriptor is none: invalid, once")
  void largestDescriptor() throws Exception {
    sources.register("key", Source.of(Integer.MAX_VALUE), Interest.READ);
    assertNext(Map.of("key", "invalid"), "rule 15: it is no descriptor");
    assertTrue(sources.isEmpty(), "rule 15: its entry is removed");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 13: a regular file is always readable and writable")
  void regularFile() throws Exception {
    Path file = Files.createTempFile("popol", null);
    try (FileInputStream stream = new FileInputStream(file.toFile())) {
      sources.register("file", Source.of(stream.getFD()), Interest.READ);
      for (int i = 0; i < 3; i++) {
        assertNow(Map.of("file", "readable"), "rule 13: reading a file does not block, also at its end");
      }
      sources.interest("file", Interest.READ_WRITE);
      assertNow(Map.of("file", "readable writable"), "rule 13: nor does writing");
      sources.interest("file", Interest.NONE);
      assertSilent("rule 13: nothing is asked for");
      sources.interest("file", Interest.READ);
      assertNext(Map.of("file", "readable"), "rule 13: asked for again");
      sources.unregister("file");
    } finally {
      Files.delete(file);
    }
    assertNow(NOTHING, "rule 3: it was unregistered");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 17: a directory and a device do no harm: they are always ready, or invalid")
  void directory() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Posix.write(pipe.second(), "x");
    int directory = Posix.open("/tmp");
    keep(() -> Posix.close(directory));
    int device = Posix.open("/dev/null");
    keep(() -> Posix.close(device));
    sources.register("directory", Source.of(directory), Interest.READ);
    sources.register("device", Source.of(device), Interest.READ);
    sources.register("pipe", Source.of(pipe.first()), Interest.READ);
    Map<String, String> found = now();
    assertEquals("readable", found.get("pipe"), "rule 17: the good one is reported");
    assertEquals("readable", found.get("device"), "rule 13: /dev/null is always ready");
    assertTrue(found.get("directory").matches("readable|invalid"), "rule 13: a directory: " + found);
    sources.keys().forEach(sources::unregister);
  }

  @Test
  @DisplayName("errors: closed owners of each kind are refused, and the message says so")
  void closedOwners() throws Exception {
    Socket socket = new Socket();
    socket.close();
    refused("closed", () -> sources.register("key", Source.of(socket), Interest.READ));
    Link link = link();
    link.near().close();
    refused("closed", () -> sources.register("key", link.near(), Interest.READ));
    refused("closed", () -> sources.register("key", Source.of(link.near().socket()), Interest.READ));
    refused("closed", () -> sources.register("key", Source.of(new FileDescriptor()), Interest.READ));
    assertTrue(sources.isEmpty(), "errors: nothing was registered");
  }

  @Test
  @DisplayName("errors: a socket that has no descriptor yet is refused, and the message says what to do")
  void unboundSocket() throws Exception {
    try (Socket socket = new Socket()) {
      refused("bound", () -> sources.register("key", Source.of(socket), Interest.READ));
    }
    assertTrue(sources.isEmpty(), "errors: nothing was registered");
  }

  @Test
  @DisplayName("errors: what was refused has changed nothing of what is registered")
  void nothingChanged() throws Exception {
    Source source = Source.of(pipe().source());
    sources.register("source", source, Interest.READ);
    sources.waker("waker");
    sources.timer("timer", Duration.ofHours(1), Duration.ofHours(1));
    Pipe.SourceChannel other = readyPipe().source();
    for (String key : new String[] {"source", "waker", "timer"}) {
      refused("the key " + key + " is registered already", () -> sources.register(key, other, Interest.READ));
      refused("the key " + key + " is registered already", () -> sources.waker(key));
    }
    refused("the key source is registered already", () -> sources.timer("source", Duration.ZERO));
    refused("the key waker is registered already", () -> sources.timer("waker", Duration.ZERO, Duration.ofHours(1)));
    refused("the key waker is a waker, which has no interest", () -> sources.interest("waker", Interest.NONE));
    refused("the key timer is a timer, which has no interest", () -> sources.enable("timer", Interest.READ));
    refused("the key timer is a timer, which has no interest", () -> sources.disable("timer", Interest.READ));
    refused("negative", () -> sources.timer("timer", NEGATIVE));
    refused("zero", () -> sources.timer("timer", Duration.ZERO, Duration.ZERO));
    isNull("interest", () -> sources.interest("source", null));
    assertEquals(Set.of("source", "waker", "timer"), sources.keys(), "errors: the entries are the same");
    assertSame(source, sources.source("source").orElseThrow(), "errors: with the same source");
    assertEquals(Optional.of(Interest.READ), sources.interest("source"), "errors: and the same interest");
    assertSilent("errors: nothing is heard of what was refused, and the timer is not set anew");
    sources.keys().forEach(sources::unregister);
  }

  @Test
  @DisplayName("errors: a closed registry is not changed by a null argument, nor an open one")
  void nullAndClosed() throws Exception {
    Pipe.SourceChannel source = pipe().source();
    sources.close();
    assertThrows(ClosedSelectorException.class, () -> sources.register("key", source, Interest.READ), "rule 10");
    isNull("key", () -> sources.register(null, source, Interest.READ));
    isNull("timeout", () -> sources.poll(null));
    sources = keep(Host.open());
  }

  @Test
  @DisplayName("errors: an unknown key is an answer and no error")
  void unknownKey() throws Exception {
    assertFalse(sources.unregister("nobody"), "rule 3: it was not there");
    assertFalse(sources.contains("nobody"), "rule 3: it is not there");
    assertTrue(sources.interest("nobody").isEmpty(), "rule 3: it has no interest");
  }

  private static void isNull(String argument, Executable call) {
    String message = assertThrows(NullPointerException.class, call, "errors: null is refused").getMessage();
    assertTrue(message.contains(argument), "errors: the message says which argument it was: " + message);
  }

  private static void refused(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call, "errors: it is refused").getMessage();
    assertTrue(message.contains(part), "errors: the message says what is wrong: " + message);
  }
}
