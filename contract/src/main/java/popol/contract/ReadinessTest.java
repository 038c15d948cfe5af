package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.Source;

/** Rule 13: readiness is level-triggered, and its kinds are distinct. */
class ReadinessTest extends ContractTest {

  @Test
  @DisplayName("rule 6, 13: three pairs of sockets: each byte makes one event, under the right key")
  void threePairs() throws Exception {
    Map<String, Link> links = new HashMap<>();
    for (String key : List.of("a", "b", "c")) {
      links.put(key, link());
      sources.register(key, links.get(key).near(), Interest.READ);
    }
    assertNow(NOTHING, "rule 6: nothing is ready");
    for (String key : links.keySet()) {
      Link.send(links.get(key).far(), key);
      assertNext(Map.of(key, "readable"), "rule 13: one event, readable and nothing else");
      assertEquals(key, Link.receive(links.get(key).near()), "rule 13: the byte that was sent");
      assertNow(NOTHING, "rule 13: what is consumed is not reported");
    }
  }

  @Test
  @DisplayName("rule 13: readable until consumed, and not after")
  void levelOfRead() throws Exception {
    Pipe pipe = pipe();
    sources.register("key", pipe.source(), Interest.READ);
    Link.send(pipe.sink(), "ab");
    for (int i = 0; i < 3; i++) {
      assertNext(Map.of("key", "readable"), "rule 13: reported until it is consumed");
    }
    assertEquals(1, pipe.source().read(ByteBuffer.allocate(1)), "a part of it");
    assertNow(Map.of("key", "readable"), "rule 13: the rest is still there");
    assertEquals(1, pipe.source().read(ByteBuffer.allocate(1)), "the rest");
    assertNow(NOTHING, "rule 13: all is consumed");
  }

  @Test
  @DisplayName("rule 13: writable is repeated while there is room, and not after it is full")
  void levelOfWrite() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ_WRITE);
    for (int i = 0; i < 3; i++) {
      assertNow(Map.of("key", "writable"), "rule 13: reported while there is room, and not readable");
    }
    fill(link.near());
    assertNow(NOTHING, "rule 13: there is no room");
    ByteBuffer drain = ByteBuffer.allocate(1 << 16);
    Waiting waiting = Waiting.on(sources);
    while (!waiting.isDone()) {
      link.far().read(drain.clear());
    }
    assertEquals(Map.of("key", "writable"), waiting.found(), "rule 13: there is room again");
  }

  /** Until no room has come up in a moment: the other side's system may take some of it late. */
  private void fill(SocketChannel channel) throws Exception {
    ByteBuffer block = ByteBuffer.allocate(1 << 16);
    do {
      while (channel.write(block.clear()) > 0) {
        continue;
      }
    } while (!sources.poll(MOMENT).isEmpty());
  }

  @Test
  @DisplayName("rule 3, 13: disable silences, NONE is silent, enable revives with the data that waits")
  void silencedAndRevived() throws Exception {
    sources.register("key", readyPipe().source(), Interest.READ);
    assertNow(Map.of("key", "readable"), "rule 13: it is ready");
    sources.disable("key", Interest.READ);
    assertEquals(Optional.of(Interest.NONE), sources.interest("key"), "rule 3: nothing is left of the interest");
    assertSilent("rule 13: no interest, no event");
    sources.enable("key", Interest.READ);
    assertNow(Map.of("key", "readable"), "rule 13: the data is still there");
  }

  @Test
  @DisplayName("rule 13: only what the interest asks for is reported")
  void onlyWanted() throws Exception {
    Link link = link();
    Link.send(link.far(), "x");
    sources.register("key", link.near(), Interest.READ);
    assertNext(Map.of("key", "readable"), "rule 13: readable, though writable too");
    sources.interest("key", Interest.WRITE);
    assertNow(Map.of("key", "writable"), "rule 13: writable, though readable too");
    sources.interest("key", Interest.READ_WRITE);
    assertNow(Map.of("key", "readable writable"), "rule 13: both in one event");
    sources.interest("key", Interest.PRIORITY);
    assertNow(NOTHING, "rule 13: ordinary data is no priority");
  }

  @Test
  @DisplayName("rule 13, 14: three writers on threads: all bytes whole, then each end, and nothing else")
  void threeWriters() throws Exception {
    int size = 100_000;
    Map<String, SocketChannel> readers = new HashMap<>();
    List<FutureTask<Void>> writers = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      Link link = link();
      readers.put(key, link.near());
      sources.register(key, link.near(), Interest.READ);
      writers.add(new FutureTask<>(() -> {
        link.far().configureBlocking(true);
        Link.send(link.far(), key.repeat(size));
        link.far().close();
        return null;
      }));
    }
    writers.forEach(Thread.ofPlatform()::start);
    Map<String, StringBuilder> texts = new HashMap<>();
    while (!sources.isEmpty()) {
      for (Event<String> event : sources.poll(SOON)) {
        assertTrue(event.isReadable(), "rule 14: data and end are readable: " + event);
        String text = Link.receive(readers.get(event.key()));
        if (text == null) {
          sources.unregister(event.key());
        } else {
          texts.computeIfAbsent(event.key(), key -> new StringBuilder()).append(text);
        }
      }
    }
    for (FutureTask<Void> writer : writers) {
      writer.get(30, TimeUnit.SECONDS);
    }
    texts.forEach((key, text) -> assertEquals(key.repeat(size), text.toString(), "rule 13: nothing lost or mixed"));
    assertEquals(3, texts.size(), "rule 13: all three were heard");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 13: urgent data is PRIORITY and never readable, until it is taken")
  void urgent() throws Exception {
    try (ServerSocketChannel server = Link.listener()) {
      int near = Posix.socket();
      keep(() -> Posix.close(near));
      Posix.connect(near, server.socket().getLocalPort());
      SocketChannel far = keep(server.accept());
      sources.register("key", Source.of(near), Interest.READ.plus(Interest.PRIORITY));
      assertNow(NOTHING, "rule 13: nothing was sent");
      far.socket().sendUrgentData('!');
      if (!Emulation.tellsOfUrgentData()) {
        assertSilent("rule 13: this system does not tell of urgent data, and it is not readable");
        return;
      }
      assertNext(Map.of("key", "priority"), "rule 13: urgent data is priority and not readable");
      assertNow(Map.of("key", "priority"), "rule 13: until it is taken");
      sources.interest("key", Interest.READ);
      assertSilent("rule 13: no phantom read, no spin");
      sources.interest("key", Interest.READ.plus(Interest.PRIORITY));
      assertEquals("!", Posix.recv(near, 1, Posix.MSG_OOB), "the urgent byte");
      assertNow(NOTHING, "rule 13: it was taken");
      Link.send(far, "x");
      assertNext(Map.of("key", "readable"), "rule 13: ordinary data is readable and no priority");
      assertEquals("x", Posix.read(near, 1), "the ordinary byte");
    }
  }

  @Test
  @DisplayName("rule 13: an urgent byte without inline delivery is no phantom read for a JDK channel, and no spin")
  void urgentForChannel() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ);
    link.far().socket().sendUrgentData('!');
    assertSilent("rule 13: urgent data is not readable");
    Link.send(link.far(), "x");
    assertNext(Map.of("key", "readable"), "rule 13: ordinary data is");
    assertEquals("x", Link.receive(link.near()), "rule 13: and is read without the urgent byte");
    assertNow(NOTHING, "rule 13: all is consumed");
  }

  @Test
  @DisplayName("rule 13: a half-close by the peer is readable, read gives the end, and writing still works")
  void halfCloseByPeer() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ);
    link.far().shutdownOutput();
    assertNext(Map.of("key", "readable"), "rule 14: the end of stream is readable, and no hang-up: we can still write");
    assertNull(Link.receive(link.near()), "rule 14: read gives the end");
    assertNow(Map.of("key", "readable"), "rule 13: the end stays");
    sources.interest("key", Interest.WRITE);
    assertNow(Map.of("key", "writable"), "rule 13: the other direction is open");
    Link.send(link.near(), "still");
    sources.register("far", link.far(), Interest.READ);
    sources.unregister("key");
    assertNext(Map.of("far", "readable"), "rule 13: the other direction is open");
    assertEquals("still", Link.receive(link.far()), "rule 13: the other direction is open");
  }

  @Test
  @DisplayName("rule 15: a peer that has ended its stream makes no event and no work where nobody reads or writes")
  void halfCloseDoesNotSpin() throws Exception {
    for (Interest interest : new Interest[] {Interest.NONE, Interest.PRIORITY}) {
      Link link = link();
      sources.register("key", link.near(), Interest.READ);
      link.far().shutdownOutput();
      assertNext(Map.of("key", "readable"), "rule 14: the end is readable");
      assertNull(Link.receive(link.near()), "rule 14: read gives the end");
      sources.interest("key", interest);
      now(); // on Windows it is a hang-up, once
      long cpu = cpuTime();
      assertEquals(NOTHING, Found.in(sources.poll(Duration.ofMillis(200))), "rule 15: nothing to " + interest);
      cpu = cpuTime() - cpu;
      assertTrue(cpu < 100_000_000, "rule 15: the wait sleeps and does not spin: " + cpu + " ns of 200 ms");
      sources.interest("key", Interest.WRITE);
      assertNext(Map.of("key", "writable"), "rule 13: the other direction is open");
      sources.interest("key", Interest.READ);
      assertNext(Map.of("key", "readable"), "rule 13: the end stays");
      sources.unregister("key");
    }
  }

  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  @DisplayName("rule 13: a half-close by ourselves changes nothing in what we can read")
  void halfCloseByUs() throws Exception {
    Link link = link();
    sources.register("key", link.near(), Interest.READ);
    link.near().shutdownOutput();
    assertSilent("rule 13: nothing was sent to us");
    Link.send(link.far(), "x");
    assertNext(Map.of("key", "readable"), "rule 13: what the peer sends is readable");
    assertEquals("x", Link.receive(link.near()), "rule 13: what the peer sends is readable");
    link.far().shutdownOutput();
    Map<String, String> end = next();
    assertTrue(end.getOrDefault("key", "").startsWith("readable"), "rule 14: then the end is readable: " + end);
    assertNull(Link.receive(link.near()), "rule 14: read gives the end");
  }
}
