package popol.bench.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** A virtual thread for each connection, which blocks. */
final class BlockingServer implements Server {

  private static final int ROOM = 4 * 1024; // bytes of each connection's buffer

  private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
  private final int fanout;
  private volatile Connection[] connections = {}; // replaced under the lock of this

  BlockingServer(int fanout) throws IOException {
    this.fanout = fanout;
    Thread.ofVirtual().start(this::accept);
  }

  @Override
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public int connections() {
    return connections.length;
  }

  private void accept() {
    try {
      while (true) {
        Connection connection = new Connection(listener.accept());
        add(connection);
        Thread.ofVirtual().start(connection::run);
      }
    } catch (IOException closed) {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private synchronized void add(Connection connection) {
    Connection[] all = Arrays.copyOf(connections, connections.length + 1);
    connection.place = connections.length;
    all[connection.place] = connection;
    connections = all;
  }

  private synchronized void remove(Connection connection) {
    Connection[] all = new Connection[connections.length - 1];
    System.arraycopy(connections, 0, all, 0, connection.place);
    System.arraycopy(connections, connection.place + 1, all, connection.place, all.length - connection.place);
    for (int i = connection.place; i < all.length; i++) {
      all[i].place = i;
    }
    connections = all;
  }

  private final class Connection {

    private final Socket socket;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock(); // one message after the other, whoever sends
    private volatile int place;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.out = socket.getOutputStream();
      socket.setTcpNoDelay(true);
    }

    void run() {
      try {
        InputStream in = socket.getInputStream();
        if (fanout == 0) {
          echo(in);
        } else {
          relay(in);
        }
      } catch (IOException reset) {
        // as good as the end
      } finally {
        remove(this);
        close();
      }
    }

    private void echo(InputStream in) throws IOException {
      byte[] bytes = new byte[ROOM];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        out.write(bytes, 0, count);
      }
    }

    private void relay(InputStream in) throws IOException {
      byte[] message = new byte[MESSAGE];
      while (in.readNBytes(message, 0, MESSAGE) == MESSAGE) {
        Connection[] all = connections;
        for (int i = 1; i <= Math.min(fanout, all.length); i++) {
          all[(place + i) % all.length].send(message);
        }
      }
    }

    private void send(byte[] message) throws IOException {
      writing.lock();
      try {
        out.write(message);
      } finally {
        writing.unlock();
      }
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
