package popol.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Source;
import popol.Sources;
import popol.Waker;
import popol.examples.parts.Lines;

/**
 * Runs several shell commands at once, prints their lines as they come, each with the number of its command, and says
 * how each ended. {@code kill 2} on standard input ends the second one. One thread waits for the outputs, for the ends
 * and for what is typed.
 */
public final class Commands {

  /** What the program waits for. */
  private sealed interface Key permits Output, End, Typed {}

  private record Output(Command command) implements Key {}

  private record End(Command command) implements Key {}

  private record Typed() implements Key {}

  private static final int PIPE = 64 * 1024; // bytes that a pipe holds at most
  private static final int SIGNALLED = 128; // the JDK adds the number of the signal that ended a process to this

  private final Sources<Key> sources;
  private final FileInputStream stdin = new FileInputStream(FileDescriptor.in);
  private final Lines typed = new Lines();
  private final byte[] buffer = new byte[8192];
  private final List<Command> commands = new ArrayList<>();
  private int running; // commands that have an output or an end to come
  private boolean failed;

  private Commands(Sources<Key> sources) {
    this.sources = sources;
  }

  /**
   * Runs commands, and exits with status 1 if one of them did not exit with 0.
   *
   * @param args the commands, each of them one argument, for {@code sh -c}
   * @throws IOException if a command cannot be started
   * @throws InterruptedException never, since nobody interrupts
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean failed;
    try (Sources<Key> sources = Sources.open()) {
      failed = new Commands(sources).run(args);
    }
    System.exit(failed ? 1 : 0);
  }

  private boolean run(String[] lines) throws IOException, InterruptedException {
    sources.register(new Typed(), Source.stdin(), Interest.READ);
    for (String line : lines) {
      start(line);
    }
    while (running > 0) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case Output(Command command) -> read(command);
          case End(Command command) -> end(command);
          case Typed() -> readTyped();
        }
      }
    }
    return failed;
  }

  private void start(String line) throws IOException {
    PipeSource output = PipeSource.open();
    Process process = output.start(new ProcessBuilder("sh", "-c", line).redirectErrorStream(true));
    process.getOutputStream().close(); // an empty standard input
    Command command = new Command(commands.size() + 1, process, output, new Lines());
    commands.add(command);
    command.print("started: " + line);

    sources.register(new Output(command), Source.of(output), Interest.READ);
    Waker waker = sources.waker(new End(command));
    process.onExit().thenRun(waker::wake); // in another thread
    running += 2;
  }

  /** What there is of an output; gives its size, 0 if nothing is there now, less at its end. */
  private int read(Command command) throws IOException {
    int count = command.output().read(ByteBuffer.wrap(buffer));
    if (count < 0) {
      command.lines().end(command::print);
      sources.unregister(new Output(command));
      command.output().close();
      running--;
    } else {
      command.lines().add(buffer, count, command::print);
    }
    return count;
  }

  /**
   * Says how a command ended, after all that it has written, which is in the pipe by now. The pipe stays open as long
   * as a process writes to it that the command has left behind; such a process may fill it as fast as it is read, so no
   * more is read here than a pipe holds.
   */
  private void end(Command command) throws IOException {
    int count = 1;
    for (int left = PIPE; left > 0 && count > 0 && command.output().isOpen(); left -= count) {
      count = read(command);
    }
    int status = command.process().exitValue();
    command.print(status > SIGNALLED ? "killed by signal " + (status - SIGNALLED) : "exit " + status);
    failed |= status != 0;
    sources.unregister(new End(command));
    running--;
  }

  private void readTyped() throws IOException {
    int count = stdin.read(buffer);
    if (count < 0) {
      sources.unregister(new Typed());
    } else {
      typed.add(buffer, count, this::obey);
    }
  }

  private void obey(String line) {
    String[] words = line.strip().split("\\s+");
    if (words.length == 2 && words[0].equals("kill") && words[1].matches("\\d{1,9}")) {
      int number = Integer.parseInt(words[1]);
      if (number > 0 && number <= commands.size()) {
        commands.get(number - 1).kill();
        return;
      }
    }
    System.out.println("there is: kill N, with N from 1 to " + commands.size());
  }

  /** A command that was started. */
  private record Command(int number, Process process, PipeSource output, Lines lines) {

    void print(String line) {
      System.out.println(number + " | " + line);
    }

    /** Ends what the shell has started too, which would else go on and keep the output open. */
    void kill() {
      List<ProcessHandle> left = process.descendants().toList();
      process.destroy();
      left.forEach(ProcessHandle::destroy);
    }
  }
}
