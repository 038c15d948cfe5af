package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FileOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Source;

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
  }

  @Test
  @PosixOnly
  @DisplayName("PipeSource: opening and closing 2,000 leaves no descriptor behind")
  void noDescriptorLeft() throws Exception {
    int before = Leftovers.openDescriptors().size();
    for (int i = 0; i < Emulation.times(2_000); i++) {
      Host.openPipe().close();
    }
    assertEquals(before, Leftovers.openDescriptors().size(), "rule 10: close leaves no descriptor behind");
  }

  @Test
  @DisplayName("rule 13, 14: a child's output and its end are seen in the wait")
  void child() throws Exception {
    PipeSource output = keep(Host.openPipe());
    sources.register("child", Source.of(output), Interest.READ);
    assertNow(NOTHING, "rule 13: there is no child yet");
    Process child = start(output, "echo one; read line; echo $line", "echo one& set /p line=& call echo %line%");
    assertNext(Map.of("child", "readable"), "rule 13: the child has written");
    assertEquals("one\n", receive(output), "the child's first line");
    assertSilent("rule 13: the child waits for input");
    child.outputWriter().append("two\n").close();
    Map<String, String> more = next(); // the child may have ended already
    assertTrue(more.get("child").startsWith("readable"), "rule 13: the child has written again: " + more);
    assertEquals("two\n", receive(output), "the child's second line");
    Map<String, String> end = next();
    assertTrue(end.get("child").startsWith("readable"), "rule 14: the child's end is readable: " + end);
    assertNull(Link.receive(output), "rule 14: read gives the end");
    assertEquals(0, child.waitFor(), "the child ended well");
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
      children.put(key, start(output,
          "i=0; while [ $i -lt 2000 ]; do echo " + key + "$i; i=$((i+1)); done",
          "for /l %i in (0,1,1999) do @echo " + key + "%i"));
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
      assertEquals(0, children.get(key).waitFor(), "the child ended well");
    }
  }

  private static String receive(PipeSource output) throws Exception {
    return Link.receive(output).replace("\r\n", "\n");
  }

  /** A shell whose output goes to the pipe, which then has no other writer. */
  private static Process start(PipeSource output, String script, String windowsScript) throws Exception {
    List<String> shell = File.separatorChar == '/' ? List.of("sh", "-c", script) : List.of("cmd", "/c", windowsScript);
    Process child = new ProcessBuilder(shell).redirectErrorStream(true).redirectOutput(output.writeEnd()).start();
    output.closeWriteEnd();
    return child;
  }
}
