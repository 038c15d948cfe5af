package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A node as a plugin of Felix, in a JVM of its own; a test can do to its bundle what an administrator does. */
final class FelixProgram extends Program {

  private static final int LIMIT = 60_000; // milliseconds

  private final Socket host;
  private final BufferedReader answers;

  private FelixProgram(ServerSocket listener, List<String> arguments) throws IOException {
    super(arguments);
    try {
      listener.setSoTimeout(LIMIT);
      host = listener.accept();
      host.setSoTimeout(LIMIT);
      answers = new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts Felix.
   *
   * @param storage an empty directory
   * @param flags of the JVM: with or without an export, and the node's properties
   */
  static FelixProgram start(Path storage, String... flags) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> arguments = new ArrayList<>(
          List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
      arguments.addAll(List.of(flags));
      Stream<Path> bundles = Stream.of(Jars.SERVICES, Jars.POPOL, List.of(Jars.NODE)).flatMap(List::stream);
      // Not popol: what the framework's own loader can see, it takes for another popol than the bundles'.
      Stream<Path> classPath = Stream.concat(Jars.FELIX.stream(), Stream.of(Jars.tests()));
      arguments.addAll(List.of("-cp", Jars.path(classPath.toList()), FelixHost.class.getName(),
          Integer.toString(listener.getLocalPort()), storage.toString(), Jars.path(bundles.toList())));
      return new FelixProgram(listener, arguments);
    }
  }

  private String ask(String command) throws IOException {
    host.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    return answers.readLine();
  }

  private void tell(String command) throws IOException {
    assertEquals("done", ask(command), () -> command + ": " + this);
  }

  void startBundle() throws IOException {
    tell("start");
  }

  void stopBundle() throws IOException {
    tell("stop");
  }

  void updateBundle() throws IOException {
    tell("update");
  }

  /** The descriptors and threads that there are in Felix. */
  String leftovers() throws IOException {
    return ask("leftovers");
  }

  @Override
  public void close() throws IOException {
    super.close();
    if (host != null) {
      host.close();
    }
  }
}
