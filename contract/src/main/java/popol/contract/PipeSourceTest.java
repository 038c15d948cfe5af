package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Source;
import popol.Sources;

/** Popol's own pipe, and child processes that write to it. */
class PipeSourceTest extends ContractTest {

  @Test
  @DisplayName("PipeSource: reads do not block: 0 where nothing is there, or no room; -1 at the end")
  void read() throws Exception {
    PipeSource pipe = keep(Host.openPipe());
    ByteBuffer buffer = ByteBuffer.allocate(10);
    assertEquals(0, pipe.read(buffer), "nothing is there");
    try (FileOutputStream writer = new FileOutputStream(pipe.writeEnd())) {
      writer.write("hello".getBytes());
      assertEquals(0, pipe.read(ByteBuffer.allocate(0)), "the buffer has no room");
      assertEquals(5, pipe.read(buffer), "all that is there");
      pipe.closeWriteEnd();
      pipe.closeWriteEnd();
      assertEquals(0, pipe.read(buffer), "there is still a writer");
    }
    assertEquals(-1, pipe.read(buffer), "the last writer is gone");
    assertThrows(IllegalStateException.class, pipe::writeEnd, "a closed write end cannot be given to anybody");
  }

  @Test
  @DisplayName("PipeSource: direct and array buffers of any size, at any position")
  void buffers() throws Exception {
    PipeSource pipe = keep(Host.openPipe());
    try (FileOutputStream writer = new FileOutputStream(pipe.writeEnd())) {
      writer.write("abcdef".getBytes());
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(5).position(3);
    assertEquals(2, pipe.read(direct), "as much as there is room");
    assertEquals('b', direct.get(4), "at the buffer's position");
    ByteBuffer large = ByteBuffer.allocate(100_000);
    assertEquals(4, pipe.read(large), "as much as there is");
    assertEquals('c', large.get(0), "the bytes follow each other");
  }

  @Test
  @DisplayName("PipeSource: after close it is closed, and close can be called again")
  void closed() throws Exception {
    PipeSource pipe = keep(Host.openPipe());
    assertTrue(pipe.isOpen(), "open at first");
    pipe.close();
    pipe.close();
    pipe.closeWriteEnd();
    assertFalse(pipe.isOpen(), "closed");
    assertThrows(ClosedChannelException.class, () -> pipe.read(ByteBuffer.allocate(1)), "a closed pipe is not read");
    assertThrows(IllegalArgumentException.class, () -> sources.register("key", Source.of(pipe), Interest.READ),
        "rule 16: a closed pipe is not registered");
    assertTrue(pipe.toString().matches("PipeSource\\[.*, closed]"), "its text says so: " + pipe);
  }

  @Test
  @DisplayName("rule 13, 14: a child's output and its end are seen in the wait")
  void child() throws Exception {
    PipeSource output = keep(Host.openPipe());
    sources.register("child", Source.of(output), Interest.READ);
    assertNow(NOTHING, "rule 13: there is no child yet");
    Process child = output.start(
        Children.shell("echo one; read line; echo $line", "echo one& set /p line=& call echo %line%"));
    assertNext(Map.of("child", "readable"), "rule 13: the child has written");
    assertEquals("one\n", line(output), "the child's first line");
    assertSilent("rule 13: the child waits for input");
    child.outputWriter().append("two\n").close();
    Map<String, String> more = next(); // the child may have ended already
    assertTrue(more.get("child").startsWith("readable"), "rule 13: the child has written again: " + more);
    assertEquals("two\n", line(output), "the child's second line");
    Map<String, String> end = next();
    assertTrue(end.get("child").startsWith("readable"), "rule 14: the child's end is readable: " + end);
    assertNull(Link.receive(output), "rule 14: read gives the end");
    PipeStartTest.end(child);
    assertEquals(0, child.exitValue(), "the child ended well");
  }

  @Test
  @DisplayName("rule 13, 14: the outputs of several children arrive whole, then each end")
  void children() throws Exception {
    Map<String, PipeSource> outputs = new HashMap<>();
    Map<String, StringBuilder> texts = new HashMap<>();
    Map<String, Process> children = new HashMap<>();
    for (String key : new String[] {"a", "b", "c"}) {
      PipeSource output = keep(Host.openPipe());
      outputs.put(key, output);
      texts.put(key, new StringBuilder());
      children.put(key, output.start(Children.shell(
          "i=0; while [ $i -lt 2000 ]; do echo " + key + "$i; i=$((i+1)); done",
          "for /l %i in (0,1,1999) do @echo " + key + "%i")));
      sources.register(key, Source.of(output), Interest.READ);
    }
    while (!sources.isEmpty()) {
      for (Event<String> event : sources.poll(SOON)) {
        String text = Link.receive(outputs.get(event.key()));
        if (text == null) {
          sources.unregister(event.key());
        } else {
          texts.get(event.key()).append(text);
        }
      }
    }
    for (String key : children.keySet()) {
      String[] lines = texts.get(key).toString().split("\r?\n");
      assertEquals(2_000, lines.length, "rule 13: all lines of child " + key);
      assertEquals(key + 1_999, lines[1_999], "rule 14: the last line comes before the end");
      PipeStartTest.end(children.get(key));
      assertEquals(0, children.get(key).exitValue(), "the child ended well");
    }
  }

  @Test
  @DisplayName("PipeSource: a buffer that cannot be written to is refused before anything is read")
  void unwritableBuffer() throws Exception {
    PipeSource pipe = keep(Host.openPipe());
    try (FileOutputStream writer = new FileOutputStream(pipe.writeEnd())) {
      writer.write("hello".getBytes());
    }
    ByteBuffer buffer = ByteBuffer.allocate(16).position(3);
    ByteBuffer freed;
    try (Arena arena = Arena.ofConfined()) {
      freed = arena.allocate(16).asByteBuffer();
    }
    assertThrows(ReadOnlyBufferException.class, () -> pipe.read(buffer.asReadOnlyBuffer()), "it is read-only");
    assertThrows(ReadOnlyBufferException.class, () -> pipe.read(ByteBuffer.allocate(0).asReadOnlyBuffer()),
        "it is read-only, room or not");
    assertThrows(IllegalStateException.class, () -> pipe.read(freed), "its memory has been freed");
    assertTrue(assertThrows(NullPointerException.class, () -> pipe.read(null)).getMessage().contains("target"),
        "the message says what is null");
    assertEquals(5, pipe.read(buffer), "nothing is lost");
    assertEquals("hello", new String(buffer.array(), 3, 5), "at the buffer's position");
  }

  /** A line, which a child may write in pieces. */
  private String line(PipeSource output) throws Exception {
    String text = Link.receive(output);
    while (!text.endsWith("\n")) {
      next();
      text += Link.receive(output);
    }
    return text.replace("\r\n", "\n");
  }

  /** All bytes up to the end, which is to come soon. */
  static String readAll(PipeSource output) throws Exception {
    StringBuilder text = new StringBuilder();
    try (Sources<String> sources = Host.open()) {
      sources.register("output", Source.of(output), Interest.READ);
      while (true) {
        assertFalse(sources.poll(SOON).isEmpty(), "rule 13, 14: more, or the end, is seen");
        String more = Link.receive(output);
        if (more == null) {
          return text.toString();
        }
        text.append(more);
      }
    }
  }
}
