package popol.contract;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/** Sockets of users' classes that hand their calls to another one, as pools and layers make them. */
final class WrapperSockets {

  private WrapperSockets() {}

  /** Hands over as much as popol asks. */
  static final class Client extends Socket {

    private final Socket to;

    Client(Socket to) {
      this.to = to;
    }

    @Override
    public boolean isBound() {
      return to.isBound();
    }

    @Override
    public boolean isConnected() {
      return to.isConnected();
    }

    @Override
    public boolean isClosed() {
      return to.isClosed();
    }
  }

  /** Also gives away the channel of the other one. */
  static final class OfChannel extends Socket {

    private final SocketChannel to;

    OfChannel(SocketChannel to) {
      this.to = to;
    }

    @Override
    public SocketChannel getChannel() {
      return to;
    }
  }

  /** Only says that it is bound. */
  static final class Server extends ServerSocket {

    Server() throws IOException {}

    @Override
    public boolean isBound() {
      return true;
    }
  }

  /** Hands its port over. */
  static final class Datagrams extends DatagramSocket {

    private final DatagramSocket to;

    Datagrams(DatagramSocket to) throws SocketException {
      super((InetSocketAddress) null);
      this.to = to;
    }

    @Override
    public boolean isBound() {
      return to == null || to.isBound(); // null while it is constructed
    }

    @Override
    public int getLocalPort() {
      return to == null ? 0 : to.getLocalPort();
    }
  }

  /** Has a connection of its own, and accepts sockets of its class. */
  static final class Accepting extends ServerSocket {

    /** A socket of a user's class. */
    static final class Accepted extends Socket {}

    Accepting(InetSocketAddress address) throws IOException {
      super(address.getPort(), 5, address.getAddress());
    }

    @Override
    public Socket accept() throws IOException {
      Socket socket = new Accepted();
      implAccept(socket);
      return socket;
    }
  }
}
