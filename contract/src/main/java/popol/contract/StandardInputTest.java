package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/**
 * What standard input is, for a process that was started with one or another, which {@code Suite --stdin} names. It
 * needs no flag of the JVM.
 */
class StandardInputTest extends ContractTest {

  /** Printed when a line on standard input is waited for. */
  static final String WAITING = "waiting for a line";

  /** What the process was started with. */
  enum Kind { CLOSED, NULL, FILE, PIPE, TERMINAL, BACKGROUND }

  private static volatile Kind kind = Kind.NULL;

  private final FileInputStream in = new FileInputStream(FileDescriptor.in);

  static void expect(String name) {
    kind = Kind.valueOf(name);
  }

  private static void assume(Kind... kinds) {
    for (Kind one : kinds) {
      if (kind == one) {
        return;
      }
    }
    assumeTrue(false, "standard input is another one: " + kind);
  }

  private String line() throws IOException {
    byte[] line = new byte[100];
    int count = in.read(line);
    return count < 0 ? null : new String(line, 0, count);
  }

  @Test
  @DisplayName("rule 15: standard input that was closed when the process was started is invalid, once")
  void closed() throws Exception {
    assume(Kind.CLOSED);
    assertTrue(FileDescriptor.in.valid(), "to Java it is open: the number is that of a file of the JVM's own");
    for (int i = 0; i < 2; i++) {
      sources.register("stdin", Source.stdin(), Interest.READ);
      assertNext(Map.of("stdin", "invalid"), "rule 15: it is reported");
      assertNow(NOTHING, "rule 15: once");
      assertFalse(sources.contains("stdin"), "rule 15: and is gone");
    }
  }

  @Test
  @DisplayName("rule 13: /dev/null as standard input is always readable, which is its end")
  void nothing() throws Exception {
    assume(Kind.NULL);
    sources.register("stdin", Source.stdin(), Interest.READ);
    for (int i = 0; i < 3; i++) {
      assertNext(Map.of("stdin", "readable"), "rule 13: it is readable");
      assertEquals(null, line(), "rule 14: the end");
    }
    in.close();
    assertNext(Map.of("stdin", "invalid"), "rule 16: the program has closed it");
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("stdin", Source.stdin(), Interest.READ), "rule 16: it is closed").getMessage();
    assertTrue(message.contains("standard input is closed"), "rule 16: the message says so: " + message);
  }

  @Test
  @DisplayName("rule 13: a file as standard input is always readable, at its end too")
  void file() throws Exception {
    assume(Kind.FILE);
    sources.register("stdin", Source.stdin(), Interest.READ);
    assertNext(Map.of("stdin", "readable"), "rule 13: it is readable");
    assertEquals("line\n", line(), "rule 13: what it has");
    assertNext(Map.of("stdin", "readable"), "rule 13: its end is readable");
    assertEquals(null, line(), "rule 14: the end");
  }

  @Test
  @DisplayName("rule 13, 14: a pipe or a terminal as standard input is readable when there is a line, and at its end")
  void lines() throws Exception {
    assume(Kind.PIPE, Kind.TERMINAL);
    sources.register("stdin", Source.stdin(), Interest.READ);
    assertSilent("rule 13: nothing was written");
    System.out.println(WAITING);
    String found = next().get("stdin");
    assertTrue(found.startsWith("readable"), "rule 13: it is readable: " + found);
    assertEquals("line\n", line(), "rule 13: what was written");
    if (kind == Kind.PIPE) {
      found = next().get("stdin");
      assertTrue(found.startsWith("readable"), "rule 14: the end is readable: " + found);
      assertEquals(null, line(), "rule 14: the end");
    }
  }

  @Test
  @DisplayName("rule 13: a job in the background waits for the terminal without being stopped; reading would stop it")
  void background() throws Exception {
    assume(Kind.BACKGROUND);
    sources.register("stdin", Source.stdin(), Interest.READ);
    System.out.println(WAITING);
    String found = next().get("stdin");
    assertTrue(found.startsWith("readable"), "rule 13: what was typed for the shell is seen: " + found);
  }
}
