package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The chat in real terminals, with keys typed one by one. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "script has other options elsewhere")
class ChatIT {

  private static final String BACKSPACE = "\177";
  private static final String CTRL_C = "\003";
  private static final String CTRL_D = "\004";
  private static final String SETTINGS = "before=(\\S+)\r";
  private static final String TYPED = "\n> "; // and then what is being typed, up to the end of what was shown

  /** A shell that shows the terminal's settings before the chat and after it, and then ends as the chat did. */
  private static PseudoTerminal start(String... arguments) throws Exception {
    return new PseudoTerminal("trap : INT; echo before=$(stty -g); "
        + PseudoTerminal.quote(Launch.withoutExport(Chat.class, arguments))
        + "; code=$?; echo after=$(stty -g); exit $code");
  }

  private static int port(PseudoTerminal terminal) throws Exception {
    return Integer.parseInt(terminal.expect("on port (\\d+), peers: 0").group(1));
  }

  private static void expectSettings(PseudoTerminal terminal, String before) throws Exception {
    assertEquals(before, terminal.expect("after=(\\S+)\r").group(1), "the terminal's settings are as they were");
  }

  @Test
  void showsKeysAsTheyAreTypedAndTheClock() throws Exception {
    try (PseudoTerminal terminal = start("me", "0")) {
      String before = terminal.expect(SETTINGS).group(1);
      port(terminal);
      terminal.type("h");
      terminal.expect(TYPED + "h");
      terminal.type("e");
      terminal.expect(TYPED + "he");
      terminal.type("x");
      terminal.expect(TYPED + "hex");
      terminal.type(BACKSPACE);
      terminal.expect(TYPED + "he\r");
      terminal.type("\033[A"); // an arrow, which does nothing
      terminal.type("\u20ac");
      terminal.expect(TYPED + "he\u20ac");
      terminal.type("\n");
      terminal.expect("me: he\u20ac\r");
      String time = terminal.expect(" (\\d\\d:\\d\\d:\\d\\d) ").group(1);
      terminal.expect(" (?!" + time + ")\\d\\d:\\d\\d:\\d\\d ");
      terminal.type(CTRL_D);
      expectSettings(terminal, before);
      terminal.expectExit(0);
    }
  }

  @Test
  void talksWhileALineIsBeingTyped() throws Exception {
    try (PseudoTerminal one = start("one", "0")) {
      int port = port(one);
      try (PseudoTerminal two = start("two", "0", "127.0.0.1:" + port)) {
        two.expect("connected to /127.0.0.1:" + port);
        two.expect("peers: 1");
        one.expect("has come");
        one.type("half");
        one.expect(TYPED + "half");
        two.type("hello\n");
        one.expect("two: hello\r");
        one.expect(TYPED + "half"); // the line is still there
        one.type(" done\n");
        two.expect("one: half done\r");
        two.type(CTRL_D);
        two.expectExit(0);
      }
      one.expect("has left: bye");
      one.expect("peers: 0");
      one.type(CTRL_D);
      one.expectExit(0);
    }
  }

  @Test
  void restoresTheTerminalOnCtrlC() throws Exception {
    try (PseudoTerminal terminal = start("me", "0")) {
      String before = terminal.expect(SETTINGS).group(1);
      port(terminal);
      terminal.type("x");
      terminal.expect(TYPED + "x");
      terminal.type(CTRL_C);
      expectSettings(terminal, before);
      terminal.expectExit(128 + 2); // as of all programs that this signal ends
    }
  }

  @Test
  void restoresTheTerminalWhereItCannotListen() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PseudoTerminal terminal = start("me", Integer.toString(other.getLocalPort()))) {
      String before = terminal.expect(SETTINGS).group(1);
      terminal.expect("BindException");
      expectSettings(terminal, before);
      terminal.expectExit(1);
    }
  }

  @Test
  void saysWhoDoesNotAnswerAndObeysNobody() throws Exception {
    int closed;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = server.getLocalPort();
    }
    try (PseudoTerminal terminal = start("me", "0", "127.0.0.1:" + closed)) {
      int port = port(terminal);
      terminal.expect("has left: Connection refused");
      try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        terminal.expect("has come");
        peer.getOutputStream().write("\033]0;title\007 evil\n".getBytes());
        terminal.expect("\\?\\]0;title\\? evil\r");
        peer.getOutputStream().write("\u009b2J \u009d0;title\u009c \u202eturned\n".getBytes()); // of the other set
        terminal.expect("\\?2J \\?0;title\\? \\?turned\r");
        peer.getOutputStream().write("no end".getBytes());
      }
      terminal.expect("no end\r");
      assertFalse(terminal.toString().contains("\033]0;title"), "what a peer sends does not command the terminal");
      terminal.expect("has left: bye");
      terminal.type(CTRL_D);
      terminal.expectExit(0);
    }
  }

  @Test
  void needsATerminal() throws Exception {
    try (Child child = new Child(Launch.withoutExport(Chat.class, "me", "0"))) {
      assertNotEquals(0, child.expectExit(1).size(), "it says why");
    }
  }
}
