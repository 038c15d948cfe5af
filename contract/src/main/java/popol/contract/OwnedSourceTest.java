package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;

/** Rule 23: sources that a registry owns. */
class OwnedSourceTest extends ContractTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final String CLOSED = "rule 23: a source that is owned is closed with its registry";
  private static final String OPEN = "rule 23: a source that is not owned stays open";

  @Test
  @DisplayName("rule 23: owned sources of each kind are closed with their registry, others are not")
  void eachKind() throws Exception {
    Link link = link();
    Pipe pipe = pipe();
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    Socket socket = keep(new Socket(HERE, server.getLocalPort()));
    DatagramSocket datagrams = keep(new DatagramSocket(0, HERE));
    PipeSource input = keep(Host.openPipe());
    PipeSink output = keep(Host.openSink());
    keep(new FileInputStream(output.readEnd())); // a pipe of Windows takes nothing before it has a reader
    sources.register("channel", Source.of(link.near()).owned(), Interest.READ);
    sources.register("pipe", Source.of(pipe.source()).owned(), Interest.READ);
    sources.register("server", Source.of(server).owned(), Interest.READ);
    sources.register("socket", Source.of(socket).owned(), Interest.READ);
    sources.register("datagrams", Source.of(datagrams).owned(), Interest.NONE);
    sources.register("input", Source.of(input).owned(), Interest.READ);
    sources.register("output", Source.of(output).owned(), Interest.WRITE);
    sources.register("other channel", Source.of(link.far()), Interest.READ);
    sources.register("other pipe", pipe.sink(), Interest.NONE);
    Set<String> heard = new HashSet<>();
    while (heard.size() < 2) {
      heard.addAll(next().keySet());
    }
    assertEquals(Set.of("output", "server"), heard, "rule 13: owned ones are heard of like any others");
    sources.close();
    assertFalse(link.near().isOpen(), CLOSED);
    assertFalse(pipe.source().isOpen(), CLOSED);
    assertTrue(server.isClosed() && socket.isClosed() && datagrams.isClosed(), CLOSED);
    assertFalse(input.isOpen() || output.isOpen(), CLOSED);
    assertTrue(link.far().isOpen() && pipe.sink().isOpen(), OPEN);
  }

  @Test
  @DisplayName("rule 23: unregister gives an owned source back, open")
  void unregistered() throws Exception {
    Link link = link();
    sources.register("key", Source.of(link.near()).owned(), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was sent");
    assertTrue(sources.unregister("key"), "rule 3: it was there");
    sources.close();
    assertTrue(link.near().isOpen(), "rule 23: what has been given back is not closed");
    Link.send(link.near(), "x");
    assertEquals("x", Link.receive(link.far()), "rule 23: and works");
  }

  @Test
  @DisplayName("rule 23: an owned source is closed in whichever state it is: silent, found, reported, dead")
  void anyState() throws Exception {
    Link silent = link();
    Link found = link();
    Link dead = link();
    sources.register("silent", Source.of(silent.near()).owned(), Interest.NONE);
    sources.register("found", Source.of(found.near()).owned(), Interest.WRITE);
    sources.register("dead", Source.of(dead.near()).owned(), Interest.READ);
    silent.near().shutdownOutput();
    silent.far().close();
    String hangup = next().get("silent");
    assertTrue(hangup == null || hangup.equals("hangup"), "rule 15: once: " + hangup);
    dead.near().close();
    sources.poll(Duration.ZERO);
    Link fresh = link();
    sources.register("fresh", Source.of(fresh.near()).owned(), Interest.READ);
    sources.close();
    assertFalse(silent.near().isOpen() || found.near().isOpen() || fresh.near().isOpen(), CLOSED);
  }

  @Test
  @DisplayName("rule 23: what popol cannot close cannot be owned, and the message says so")
  void refused() throws Exception {
    for (Source source : List.of(Source.of(7), Source.stdin(), Source.of(FileDescriptor.out))) {
      String message = assertThrows(IllegalArgumentException.class, source::owned, "rule 23: not owned").getMessage();
      assertTrue(message.contains(source.toString()) && message.contains("close"), "errors: it says why: " + message);
      assertFalse(source.isOwned(), "rule 23: the source is as it was");
    }
  }

  @Test
  @DisplayName("rule 23: owned is the same source, but for who closes it")
  void same() throws Exception {
    Pipe pipe = readyPipe();
    Source source = Source.of(pipe.source());
    Source owned = source.owned();
    assertTrue(owned.isOwned() && owned.owned().isOwned(), "rule 23: it is owned, also asked for twice");
    assertFalse(source.isOwned(), "rule 23: the source it was made of is not");
    assertSame(pipe.source(), owned.owner(), "rule 23: it has the same owner");
    assertEquals(source.toString(), owned.toString(), "rule 23: and the same text");
    sources.register("key", owned, Interest.READ);
    assertSame(owned, sources.source("key").orElseThrow(), "rule 3: the object that was registered");
    for (Event<String> event : sources.poll(SOON)) {
      assertSame(owned, event.source(), "rule 6: the object that was registered");
    }
  }

  /** A channel that says when it is closed, and can refuse. */
  private class Tracked implements Channel {

    private final Pipe pipe;
    private final String name;
    private final List<String> log;
    private final Throwable failure; // what close throws, or null
    private boolean open = true;

    Tracked(String name, List<String> log, Throwable failure) throws IOException {
      this.pipe = pipe();
      this.name = name;
      this.log = log;
      this.failure = failure;
    }

    Source source() throws Exception {
      return Source.of(keep(Posix.pipe()).first(), this).owned();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      pipe.source().close();
      synchronized (log) {
        log.add(name);
      }
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 23: all are closed, whatever one of them throws; the registry is closed, and the rest is kept in the error")
  void oneThrows() throws Exception {
    for (Throwable failure : List.of(new IOException("full"), new IllegalStateException("a bug"),
        new AssertionError())) {
      List<String> log = new ArrayList<>();
      sources.register("a", new Tracked("a", log, null).source(), Interest.READ);
      sources.register("b", new Tracked("b", log, failure).source(), Interest.READ);
      sources.register("c", new Tracked("c", log, null).source(), Interest.READ);
      Throwable thrown = assertThrows(Throwable.class, sources::close, "rule 23: close says that one was not closed");
      if (failure instanceof IOException) {
        assertSame(failure, assertThrows(UncheckedIOException.class, () -> {
          throw thrown;
        }).getCause(), "rule 23: the channel's own exception");
      } else {
        assertSame(failure, thrown, "rule 23: the channel's own exception");
      }
      assertEquals(Set.of("a", "b", "c"), new HashSet<>(log), "rule 23: all others are closed");
      assertEquals(3, log.size(), "rule 23: each once");
      assertFalse(sources.isOpen(), "rule 10: the registry is closed");
      sources.close(); // a second call does nothing
      assertEquals(3, log.size(), "rule 23: each once");
      sources = keep(Host.open());
    }
  }

  @Test
  @PosixOnly
  @DisplayName("rule 23: where several throw, no exception is lost")
  void allThrow() throws Exception {
    List<String> log = new ArrayList<>();
    Set<Throwable> failures = new HashSet<>();
    for (String name : List.of("a", "b", "c", "d")) {
      Throwable failure = name.equals("c") ? new IllegalStateException(name) : new IOException(name);
      failures.add(failure);
      sources.register(name, new Tracked(name, log, failure).source(), Interest.READ);
    }
    Throwable thrown = assertThrows(Throwable.class, sources::close, "rule 23: close says that some were not closed");
    Throwable first = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
    Set<Throwable> told = new HashSet<>(List.of(first.getSuppressed()));
    told.add(first);
    assertEquals(failures, told, "rule 23: each failure is told");
    assertEquals(4, log.size(), "rule 23: all are closed");
  }

  @Test
  @PosixOnly
  @DisplayName("rule 10, 23: they are closed after the wait has ended and the registry's own is freed, without its lock")
  void afterEverythingElse() throws Exception {
    int before = Leftovers.openDescriptors().size();
    Tracked[] channel = new Tracked[1];
    List<String> problems = new ArrayList<>();
    Waiting[] waiting = new Waiting[1];
    int[] freed = new int[1];
    channel[0] = new Tracked("key", new ArrayList<>(), null) {
      @Override
      public void close() throws IOException {
        check(problems, "the wait has ended", () -> waiting[0].isDone());
        freed[0] = Leftovers.openDescriptors().size();
        check(problems, "the registry is closed, and no lock is held", () -> !sources.isOpen());
        check(problems, "the registry answers", () -> sources.describe().contains("closed"));
        super.close();
      }
    };
    sources.register("key", channel[0].source(), Interest.READ);
    int with = Leftovers.openDescriptors().size();
    waiting[0] = Waiting.on(sources);
    sources.close();
    waiting[0].thrown(ClosedSelectorException.class, "rule 10: close ends the wait");
    assertEquals(List.of(), problems, "rule 23: what a channel sees when it is closed");
    assertFalse(channel[0].isOpen(), CLOSED);
    assertTrue(freed[0] < with,
        "rule 23: the registry's own descriptors are closed before: " + freed[0] + " of " + with);
    assertTrue(before > 0 || freed[0] == 0, "the system shows open descriptors");
  }

  /** Asked on another thread, which has none of this one's locks. */
  private static void check(List<String> problems, String what, BooleanSupplier question) {
    try {
      boolean is = CompletableFuture.supplyAsync(() -> {
        await(question);
        return true;
      }, Thread.ofPlatform().daemon()::start).get(20, TimeUnit.SECONDS);
      if (!is) {
        problems.add("not so: " + what);
      }
    } catch (Exception e) {
      problems.add("not so: " + what + ": " + e);
    }
  }

  @Test
  @DisplayName("rule 23: a peer sees the end of its connection when the registry that owns it is closed")
  void peerSeesEnd() throws Exception {
    Link link = link();
    sources.register("key", Source.of(link.near()).owned(), Interest.READ);
    Waiting waiting = Waiting.on(sources);
    sources.close();
    waiting.thrown(ClosedSelectorException.class, "rule 10: close ends the wait");
    SocketChannel far = link.far();
    try (var other = Host.<String>open()) {
      other.register("far", far, Interest.READ);
      String found = Found.in(other.poll(SOON)).get("far");
      assertTrue(found.startsWith("readable"), "rule 14: the end is readable: " + found);
    }
    assertEquals(null, Link.receive(far), "rule 23: the connection has ended");
  }

  @Test
  @DisplayName("rule 16, 23: an owned source that its user closes is reported invalid, like any other")
  void closedByUser() throws Exception {
    Pipe pipe = pipe();
    sources.register("key", Source.of(pipe.source()).owned(), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing is there");
    pipe.source().close();
    assertNext(Map.of("key", "invalid"), "rule 16: it was closed");
    assertTrue(sources.isEmpty(), "rule 16: and is gone");
  }
}
