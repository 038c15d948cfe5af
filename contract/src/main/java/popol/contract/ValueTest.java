package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;

/** The values of the API: interests and sources. */
class ValueTest extends ContractTest {

  private static final Interest ALL = Interest.READ_WRITE.plus(Interest.PRIORITY).plus(Interest.READ_CLOSED)
      .plus(Interest.ONCE);

  @Test
  @DisplayName("API: an interest is a set, which plus, minus and includes work on")
  void set() {
    assertSame(Interest.READ_WRITE, Interest.READ.plus(Interest.WRITE), "reading and writing");
    assertSame(Interest.READ_WRITE, Interest.READ_WRITE.plus(Interest.READ), "adding what is there changes nothing");
    assertSame(Interest.WRITE, Interest.READ_WRITE.minus(Interest.READ), "taking away");
    assertSame(Interest.NONE, Interest.READ.minus(ALL), "taking away more than is there");
    assertSame(Interest.READ, Interest.READ.minus(Interest.PRIORITY), "taking away what is not there");
    assertTrue(ALL.includes(Interest.READ_WRITE), "all of it is in the whole");
    for (Interest part : new Interest[] {Interest.PRIORITY, Interest.READ_CLOSED, Interest.ONCE}) {
      assertTrue(ALL.includes(part), "each is in the whole: " + part);
      assertFalse(ALL.minus(part).includes(part), "and not if it is taken away: " + part);
      assertSame(ALL, ALL.minus(part).plus(part), "and is again if it is added: " + part);
    }
    assertFalse(Interest.READ.includes(Interest.READ_WRITE), "half is not all");
    assertTrue(Interest.NONE.includes(Interest.NONE) && Interest.READ.includes(Interest.NONE), "none is in each");
  }

  @Test
  @DisplayName("API: an interest's text names what is in it")
  void text() {
    assertEquals("READ", Interest.READ.toString(), "one");
    assertEquals("READ+WRITE", Interest.READ_WRITE.toString(), "two");
    assertEquals("READ+WRITE+PRIORITY+READ_CLOSED+ONCE", ALL.toString(), "all");
    assertEquals("NONE", Interest.NONE.toString(), "none");
  }

  @Test
  @DisplayName("API: null is no interest and no source, and the message says which argument it was")
  void nulls() {
    assertTrue(message(() -> Interest.READ.plus(null)).contains("interest"), "plus");
    assertTrue(message(() -> Interest.READ.minus(null)).contains("interest"), "minus");
    assertTrue(message(() -> Interest.READ.includes(null)).contains("interest"), "includes");
    assertTrue(message(() -> Source.of((Pipe.SourceChannel) null)).contains("channel"), "channel");
    assertTrue(message(() -> Source.of((Socket) null)).contains("socket"), "socket");
    assertTrue(message(() -> Source.of((ServerSocket) null)).contains("socket"), "server socket");
    assertTrue(message(() -> Source.of((DatagramSocket) null)).contains("socket"), "datagram socket");
    assertTrue(message(() -> Source.of((FileDescriptor) null)).contains("descriptor"), "descriptor");
    assertTrue(message(() -> Source.of((PipeSource) null)).contains("pipe"), "pipe");
    assertTrue(message(() -> Source.of((PipeSink) null)).contains("pipe"), "pipe");
    assertTrue(message(() -> Source.of(7, null)).contains("owner"), "owner");
  }

  @Test
  @DisplayName("API: a source tells its owner and has a text for a log")
  void source() throws Exception {
    Pipe pipe = pipe();
    assertSame(pipe.source(), Source.of(pipe.source()).owner(), "the owner is what the source was made of");
    assertEquals(7L, Source.of(7).owner(), "a raw descriptor's owner is its number");
    assertEquals("descriptor 7", Source.of(7).toString(), "the text of a raw descriptor");
    assertSame(FileDescriptor.in, Source.stdin().owner(), "standard input's owner is the JDK's descriptor");
    assertEquals("standard input", Source.stdin().toString(), "the text of standard input");
    assertEquals(7, Source.of(7).descriptor(), "a raw descriptor is the one that was named");
    assertEquals(-1, Source.of(pipe.source()).descriptor(), "a channel's is found when it is registered");
    assertFalse(Source.of(pipe.source()).isOwned(), "a source is its user's");
    assertEquals(pipe.source().toString(), Source.of(pipe.source()).toString(), "the text of a channel");
  }

  @Test
  @DisplayName("API: the service is for this system and names its native call")
  void service() {
    assertTrue(Host.popol().isSupported(), "the service that was found works here");
    assertFalse(Host.popol().mechanism().isBlank(), "the native call has a name");
  }

  private static String message(Runnable call) {
    return assertThrows(NullPointerException.class, call::run, "null is refused").getMessage();
  }
}
