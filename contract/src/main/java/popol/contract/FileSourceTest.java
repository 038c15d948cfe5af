package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import popol.Interest;
import popol.Source;

/** Rules 13 and 14 for the file descriptors of streams and files of {@code java.io}. */
@PosixOnly
class FileSourceTest extends ContractTest {

  @Test
  @DisplayName("rule 13: a FIFO opened by RandomAccessFile for both: one writer after the other, and never an end")
  void fifoOfRandomAccessFile(@TempDir Path directory) throws Exception {
    String path = make(directory);
    RandomAccessFile fifo = keep(new RandomAccessFile(path, "rw")); // the system blocks an open without the other side
    sources.register("fifo", Source.of(fifo.getFD()), Interest.READ);
    for (String text : new String[] {"one", "two"}) {
      assertNow(NOTHING, "rule 13: nothing was written");
      try (FileOutputStream writer = new FileOutputStream(path)) {
        writer.write(text.getBytes());
      }
      assertNow(Map.of("fifo", "readable"), "rule 13: a writer came and left, which is no hang-up here");
      byte[] buffer = new byte[10];
      assertEquals(3, fifo.read(buffer), "rule 13: what was written");
      assertEquals(text, new String(buffer, 0, 3), "rule 13: what was written");
    }
    fifo.close();
    assertNow(Map.of("fifo", "invalid"), "rule 16: a closed file");
  }

  @Test
  @DisplayName("rule 13, 14: a FIFO opened by FileInputStream: the data, then the end when its writer leaves")
  void fifoOfFileInputStream(@TempDir Path directory) throws Exception {
    String path = make(directory);
    RandomAccessFile both = keep(new RandomAccessFile(path, "rw"));
    FileInputStream input = keep(new FileInputStream(path));
    sources.register("fifo", Source.of(input.getFD()), Interest.READ);
    assertNow(NOTHING, "rule 13: nothing was written");
    both.write('x');
    both.close();
    String found = now().get("fifo");
    assertTrue(found.startsWith("readable"), "rule 14: the byte comes before the end: " + found);
    assertEquals('x', input.read(), "rule 14: the byte comes before the end");
    found = now().get("fifo");
    assertTrue(found.startsWith("readable"), "rule 14: the end is readable: " + found);
    assertEquals(-1, input.read(), "rule 14: the end");
  }

  @Test
  @DisplayName("rule 13: a raw descriptor of a FIFO: readable, and writable while there is room")
  void fifo(@TempDir Path directory) throws Exception {
    String path = make(directory);
    int reader = Posix.open(path, Posix.O_NONBLOCK);
    keep(() -> Posix.close(reader));
    int writer = Posix.open(path, Posix.O_RDWR);
    keep(() -> Posix.close(writer));
    sources.register("reader", Source.of(reader), Interest.READ);
    sources.register("writer", Source.of(writer), Interest.WRITE);
    assertNow(Map.of("writer", "writable"), "rule 13: there is room, and no data");
    Posix.write(writer, "x");
    assertNow(Map.of("writer", "writable", "reader", "readable"), "rule 13: there is room and data");
    assertEquals("x", Posix.read(reader, 10), "rule 13: what was written");
  }

  @Test
  @DisplayName("rule 13: a FileOutputStream is writable while there is room in the pipe behind it")
  void output() throws Exception {
    Posix.Pair pipe = keep(Posix.pipe());
    FileOutputStream output = keep(new FileOutputStream("/dev/fd/" + pipe.second()));
    sources.register("output", Source.of(output.getFD()), Interest.WRITE);
    byte[] page = new byte[4096];
    int pages = 0;
    while (now().containsKey("output")) { // a write of a page does not block where there is room for one
      output.write(page);
      pages++;
    }
    assertTrue(pages > 0, "rule 13: there was room at first");
    Posix.read(pipe.first(), page.length);
    assertNow(Map.of("output", "writable"), "rule 13: there is room again");
  }

  private static String make(Path directory) throws Exception {
    String path = directory.resolve("fifo").toString();
    Posix.mkfifo(path);
    return path;
  }
}
