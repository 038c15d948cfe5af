package popol.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;

/** Popol's own pipe the other way round, and child processes that read from it. */
class PipeSinkTest extends ContractTest {

  private static final int MUCH = Emulation.times(1 << 20); // bytes

  @Test
  @DisplayName("PipeSink: writes do not block: what has room, then 0; more when something has been read")
  void write() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    byte[] text = text(300_000);
    ByteBuffer source = ByteBuffer.wrap(text).asReadOnlyBuffer();
    try (FileInputStream reader = new FileInputStream(pipe.readEnd())) {
      assertEquals(0, pipe.write(ByteBuffer.allocate(0)), "nothing is to be written");
      int first = fill(pipe, source);
      assertTrue(first > 0 && source.hasRemaining(), "it is full some time: " + first);
      assertEquals(first, source.position(), "the buffer is as far as what was written");
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      while (read.size() < text.length) {
        fill(pipe, source);
        read.writeBytes(read(reader, Math.min(text.length - read.size(), 10_000)));
      }
      assertArrayEquals(text, read.toByteArray(), "all bytes come, one after the other");
    }
  }

  @Test
  @DisplayName("PipeSink: direct and array buffers, at any position and limit")
  void buffers() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    try (FileInputStream reader = new FileInputStream(pipe.readEnd())) {
      ByteBuffer direct = ByteBuffer.allocateDirect(6).put("abcdef".getBytes()).position(2).limit(5);
      assertEquals(3, pipe.write(direct), "from the position to the limit");
      assertEquals(5, direct.position(), "the position is at the limit");
      assertEquals(2, pipe.write(ByteBuffer.wrap("ghijkl".getBytes(), 1, 2)), "from the position to the limit");
      assertEquals("cdehi", new String(read(reader, 5)), "these and no others");
    }
  }

  @Test
  @DisplayName("rule 13: writable as long as there is room")
  void writable() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    try (FileInputStream reader = new FileInputStream(pipe.readEnd())) {
      sources.register("pipe", Source.of(pipe), Interest.WRITE);
      assertNow(Map.of("pipe", "writable"), "rule 13: it is empty");
      int written = fill(pipe, ByteBuffer.allocate(300_000));
      assertNow(NOTHING, "rule 13: it is full");
      if (Emulation.tellsOfRoom()) {
        assertSilent("rule 13: and stays so");
      }
      read(reader, written);
      assertNext(Map.of("pipe", "writable"), "rule 13: it has been read");
      sources.interest("pipe", Interest.READ);
      assertSilent("rule 13: there is nothing to read from it");
    }
  }

  /** That many bytes. {@code readNBytes(int)} would ask for the length of the file, which a pipe of Windows has not. */
  private static byte[] read(FileInputStream reader, int count) throws IOException {
    byte[] bytes = new byte[count];
    assertEquals(count, reader.readNBytes(bytes, 0, count), "all that was written can be read");
    return bytes;
  }

  /** Writes until there is no room. */
  private static int fill(PipeSink pipe, ByteBuffer source) throws IOException {
    int total = 0;
    int written;
    do {
      written = pipe.write(source);
      total += written;
    } while (written > 0);
    return total;
  }

  @Test
  @DisplayName("rule 13: much goes through a child and back, in one loop that never blocks")
  void throughChild() throws Exception {
    byte[] text = text(MUCH);
    assertEquals(toString(text), pass(Children.copier(), text), "all that the child was given comes back");
  }

  @Test
  @DisplayName("rule 13: a child is given all before it writes anything")
  void throughSorter() throws Exception {
    byte[] text = text(MUCH);
    String sorted = toString(text).lines().sorted().collect(Collectors.joining("\n", "", "\n"));
    String passed = pass(Children.sorter(), text);
    assertEquals(sorted, passed.lines().sorted().collect(Collectors.joining("\n", "", "\n")), "all lines come back");
  }

  /** What a child writes that is given a text; both of its streams are pipes in one registry. */
  private String pass(ProcessBuilder builder, byte[] text) throws Exception {
    PipeSink input = keep(Host.openSink());
    PipeSource output = keep(Host.openPipe());
    Process child = input.start(builder.redirectOutput(output.writeEnd()));
    output.closeWriteEnd();
    sources.register("input", Source.of(input), Interest.WRITE);
    sources.register("output", Source.of(output), Interest.READ);
    ByteBuffer source = ByteBuffer.wrap(text);
    ByteBuffer target = ByteBuffer.allocate(10_000);
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    while (!sources.isEmpty()) {
      Events<String> events = sources.poll(SOON);
      assertFalse(events.isEmpty(), "rule 13: something is ready, after " + source.position() + " bytes of input and "
          + passed.size() + " of output");
      for (Event<String> event : events) {
        if (event.key().equals("input")) {
          input.write(source);
          if (!source.hasRemaining()) {
            sources.unregister("input");
            input.close();
          }
        } else if (output.read(target.clear()) < 0) {
          sources.unregister("output");
        } else {
          passed.write(target.array(), 0, target.position());
        }
      }
    }
    PipeStartTest.end(child);
    assertEquals(0, child.exitValue(), "the child ends well");
    return passed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  @DisplayName("rule 14: closing the pipe ends the child's input, and nothing of it is lost")
  void halfClose() throws Exception {
    PipeSink input = keep(Host.openSink());
    PipeSource output = keep(Host.openPipe());
    Process child = input.start(Children.copier().redirectOutput(output.writeEnd()));
    output.closeWriteEnd();
    sources.register("input", Source.of(input), Interest.NONE);
    assertEquals(6, input.write(ByteBuffer.wrap("last x".getBytes())), "there is room");
    input.close();
    assertInvalid("input", "rule 15: the pipe is closed");
    assertEquals("last x", PipeSourceTest.readAll(output).strip(), "the child has read it, and then the end");
    PipeStartTest.end(child);
  }

  @Test
  @DisplayName("rule 15: a child that ends without reading: an error, once without interest; a write says so")
  void childGone() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    sources.register("none", Source.of(pipe), Interest.NONE);
    assertNow(NOTHING, "rule 15: both ends are open");
    PipeStartTest.end(pipe.start(Children.shell("exit 0", "exit 0")));
    assertError("none", "rule 15: NONE hears of it");
    assertSilent("rule 15: once");
    sources.interest("none", Interest.WRITE);
    String found = next().get("none");
    assertTrue(found.contains("writable"), "rule 13: a writer is told that a write will not block: " + found);
    assertNobodyReads(pipe);
    assertNobodyReads(pipe);
    assertTrue(pipe.isOpen(), "an error does not close it");
  }

  @Test
  @DisplayName("rule 15: a child that ends while its pipe is full and waited on")
  void childGoneWhileFull() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    Process child = pipe.start(Children.shell("exec sleep 100", "ping -n 100 127.0.0.1"));
    sources.register("pipe", Source.of(pipe), Interest.WRITE);
    assertNext(Map.of("pipe", "writable"), "rule 13: it is empty");
    fill(pipe, ByteBuffer.allocate(300_000));
    child.descendants().forEach(ProcessHandle::destroyForcibly);
    child.destroyForcibly();
    String found;
    do {
      found = next().get("pipe");
      assertNotNull(found, "rule 15: it is heard of");
    } while (!isError(found));
    assertTrue(found.contains("writable"), "rule 13: a writer is told that a write will not block: " + found);
    assertNobodyReads(pipe);
    PipeStartTest.end(child);
  }

  private void assertError(String key, String rule) throws Exception {
    String found = next().get(key);
    assertTrue(found != null && isError(found), rule + ": " + found);
  }

  /** Systems call it differently. */
  private static boolean isError(String found) {
    return found.contains("error") || found.contains("hangup");
  }

  static void assertNobodyReads(PipeSink pipe) {
    ByteBuffer source = ByteBuffer.allocate(1);
    String message = assertThrows(IOException.class, () -> pipe.write(source), "nobody can read it").getMessage();
    assertTrue(message.contains("nobody can read"), "the message says why: " + message);
    assertEquals(0, source.position(), "nothing was written");
  }

  @Test
  @DisplayName("PipeSink: what nobody has got the read end of cannot be written to once that is closed")
  void readEndClosed() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    sources.register("pipe", Source.of(pipe), Interest.NONE);
    pipe.closeReadEnd();
    pipe.closeReadEnd();
    assertNobodyReads(pipe);
    assertError("pipe", "rule 15: NONE hears of it");
    assertThrows(IllegalStateException.class, pipe::readEnd, "a closed read end cannot be given to anybody");
  }

  @Test
  @DisplayName("PipeSink: after close it is closed, and close can be called again")
  void closed() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    assertTrue(pipe.isOpen(), "open at first");
    sources.register("key", Source.of(pipe), Interest.NONE);
    pipe.close();
    pipe.close();
    pipe.closeReadEnd();
    assertInvalid("key", "rule 15: it was closed while registered");
    assertFalse(pipe.isOpen(), "closed");
    assertThrows(ClosedChannelException.class, () -> pipe.write(ByteBuffer.allocate(1)),
        "a closed pipe is not written");
    assertThrows(ClosedChannelException.class, () -> pipe.write(ByteBuffer.allocate(0)), "not even nothing");
    assertTrue(assertThrows(NullPointerException.class, () -> pipe.write(null)).getMessage().contains("source"),
        "the message says what is null");
    assertThrows(IllegalArgumentException.class, () -> sources.register("key", Source.of(pipe), Interest.WRITE),
        "rule 16: a closed pipe is not registered");
    assertTrue(pipe.toString().matches("PipeSink\\[.*, closed]"), "its text says so: " + pipe);
  }

  @Test
  @DisplayName("rule 23: a pipe that the registry owns is closed with it, so that its child's input ends")
  void owned() throws Exception {
    PipeSink pipe = keep(Host.openSink());
    Process child = pipe.start(Children.copier());
    sources.register("pipe", Source.of(pipe).owned(), Interest.NONE);
    sources.close();
    assertFalse(pipe.isOpen(), "rule 23: closed with its registry");
    assertNull(child.inputReader().readLine(), "rule 23: the child has read the end");
    PipeStartTest.end(child);
  }

  /** Lines with an x, in an order that is not that of a sorter. */
  private static byte[] text(int size) {
    return IntStream.iterate(size, number -> number - 1)
        .limit(size / 10)
        .mapToObj(number -> String.format("x%08d", number * 7L % 100_000_000) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String toString(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }
}
