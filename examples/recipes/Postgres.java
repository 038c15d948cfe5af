import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Prints the notifications of a database beside what is typed: {@code ask} asks the database something, {@code quit}
 * ends. When the server goes away, it says so and connects again.
 */
public final class Postgres {

  /** Makes the driver's sockets, and remembers the last one. Over TLS the driver puts its own layer above it. */
  public static final class RememberingFactory extends SocketFactory {

    private static Socket last;

    @Override
    public Socket createSocket() {
      last = new Socket();
      return last; // which the driver connects
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  private enum Key { STDIN, DATABASE, RETRY }

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Sources<Key> sources;
  private final String url;
  private Connection connection;
  private int count; // notifications
  private boolean running = true;

  private Postgres(Sources<Key> sources, String url) {
    this.sources = sources;
    this.url = url;
  }

  public static void main(String[] args) throws Exception {
    try (Sources<Key> sources = Sources.open()) {
      new Postgres(sources, args[0]).run();
    }
  }

  private void run() throws Exception {
    FileInputStream stdin = new FileInputStream(FileDescriptor.in);
    byte[] bytes = new byte[1024];
    sources.register(Key.STDIN, Source.stdin(), Interest.READ);
    connect();
    while (running) {
      for (Event<Key> event : sources.poll()) {
        switch (event.key()) {
          case RETRY -> connect();
          case DATABASE -> take("the poll found");
          case STDIN -> {
            int read = stdin.read(bytes);
            for (String line : new String(bytes, 0, Math.max(0, read), StandardCharsets.UTF_8).lines().toList()) {
              obey(line);
            }
            running &= read >= 0;
          }
        }
      }
    }
  }

  /** Blocks for a while: a program that serves others connects, and asks, on a worker thread. */
  private void connect() {
    Properties properties = new Properties();
    properties.setProperty("socketFactory", RememberingFactory.class.getName());
    properties.setProperty("connectTimeout", "5"); // seconds
    try {
      connection = DriverManager.getConnection(url, properties);
      try (Statement statement = connection.createStatement()) {
        statement.execute("LISTEN news");
      }
      sources.register(Key.DATABASE, Source.of(RememberingFactory.last), Interest.READ);
      System.out.println("connected");
      take("connecting brought");
    } catch (SQLException e) {
      sources.timer(Key.RETRY, PAUSE);
    }
  }

  private void obey(String line) {
    switch (line) {
      case "quit" -> running = false;
      case "ask" -> {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SELECT pg_sleep(1)");
          take("the answer brought"); // what came with it is in the driver: no poll finds it
        } catch (SQLException e) {
          lose(e);
        }
      }
      default -> System.out.println("notifications: " + count);
    }
  }

  private void take(String who) {
    try {
      PGNotification[] found = connection.unwrap(PGConnection.class).getNotifications(); // does not block
      if (found.length > 0) {
        count += found.length;
        System.out.println(who + " " + found.length + ", the last one " + found[found.length - 1].getParameter());
      }
    } catch (SQLException e) {
      lose(e);
    }
  }

  private void lose(SQLException e) {
    System.out.println("lost: " + e.getMessage());
    sources.unregister(Key.DATABASE);
    try {
      connection.close();
    } catch (SQLException ignored) {
      // it is lost already
    }
    sources.timer(Key.RETRY, PAUSE);
  }
}
