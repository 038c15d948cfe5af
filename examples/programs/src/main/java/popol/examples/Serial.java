package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Talks to a serial line: sends what is typed and prints what comes. When the device is unplugged, it says so, and
 * tries each second whether it is there again.
 *
 * <p>It needs the flag {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}, for the descriptor of a stream.
 */
public final class Serial {

  /** What the program waits for. */
  private enum Key { STDIN, LINE, RETRY }

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int PIECE = 64; // bytes; a device that says it has room takes so many without blocking

  private final Sources<Key> sources;
  private final Path device;
  private final FileInputStream stdin = new FileInputStream(FileDescriptor.in);
  private final ByteBuffer typed = ByteBuffer.allocate(1024).limit(0); // read, and not yet sent
  private final byte[] received = new byte[1024];
  private FileInputStream input; // of the device; null while that is not there
  private FileChannel output; // likewise
  private boolean missing; // and has been said to be

  private Serial(Sources<Key> sources, Path device) {
    this.sources = sources;
    this.device = device;
  }

  /**
   * Talks until the end of standard input.
   *
   * @param args the device, such as {@code /dev/ttyUSB0}
   * @throws IOException if standard input cannot be read
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Sources<Key> sources = Sources.open()) {
      new Serial(sources, Path.of(args[0])).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    sources.register(Key.STDIN, Source.stdin(), Interest.READ);
    plug();
    while (sources.contains(Key.STDIN) || typed.hasRemaining()) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case STDIN -> readTyped(event);
          case LINE -> talk(event);
          case RETRY -> plug();
        }
      }
    }
    unplug();
  }

  /** Takes the device as a device: opened by a {@code RandomAccessFile}, one that is missing would be made, a file. */
  private void plug() throws IOException, InterruptedException {
    try {
      stty("raw", "-echo", "clocal", "115200"); // clocal: opening does not wait for a modem
      input = new FileInputStream(device.toFile());
      output = FileChannel.open(device, StandardOpenOption.WRITE);
      sources.register(Key.LINE, Source.of(input.getFD()),
          typed.hasRemaining() ? Interest.READ_WRITE : Interest.READ);
      System.out.println("connected to " + device);
      missing = false;
    } catch (IOException e) {
      unplug();
      if (!missing) {
        System.out.println("waiting for " + device + ": " + e.getMessage());
        missing = true;
      }
      sources.timer(Key.RETRY, PAUSE);
    }
  }

  /** Unregisters before it closes: the number of the descriptor is given to the next file at once. */
  private void unplug() throws IOException {
    sources.unregister(Key.LINE);
    if (input != null) {
      input.close();
      input = null;
    }
    if (output != null) {
      output.close();
      output = null;
    }
  }

  private void talk(Event<Key> event) throws IOException, InterruptedException {
    try {
      if (event.isReadable()) {
        int count = input.read(received);
        if (count < 0) {
          throw new IOException("hung up");
        }
        System.out.write(received, 0, count);
        System.out.flush();
      } else if (event.isWritable()) {
        send();
      } else {
        throw new IOException("gone");
      }
    } catch (IOException e) {
      System.out.println("lost " + device + ": " + e.getMessage());
      unplug();
      plug();
    }
  }

  private void send() throws IOException {
    int rest = typed.limit();
    typed.limit(Math.min(rest, typed.position() + PIECE));
    output.write(typed);
    typed.limit(rest);
    if (!typed.hasRemaining()) {
      sources.disable(Key.LINE, Interest.WRITE);
      sources.enable(Key.STDIN, Interest.READ);
    }
  }

  private void readTyped(Event<Key> event) throws IOException {
    if (typed.hasRemaining()) { // a hang-up, which is told without being asked for; its turn comes later
      return;
    }
    int count = event.isInvalid() ? -1 : stdin.read(typed.array());
    if (count < 0) {
      sources.unregister(Key.STDIN);
    } else {
      typed.position(0).limit(count);
      sources.disable(Key.STDIN, Interest.READ);
      sources.enable(Key.LINE, Interest.WRITE);
    }
  }

  private void stty(String... settings) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("stty", "-F", device.toString());
    builder.command().addAll(List.of(settings));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }
}
