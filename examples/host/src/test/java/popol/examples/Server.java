package popol.examples;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A running server of the examples, with little memory and without flags, and how to talk to it. */
abstract class Server implements AutoCloseable {

  /** The servers there are. */
  enum Kind {
    ECHO, THREADS, WORKERS, TLS, NODE, CHAT;

    /** The command that starts one. */
    List<String> command() {
      return switch (this) {
        case ECHO -> Launch.withoutExport(EchoServer.class);
        case THREADS -> Launch.withoutExport(VirtualThreads.class, "0", "60");
        case WORKERS -> Launch.withoutExport(Workers.class);
        case TLS -> Launch.withoutExport(TlsEcho.class, Tls.CERTIFICATE.toString());
        case NODE -> Launch.withoutExport("popol.examples.node.Main");
        case CHAT -> Launch.withoutExport(popol.examples.Chat.class, "me", "0");
      };
    }

    /**
     * Starts one.
     *
     * @param script a command of a shell, which has the server's as its arguments
     */
    Server start(String script) throws Exception {
      return switch (this) {
        case ECHO, THREADS -> new Echo(script, command());
        case WORKERS -> new Keys(script);
        case TLS -> new Tls(script);
        case NODE -> new Node(script);
        case CHAT -> new Chat(script);
      };
    }
  }

  /** As a shell starts it by itself. */
  static final String PLAINLY = "exec \"$@\"";

  private static final int LIMIT = 60_000; // milliseconds
  private static final int SIGTERM = 128 + 15; // the exit code of a JVM that this signal has ended

  int port;

  /** A connection on which the peer has said what it must say first. */
  abstract Socket join() throws Exception;

  /** One question and its answer. */
  abstract void exchange(Socket peer) throws Exception;

  /** Something to send again and again. */
  abstract byte[] chunk();

  abstract ProcessHandle process();

  /** Waits for a line that the server says, or shows. */
  abstract void expect(String regex) throws Exception;

  abstract void type(String line) throws Exception;

  /** Ends it as its user does. */
  void quit() throws Exception {
    type("quit");
  }

  /** A well-behaved peer. */
  RoundTrips.Exchange goodPeer() throws Exception {
    Socket peer = join();
    return () -> exchange(peer);
  }

  /** How long it rests between two exchanges. */
  Duration pace() {
    return Duration.ofMillis(5);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT);
    return socket;
  }

  /** The time of all processors that it has used. */
  double cpuSeconds() {
    return Stream.concat(Stream.of(process()), process().descendants()).map(ProcessHandle::info)
        .filter(info -> info.command().orElse("").endsWith("java"))
        .mapToLong(info -> info.totalCpuDuration().orElse(Duration.ZERO).toMillis()).sum() / 1e3;
  }

  /** The megabytes of memory that it has had at most, its code included. */
  long mostMemory() throws IOException {
    long most = 0;
    for (ProcessHandle handle : Stream.concat(Stream.of(process()), process().descendants()).toList()) {
      Path status = Path.of("/proc/" + handle.pid() + "/status");
      if (handle.info().command().orElse("").endsWith("java")) {
        most += Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).sum();
      }
    }
    return most;
  }

  /**
   * What it uses while it has nothing to do. A JVM that was busy compiles and collects for a while, so it has some
   * windows of time for it; one that spins uses as much in each.
   *
   * @return the seconds of the first window that had not more than most, or else of the last
   */
  double cpuAtRest(Duration window, double most) throws InterruptedException {
    double used = Double.MAX_VALUE;
    for (int i = 0; i < 10 && used > most; i++) {
      double before = cpuSeconds();
      Thread.sleep(window);
      used = cpuSeconds() - before;
    }
    return used;
  }

  private static List<String> shell(String script, List<String> command) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    all.addAll(command);
    return all;
  }

  /** A server that is a program with standard input. */
  private abstract static class Program extends Server {

    private final Child child;

    Program(String script, List<String> command) throws Exception {
      child = new Child(shell(script, command));
      port = Integer.parseInt(child.expect("listening on port (\\d+)").group(1));
    }

    @Override
    ProcessHandle process() {
      return child.process();
    }

    @Override
    void expect(String regex) throws Exception {
      child.expect(regex);
    }

    @Override
    void type(String line) throws Exception {
      child.type(line);
    }

    @Override
    void quit() throws Exception {
      super.quit();
      child.expectExit(0);
    }

    @Override
    Socket join() throws Exception {
      return connect();
    }

    @Override
    void exchange(Socket peer) throws Exception {
      byte[] bytes = {1, 2, 3};
      peer.getOutputStream().write(bytes);
      if (peer.getInputStream().readNBytes(bytes.length).length < bytes.length) {
        throw new IOException("the server has closed the connection");
      }
    }

    @Override
    byte[] chunk() {
      byte[] bytes = new byte[16 * 1024];
      new Random(1).nextBytes(bytes);
      return bytes;
    }

    @Override
    List<String> terminate() throws Exception {
      // Not the command that starts it: unshare(1) blocks SIGTERM while it waits for its child.
      ProcessHandle wrapper = child.process();
      wrapper.children().findFirst().orElse(wrapper).destroy();
      return child.expectExit(SIGTERM);
    }

    @Override
    public void close() {
      child.close();
    }

    @Override
    public String toString() {
      return child.toString();
    }
  }

  private static final class Echo extends Program {

    Echo(String script, List<String> command) throws Exception {
      super(script, command);
    }
  }

  /** Workers, each of whose answers takes a worker a good part of a second. */
  private static final class Keys extends Program {

    private static final int ANSWER = 65; // bytes

    Keys(String script) throws Exception {
      super(script, Kind.WORKERS.command());
    }

    @Override
    void exchange(Socket peer) throws Exception {
      peer.getOutputStream().write("key\n".getBytes());
      if (peer.getInputStream().readNBytes(ANSWER).length < ANSWER) {
        throw new IOException("the server has closed the connection");
      }
    }
  }

  private static final class Tls extends Program {

    private static final Path CERTIFICATE = temporary();

    private final SSLContext context;

    Tls(String script) throws Exception {
      super(script, Kind.TLS.command());
      context = TlsEchoIT.trust(CERTIFICATE);
    }

    private static Path temporary() {
      try {
        Path file = Files.createTempFile("certificate", ".pem");
        file.toFile().deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    Socket join() throws Exception {
      Socket socket = context.getSocketFactory().createSocket(connect(), "localhost", port, true);
      socket.getOutputStream().write(0);
      socket.getInputStream().read();
      return socket;
    }
  }

  private static final class Node extends Program {

    private static final Random IDS = new Random();

    Node(String script) throws Exception {
      super(script, Kind.NODE.command());
    }

    @Override
    Socket join() throws Exception {
      Socket socket = connect();
      socket.getOutputStream().write(ByteBuffer.allocate(18).putShort((short) 16).put((byte) 1).putInt(0x706f706c)
          .put((byte) 2).putLong(IDS.nextLong()).putShort((short) socket.getLocalPort()).array());
      return socket;
    }

    @Override
    void exchange(Socket peer) throws Exception {
      OutputStream out = peer.getOutputStream();
      out.write(new byte[] {0, 1, 3}); // a ping
      DataInputStream in = new DataInputStream(peer.getInputStream());
      for (byte type = 0; type != 4;) { // until the pong
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        type = frame[0];
        if (type == 3) {
          out.write(new byte[] {0, 1, 4});
        }
      }
    }

    /** What its budget allows for long. */
    @Override
    Duration pace() {
      return Duration.ofMillis(30);
    }

    /** Pings. */
    @Override
    byte[] chunk() {
      byte[] bytes = new byte[3 * 5000];
      for (int i = 0; i < bytes.length; i += 3) {
        bytes[i + 1] = 1;
        bytes[i + 2] = 3;
      }
      return bytes;
    }
  }

  /** The chat, whose well-behaved peer is who sits at its keyboard. */
  private static final class Chat extends Server {

    private static final String BACKSPACE = "\177";
    private static final String CTRL_D = "\004";

    private final PseudoTerminal terminal;

    Chat(String script) throws Exception {
      List<String> command = shell(script, Kind.CHAT.command());
      terminal = new PseudoTerminal(PseudoTerminal.quote(command));
      port = Integer.parseInt(terminal.expect("on port (\\d+), peers: 0").group(1));
    }

    @Override
    RoundTrips.Exchange goodPeer() {
      return () -> {
        terminal.type("x");
        terminal.expect("\n> x");
        terminal.type(BACKSPACE);
        terminal.expect("\n> (?!x)");
      };
    }

    @Override
    Socket join() throws Exception {
      return connect();
    }

    @Override
    void exchange(Socket peer) throws Exception {
      InputStream in = peer.getInputStream();
      for (int i = 0; i < 600 && in.available() == 0; i++) { // again, until the peer has been accepted
        terminal.type("x\n");
        Thread.sleep(20);
      }
      for (int read = '\n'; in.available() > 0 || read != '\n';) {
        read = in.read();
        if (read < 0) {
          throw new IOException("the chat has closed the connection");
        }
      }
    }

    @Override
    byte[] chunk() {
      return "\n".repeat(4096).getBytes();
    }

    @Override
    ProcessHandle process() {
      return terminal.process();
    }

    @Override
    void expect(String regex) throws Exception {
      terminal.expect(regex);
    }

    @Override
    void type(String line) throws Exception {
      terminal.type(line + "\n");
    }

    @Override
    void quit() throws Exception {
      terminal.type(CTRL_D);
      terminal.expectExit(0);
    }

    @Override
    List<String> terminate() {
      throw new UnsupportedOperationException("a chat is no service");
    }

    @Override
    public void close() {
      terminal.close();
    }

    @Override
    public String toString() {
      return terminal.toString();
    }
  }

  /** For the tests of what nobody reads. */
  void pause(boolean pause) {
    if (this instanceof Chat chat) {
      chat.terminal.pause(pause);
    }
  }

  /** Ends it as the system does, and gives what it has said besides. */
  abstract List<String> terminate() throws Exception;

  @Override
  public abstract void close();
}
