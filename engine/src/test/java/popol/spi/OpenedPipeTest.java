package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pipes of both directions do with a system's pipe. */
class OpenedPipeTest {

  private static final int CHUNK = 4;

  private final FakePipe system = new FakePipe();
  private final List<AutoCloseable> closed = new ArrayList<>();

  /** Notes what it is told, and answers as it is told before. */
  private static final class FakePipe implements SystemPipe {

    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    private final List<String> calls = new ArrayList<>();
    private final Deque<Integer> results = new ArrayDeque<>(); // below -1 for an exception

    private int call(String name) throws IOException {
      calls.add(name);
      int result = results.remove();
      if (result < -1) {
        throw new IOException(name);
      }
      return result;
    }

    @Override
    public long descriptor() {
      return 7;
    }

    @Override
    public File childEnd() {
      return new File("/popol/has/no/such/file");
    }

    @Override
    public ByteBuffer buffer() {
      return buffer;
    }

    @Override
    public int read(int most) throws IOException {
      buffer.put(0, "abcd".getBytes());
      return call("read " + most);
    }

    @Override
    public int write(int count) throws IOException {
      return call("write " + new String(buffer.array(), 0, count));
    }

    @Override
    public void closeChildEnd() {
      calls.add("closeChildEnd");
    }

    @Override
    public void restoreChildEnd() {
      calls.add("restoreChildEnd");
    }

    @Override
    public void close() {
      calls.add("close");
    }

    @Override
    public String toString() {
      return "fake";
    }
  }

  private void onClose(AutoCloseable pipe) {
    assertFalse(Thread.holdsLock(system), "who is told may have a lock of its own");
    closed.add(pipe);
  }

  private OpenedPipeSource source() {
    return new OpenedPipeSource(system, this::onClose) {};
  }

  private OpenedPipeSink sink() {
    return new OpenedPipeSink(system, this::onClose) {};
  }

  @Test
  void readsAsMuchAsTheBuffersHold() throws IOException {
    OpenedPipeSource pipe = source();
    system.results.addAll(List.of(2, 4, 0, -1));
    ByteBuffer target = ByteBuffer.allocate(20).position(1).limit(3);
    assertEquals(2, pipe.read(target));
    assertEquals(0, pipe.read(target), "no room");
    target.limit(20);
    assertEquals(4, pipe.read(target));
    assertEquals(0, pipe.read(target), "nothing there");
    assertEquals(-1, pipe.read(target), "the end");
    assertEquals(List.of("read 2", "read 4", "read 4", "read 4"), system.calls);
    assertEquals("ababcd", new String(target.array(), 1, target.position() - 1));
  }

  @Test
  void aReadThatFailsLeavesTheBufferAsItIs() {
    system.results.add(-2);
    ByteBuffer target = ByteBuffer.allocate(3);
    assertThrows(IOException.class, () -> source().read(target));
    assertEquals(0, target.position());
  }

  @Test
  void writesInPartsUntilThePipeIsFull() throws IOException {
    OpenedPipeSink pipe = sink();
    system.results.addAll(List.of(4, 1, 0));
    ByteBuffer source = ByteBuffer.wrap("abcdefghij".getBytes());
    assertEquals(5, pipe.write(source));
    assertEquals(5, source.position());
    assertEquals(0, pipe.write(source), "full");
    assertEquals(5, source.position());
    assertEquals(List.of("write abcd", "write efgh", "write fghi"), system.calls);
  }

  @Test
  void whatWasWrittenBeforeAnErrorIsCountedAndTheErrorComesNext() throws IOException {
    OpenedPipeSink pipe = sink();
    system.results.addAll(List.of(4, -2, -2));
    ByteBuffer source = ByteBuffer.wrap("abcdefghij".getBytes());
    assertEquals(4, pipe.write(source));
    assertThrows(IOException.class, () -> pipe.write(source));
    assertEquals(4, source.position());
  }

  @Test
  void aStartThatFailsLetsTheSystemRestoreTheChildsEnd() {
    OpenedPipeSource pipe = source();
    ProcessBuilder builder = new ProcessBuilder("popol-has-no-such-program");
    assertThrows(IOException.class, () -> pipe.start(builder));
    assertEquals(List.of("restoreChildEnd"), system.calls);
    assertEquals(ProcessBuilder.Redirect.PIPE, builder.redirectOutput());
  }

  @Test
  void eachEndIsClosedOnceAndTheOwnerToldOnce() {
    OpenedPipeSink pipe = sink();
    pipe.closeReadEnd();
    pipe.closeReadEnd();
    pipe.close();
    pipe.close();
    assertEquals(List.of("closeChildEnd", "close"), system.calls);
    assertEquals(List.of(pipe), closed);
  }

  @Test
  void closingAllNeedsNotCloseTheChildsEndBefore() {
    OpenedPipeSource pipe = source();
    assertEquals("PipeSource[fake]", pipe.toString());
    pipe.close();
    pipe.closeWriteEnd();
    assertEquals(List.of("close"), system.calls);
    assertEquals("PipeSource[fake, closed]", pipe.toString());
  }
}
