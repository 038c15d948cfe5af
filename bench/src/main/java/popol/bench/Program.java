package popol.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that answers each line with a line. */
final class Program implements AutoCloseable {

  private final String name;
  private final Process process;
  private final PrintStream commands;
  private final BufferedReader answers;

  /** Starts it; what it writes to standard error is shown. */
  Program(String name, List<String> command) throws IOException {
    this.name = name;
    this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.commands = new PrintStream(process.getOutputStream(), true);
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream()));
  }

  long pid() {
    return process.pid();
  }

  void send(String command) {
    commands.println(command);
  }

  /** {@return the next line} */
  String answer() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException(name + " has ended");
    }
    if (answer.startsWith("error")) {
      throw new IOException(name + ": " + answer);
    }
    return answer;
  }

  String ask(String command) throws IOException {
    send(command);
    return answer();
  }

  /** Ends it by the end of its input. */
  @Override
  public void close() {
    commands.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
