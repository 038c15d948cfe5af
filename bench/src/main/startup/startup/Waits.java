package startup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;

/** A byte is written to one of ten pipes, waited for and read, again and again. */
abstract class Waits {

  private static final int PIPES = 10;

  private final Pipe[] pipes = new Pipe[PIPES];
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);

  /** Has this pipe waited for by this number. */
  abstract void register(int number, Pipe.SourceChannel source) throws Throwable;

  /** Waits, and calls {@link #read} for each pipe that is readable. */
  abstract void await() throws Throwable;

  final void read(int number) throws IOException {
    buffer.clear();
    pipes[number].source().read(buffer);
  }

  /**
   * Waits so many times in all; prints at each number the time and the processor time of the process.
   *
   * @param numbers growing; if there are none, one wait is made and nothing is printed
   */
  final void run(String[] numbers) throws Throwable {
    for (int i = 0; i < PIPES; i++) {
      pipes[i] = Pipe.open();
      pipes[i].source().configureBlocking(false);
      register(i, pipes[i].source());
    }
    if (numbers.length == 0) {
      writeAndAwait(0);
    }
    int done = 0;
    for (String number : numbers) {
      for (int waits = Integer.parseInt(number); done < waits; done++) {
        writeAndAwait(done % PIPES);
      }
      // Of CLOCK_MONOTONIC, which the program that started this one reads too.
      System.out.println(number + " " + System.nanoTime() + " " + ticks());
    }
    System.exit(0);
  }

  private void writeAndAwait(int number) throws Throwable {
    buffer.clear();
    pipes[number].sink().write(buffer);
    await();
  }

  /** {@return the processor time of all threads, in 100ths of a second; see proc_pid_stat(5)} */
  private static long ticks() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // from the third one on
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
