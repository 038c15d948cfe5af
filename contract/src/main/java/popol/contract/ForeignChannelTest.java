package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.Channel;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.Source;

/** Rules 5, 15 and 16 for a descriptor that belongs to another library's channel. */
@PosixOnly
class ForeignChannelTest extends ContractTest {

  /** Such a channel: a serial port's, say. */
  private static final class Port implements Channel {

    private final int descriptor;
    private volatile boolean open = true;

    Port(int descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        Posix.close(descriptor);
      }
    }

    @Override
    public String toString() {
      return "Port[" + descriptor + "]";
    }
  }

  private Port open(Posix.Pair pipe) throws IOException {
    return keep(new Port(Posix.dup(pipe.first())));
  }

  @Test
  @DisplayName("rule 13: its descriptor is watched, and its event has the source")
  void watched() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Port port = open(pipe);
    Source source = Source.of(port.descriptor, port);
    assertSame(port, source.owner(), "the owner is the channel");
    assertEquals(port.descriptor, source.descriptor(), "the descriptor is the one that was named");
    assertEquals("descriptor " + port.descriptor + " of " + port, source.toString(), "the text has both");
    sources.register("port", source, Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was written");
    Posix.write(pipe.second(), "x");
    for (Event<String> event : sources.poll(SOON)) {
      assertEquals("readable", Found.words(event), "rule 13: a byte was written");
      assertSame(source, event.source(), "rule 6: the same object");
    }
  }

  @Test
  @DisplayName("rule 5: it is kept reachable while it is registered, and left open afterwards")
  void reachable() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    WeakReference<Port> port = registerAndDrop(pipe);
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    assertNotNull(port.get(), "rule 5: the registry keeps it");
    Posix.write(pipe.second(), "x");
    assertNow(Map.of("port", "readable"), "rule 5: and it works");
    sources.unregister("port");
    assertTrue(port.get().isOpen(), "rule 5: it is not closed");
  }

  private WeakReference<Port> registerAndDrop(Posix.Pair pipe) throws IOException {
    int descriptor = Posix.dup(pipe.first());
    keep(() -> Posix.close(descriptor)); // which does not keep the channel
    Port port = new Port(descriptor);
    sources.register("port", Source.of(descriptor, port), Interest.READ);
    return new WeakReference<>(port);
  }

  @Test
  @DisplayName("rule 16: closed while it is registered it is invalid, once, and gets no event of the number's next owner")
  void closed() throws Exception {
    for (int i = 0; i < 50; i++) {
      Posix.Pair pipe = Posix.pipe();
      Port port = new Port(pipe.first());
      sources.register("port", Source.of(port.descriptor, port), Interest.READ);
      if (i % 2 == 0) {
        assertNow(NOTHING, "rule 13: nothing was written");
      }
      port.close();
      Posix.Pair ready = keep(Posix.pipe()); // gets the number
      Posix.write(ready.second(), "x");
      Port next = new Port(ready.first());
      sources.register("next", Source.of(next.descriptor, next), Interest.READ);
      assertNow(Map.of("port", "invalid", "next", "readable"), "rule 16: each event has its own key");
      assertNow(Map.of("next", "readable"), "rule 16: reported once");
      assertFalse(sources.contains("port"), "rule 16: it is gone");
      sources.unregister("next");
      ready.close();
      Posix.close(pipe.second());
    }
  }

  @Test
  @DisplayName("rule 2, 16: closed it is refused, and makes way")
  void closedBefore() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    Port port = open(pipe);
    Port other = open(pipe);
    sources.register("port", Source.of(port.descriptor, port), Interest.READ);
    String message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("again", Source.of(port.descriptor, other), Interest.READ), "rule 2").getMessage();
    assertTrue(message.contains("port") && message.contains("again"), "rule 2: the message names both: " + message);
    port.close();
    message = assertThrows(IllegalArgumentException.class,
        () -> sources.register("again", Source.of(port.descriptor, port), Interest.READ), "rule 16").getMessage();
    assertTrue(message.contains("closed"), "rule 16: the message says what is wrong: " + message);
    sources.register("port", Source.of(other.descriptor, other), Interest.READ);
    Posix.write(pipe.second(), "x");
    assertNow(Map.of("port", "readable"), "rule 2: the closed one has made way");
  }

  @Test
  @DisplayName("errors: a channel that is null, a number that cannot be a descriptor")
  void badInput() throws Exception {
    assertTrue(assertThrows(NullPointerException.class, () -> Source.of(7, null)).getMessage().contains("owner"),
        "errors: the message says which argument it was");
    Port port = new Port(-5);
    assertThrows(IllegalArgumentException.class, () -> sources.register("key", Source.of(-5, port), Interest.READ),
        "errors: a negative number is no descriptor");
    assertTrue(sources.isEmpty(), "errors: nothing was registered");
  }

  @Test
  @DisplayName("rule 17: a channel that fails when it is asked whether it is open costs no other source an event")
  void failing() throws Exception {
    Channel failing = new Channel() {
      @Override
      public boolean isOpen() {
        throw new IllegalStateException("disposed of");
      }

      @Override
      public void close() {}
    };
    try (Posix.Pair pipe = Posix.pipe()) {
      sources.register("failing", Source.of(pipe.first(), failing), Interest.READ);
      sources.register("ready", readyPipe().source(), Interest.READ);
      for (int i = 0; i < 3; i++) {
        assertNext(Map.of("ready", "readable"), "rule 17: the other one is heard of");
      }
      assertTrue(sources.unregister("failing"), "rule 3: it was there");
    }
  }
}
