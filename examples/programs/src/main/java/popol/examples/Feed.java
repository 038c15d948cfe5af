package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import popol.Event;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;
import popol.Sources;

/**
 * Copies standard input to a command, and prints what the command writes, in one loop. Standard input is read when the
 * command has taken all that was read before, so a slow command holds the input up, and nothing piles up here.
 *
 * <p>With streams that block this takes two threads: a command that writes before it has read all fills its output,
 * while the program is still writing and reads none of it.
 */
public final class Feed {

  /** What the program waits for. */
  private enum Key {
    /** Standard input has something. */
    STDIN,
    /** The command takes more. */
    INPUT,
    /** The command has written something, or ended. */
    OUTPUT
  }

  private final Sources<Key> sources;
  private final PipeSink input;
  private final PipeSource output;
  private final FileInputStream stdin = new FileInputStream(FileDescriptor.in); // reads no more than it is asked for
  private final FileOutputStream stdout = new FileOutputStream(FileDescriptor.out);
  private final ByteBuffer bytes = ByteBuffer.allocate(8192).limit(0); // read, and not yet taken by the command
  private final ByteBuffer written = ByteBuffer.allocate(8192);

  private Feed(Sources<Key> sources, PipeSink input, PipeSource output) {
    this.sources = sources;
    this.input = input;
    this.output = output;
  }

  /**
   * Runs a command, and exits with its status.
   *
   * @param command the command and its arguments
   * @throws IOException if the command cannot be started
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] command) throws IOException, InterruptedException {
    int status;
    try (Sources<Key> sources = Sources.open();
        PipeSink input = PipeSink.open();
        PipeSource output = PipeSource.open()) {
      status = new Feed(sources, input, output).run(new ProcessBuilder(command).redirectErrorStream(true));
    }
    System.exit(status);
  }

  private int run(ProcessBuilder command) throws IOException, InterruptedException {
    Process child = input.start(command.redirectOutput(output.writeEnd()));
    output.closeWriteEnd(); // so that the end of the output is seen when the command ends

    sources.register(Key.STDIN, Source.stdin(), Interest.READ);
    sources.register(Key.INPUT, Source.of(input), Interest.NONE); // there is nothing to write yet
    sources.register(Key.OUTPUT, Source.of(output), Interest.READ);
    while (sources.contains(Key.OUTPUT)) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case STDIN -> read(event);
          case INPUT -> write(event);
          case OUTPUT -> print();
        }
      }
    }
    return child.waitFor();
  }

  private void read(Event<Key> event) throws IOException {
    if (bytes.hasRemaining()) { // a hang-up, which is told without being asked for; its turn comes when there is room
      return;
    }
    int count = event.isInvalid() ? -1 : stdin.read(bytes.array()); // it is invalid where the program was given none
    if (count < 0) {
      endInput();
    } else {
      bytes.position(0).limit(count);
      sources.interest(Key.STDIN, Interest.NONE);
      sources.interest(Key.INPUT, Interest.WRITE);
    }
  }

  private void write(Event<Key> event) throws IOException {
    if (event.isError() || event.isHangup()) { // the command reads no more, which is no mistake
      endInput();
      return;
    }
    input.write(bytes); // as much as there is room for
    if (!bytes.hasRemaining()) {
      sources.interest(Key.INPUT, Interest.NONE);
      sources.interest(Key.STDIN, Interest.READ);
    }
  }

  private void endInput() {
    sources.unregister(Key.STDIN);
    sources.unregister(Key.INPUT);
    input.close();
  }

  private void print() throws IOException {
    int count = output.read(written.clear());
    if (count < 0) {
      sources.unregister(Key.OUTPUT);
    } else {
      stdout.write(written.array(), 0, count);
    }
  }
}
