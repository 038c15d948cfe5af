package popol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Threads that open and close a file all the time, each time with the lowest number that is free. They read it alone,
 * so it changes only if somebody opens it by a number that was another file's.
 */
final class Openers implements AutoCloseable {

  private static final String TEXT = "precious";
  private static final int THREADS = 2;
  private static final int OPEN = 4; // at a time, in each thread

  private final Path file;
  private final List<CompletableFuture<?>> threads = new ArrayList<>();
  private volatile boolean stopped;

  Openers() throws IOException {
    file = Files.createTempFile("popol", ".txt");
    Files.writeString(file, TEXT);
    for (int i = 0; i < THREADS; i++) {
      threads.add(CompletableFuture.runAsync(this::openAndClose, Thread.ofPlatform()::start));
    }
  }

  private void openAndClose() {
    Deque<RandomAccessFile> open = new ArrayDeque<>();
    try {
      while (!stopped) {
        open.add(new RandomAccessFile(file.toFile(), "r"));
        if (open.size() == OPEN) {
          open.remove().close();
        }
      }
      while (!open.isEmpty()) {
        open.remove().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void assertUnchanged(String rule) throws IOException {
    assertEquals(TEXT, Files.readString(file), rule);
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    threads.forEach(CompletableFuture::join);
    Files.delete(file);
  }
}
